import pytest

from mulin.base.models import DatedSetting, Operation
from mulin.base.operations import digest_of, forget_before, run_once
from mulin.base.tests.conftest import NOON
from mulin.kernel.errors import Conflict, InvalidInput

pytestmark = pytest.mark.django_db


def once(action, key="k1", actor="user:1", request="same"):
    return run_once(key=key, actor_key=actor, request_digest=request, now=NOON, action=action)


def counting():
    calls = []
    return calls, lambda: calls.append(1) or {"number": len(calls)}


def test_the_same_operation_happens_once_and_answers_the_same():
    calls, action = counting()
    assert once(action) == once(action) == {"number": 1}
    assert len(calls) == 1


def test_without_a_key_it_happens_each_time():
    calls, action = counting()
    once(action, key=None)
    once(action, key=None)
    assert len(calls) == 2


@pytest.mark.parametrize("other", [{"request": "other"}, {"actor": "user:2"}])
def test_a_key_for_something_else_is_refused(other):
    calls, action = counting()
    once(action)
    with pytest.raises(Conflict, match="已经用于另一件事"):
        once(action, **other)
    assert len(calls) == 1


def test_what_failed_can_be_sent_again_under_its_key():
    def fails():
        DatedSetting.objects.create(key="x", value=1, valid_from=NOON.date(), source="测试")
        raise InvalidInput(zh="不行", en="no")

    with pytest.raises(InvalidInput):
        once(fails)
    assert not DatedSetting.objects.exists()
    assert once(lambda: {"ok": True}) == {"ok": True}


def test_a_key_that_no_client_of_ours_makes_is_refused():
    with pytest.raises(InvalidInput):
        once(dict, key="k" * 65)
    with pytest.raises(InvalidInput):
        once(dict, key="键")


def test_old_keys_are_forgotten():
    once(dict)
    assert forget_before(NOON) == 0
    assert forget_before(NOON.replace(year=2027)) == 1
    assert not Operation.objects.exists()


def test_a_digest_tells_order_and_content_apart():
    assert digest_of("a", {"x": 1, "y": 2}) == digest_of("a", {"y": 2, "x": 1})
    assert digest_of("a", "b") != digest_of("b", "a") != digest_of("ab")
