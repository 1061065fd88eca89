"""What a resident says by telephone or face to face is recorded as theirs, and as written down by somebody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mulin.base.models import OutboxMessage
from mulin.identity.middleware import Access
from mulin.kernel.errors import InvalidInput, WrongState
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Status, Step, Way
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Access, "clock", world.clock)


def handled_by(world: World, name: str, **changes: Any) -> ServiceRequest:
    """A request that a member of staff took and says is done."""
    request, actor = world.raise_request(**changes), world.actor(name)
    services.request_dispatch_to_staff(
        request=request, user=world.users[name], actor=world.actor("worker"), now=world.now
    )
    if name != "worker":
        services.request_take(request=request, actor=actor, now=world.now)
    return services.request_handle(
        request=request, actor=actor, now=world.now, outcome=Outcome.DONE, note="换了灯泡"
    )


def record(world: World, request: ServiceRequest, name: str = "worker", **changes: Any) -> ServiceRequest:
    given: dict[str, Any] = {"way": Way.TELEPHONE, "is_solved": True} | changes
    return services.answer_record(request=request, actor=world.actor(name), now=world.now, **given)


def press(client: Client, request: ServiceRequest, code: str, **fields: str) -> Any:
    given = {"version": str(request.version), "operation_id": f"{code}{request.version}"} | fields
    return client.post(reverse("service_requests:work_act", args=[request.public_id, code]), given)


def worker_of(world: World, name: str = "worker") -> Client:
    client = Client()
    client.force_login(world.users[name], backend="mulin.identity.backends.NameOrPhone")
    return client


def last_event(request: ServiceRequest) -> RequestEvent:
    return request.events.order_by("-sequence")[0]


def test_a_solved_answer_says_whose_word_it_is_and_who_wrote_it_down(world: World) -> None:
    request = record(world, handled_by(world, "grid_worker"), score=5, words="亮堂了，谢谢")
    event = last_event(request)
    assert (request.status, request.is_solved, request.score) == (Status.CONFIRMED, True, 5)
    assert (event.step, event.note) == (Step.CONFIRM, "亮堂了，谢谢")
    assert event.actor_label == "居民（电话回访，worker某 记录）"
    assert event.actor_id == world.users["worker"].pk
    assert event.is_public


def test_an_unsolved_answer_goes_back_to_the_community_in_the_residents_words(world: World) -> None:
    request = record(world, handled_by(world, "grid_worker"), way=Way.VISIT, is_solved=False, words="又灭了")
    assert (request.status, request.is_solved, request.return_count) == (Status.RETURNED, False, 1)
    assert last_event(request).note == "又灭了"
    assert last_event(request).actor_label == "居民（上门，worker某 记录）"


def test_an_unsolved_answer_needs_a_reason_and_a_score_lies_between_one_and_five(world: World) -> None:
    request = handled_by(world, "grid_worker")
    with pytest.raises(InvalidInput) as no_reason:
        record(world, request, is_solved=False, words=" ")
    assert no_reason.value.field == "reason"
    with pytest.raises(InvalidInput) as bad_score:
        record(world, request, score=0)
    assert bad_score.value.field == "score"
    assert ServiceRequest.objects.get(pk=request.pk).status == Status.HANDLED


def test_who_did_the_work_does_not_record_that_it_is_solved(world: World) -> None:
    request = handled_by(world, "grid_worker")
    with pytest.raises(WrongState) as refused:
        record(world, request, "grid_worker")
    assert refused.value.code == "own-work"
    assert "另一位同事" in refused.value.text.zh
    ServiceRequest.objects.filter(pk=request.pk).update(holder_user=world.users["worker"])
    request.refresh_from_db()
    with pytest.raises(WrongState):
        record(world, request, "grid_worker")


def test_only_a_handled_request_is_answered(world: World) -> None:
    with pytest.raises(WrongState):
        record(world, world.raise_request())


def test_whoever_can_be_reached_is_told_what_was_written_in_their_name(world: World) -> None:
    request = record(world, handled_by(world, "grid_worker"))
    texts = [
        message.body for message in OutboxMessage.objects.filter(channel="sms") if "按您的话" in message.body
    ]
    assert len(texts) == 1
    assert request.number in texts[0]
    assert "已解决" in texts[0]


def test_a_withdrawal_is_recorded_as_the_residents_with_its_reason(world: World) -> None:
    request = world.raise_request()
    services.withdrawal_record(
        request=request, actor=world.actor("worker"), now=world.now, way=Way.IN_PERSON, reason="自己修好了"
    )
    assert (request.status, request.outcome) == (Status.WITHDRAWN, Outcome.NO_LONGER_NEEDED)
    event = last_event(request)
    assert (event.actor_label, event.note) == ("居民（当面，worker某 记录）", "自己修好了")


def test_a_withdrawal_on_behalf_needs_a_reason(world: World) -> None:
    request = world.raise_request()
    with pytest.raises(InvalidInput):
        services.withdrawal_record(
            request=request, actor=world.actor("worker"), now=world.now, way=Way.IN_PERSON, reason=""
        )
    assert ServiceRequest.objects.get(pk=request.pk).status == Status.RAISED


def test_who_left_it_unsolved_does_not_end_it_by_a_withdrawal(world: World) -> None:
    request = record(world, handled_by(world, "grid_worker"), is_solved=False, words="又灭了")
    given = {"request": request, "now": world.now, "way": Way.TELEPHONE, "reason": "她说算了"}
    with pytest.raises(WrongState):
        services.withdrawal_record(actor=world.actor("grid_worker"), **given)
    assert services.withdrawal_record(actor=world.actor("worker"), **given).status == Status.WITHDRAWN


# ---- on the page


def test_a_worker_records_an_answer_by_the_form_of_the_page(world: World) -> None:
    request, client = handled_by(world, "grid_worker"), worker_of(world)
    shown = client.get(reverse("service_requests:work_one", args=[request.public_id])).content.decode()
    assert 'data-key="v"' in shown
    assert "居民是怎么说的" in shown
    answer = press(client, request, "answer", answer_way="telephone", answer_solved="1", answer_score="4")
    assert answer.status_code == 302
    request.refresh_from_db()
    assert (request.status, request.score) == (Status.CONFIRMED, 4)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"answer_solved": "1"}, "请选择是打电话、上门，还是当面说的"),
        ({"answer_way": "telephone"}, "请选择居民说的是"),
        ({"answer_way": "telephone", "answer_solved": "0", "answer_words": ""}, "请写明原因"),
        ({"answer_way": "telephone", "answer_solved": "1", "answer_score": "9"}, "请在 1 到 5 分里选一个"),
    ],
)
def test_what_is_missing_is_told_beside_its_field_and_what_was_written_stays(
    world: World, fields: dict[str, str], words: str
) -> None:
    request = handled_by(world, "grid_worker")
    refused = press(worker_of(world), request, "answer", **{"answer_words": "她说还行"} | fields)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert fields.get("answer_words", "她说还行") in refused.content.decode()
    assert ServiceRequest.objects.get(pk=request.pk).status == Status.HANDLED


def test_the_page_tells_who_did_the_work_to_let_a_colleague_call(world: World) -> None:
    request, client = handled_by(world, "grid_worker"), worker_of(world, "grid_worker")
    shown = client.get(reverse("service_requests:work_one", args=[request.public_id])).content.decode()
    assert "请另一位同事回访居民" in shown
    assert "居民是怎么说的" not in shown
    refused = press(client, request, "answer", answer_way="telephone", answer_solved="1")
    assert refused.status_code == 409
    assert "不能由您替居民答复" in refused.content.decode()


@pytest.mark.parametrize("name", ["manager", "stranger"])
def test_who_neither_takes_in_nor_closes_here_answers_for_nobody(world: World, name: str) -> None:
    request = handled_by(world, "grid_worker")
    assert (
        press(
            worker_of(world, name), request, "answer", answer_way="telephone", answer_solved="1"
        ).status_code
        == 404
    )


def test_a_worker_withdraws_for_a_resident_by_the_form_of_the_page(world: World) -> None:
    request, client = world.raise_request(), worker_of(world)
    refused = press(client, request, "withdraw", operation_id="a", withdraw_way="visit", withdraw_reason="")
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    press(client, request, "withdraw", operation_id="b", withdraw_way="visit", withdraw_reason="不需要了")
    request.refresh_from_db()
    assert request.status == Status.WITHDRAWN
