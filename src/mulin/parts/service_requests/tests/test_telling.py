"""Whom no message reaches is told by somebody: what waits to be said stands in a list until it was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mulin.base.models import OutboxMessage
from mulin.identity.access import ANONYMOUS
from mulin.identity.middleware import Access
from mulin.kernel.errors import WrongState
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.models import ServiceRequest, Telling
from mulin.parts.service_requests.rules import Channel, Outcome, Status, Step, Way, is_told_in_person
from tests.support.world import World

pytestmark = pytest.mark.django_db
LANDLINE = "0537-2345678"


@pytest.fixture(autouse=True)
def _clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Access, "clock", world.clock)


@pytest.fixture
def worker(world: World) -> Client:
    client = Client()
    client.force_login(world.users["worker"], backend="mulin.identity.backends.NameOrPhone")
    return client


def by_telephone(world: World, **changes: Any) -> ServiceRequest:
    """Somebody called from a landline: nothing can be sent there."""
    return world.raise_request(**{"channel": Channel.TELEPHONE, "phone": LANDLINE} | changes)


def accept(world: World, request: ServiceRequest) -> ServiceRequest:
    return services.request_accept(request=request, actor=world.actor("worker"), now=world.now)


def handled(world: World, **changes: Any) -> ServiceRequest:
    request, actor = by_telephone(world, **changes), world.actor("grid_worker")
    services.request_dispatch_to_staff(
        request=request, user=world.users["grid_worker"], actor=world.actor("worker"), now=world.now
    )
    services.request_take(request=request, actor=actor, now=world.now)
    return services.request_handle(
        request=request, actor=actor, now=world.now, outcome=Outcome.DONE, note="换了灯泡"
    )


def tell(world: World, request: ServiceRequest, way: Way = Way.TELEPHONE) -> ServiceRequest:
    return services.tellings_record(request=request, actor=world.actor("worker"), now=world.now, way=way)


def waiting(request: ServiceRequest) -> list[str]:
    return [telling.text for telling in selectors.tellings_open(request)]


def page(client: Client, **query: str) -> str:
    return client.get(reverse("service_requests:work_queue"), query).content.decode()


# ---- who is told in person


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"wants_visit": True, "has_account": True, "has_mobile": True}, True),
        ({"has_mobile": True}, False),
        ({"has_account": True, "has_telephone": True}, False),
        ({"has_telephone": True}, True),
        ({"channel": Channel.DESK}, True),
        ({"channel": Channel.CODE_PAGE}, False),
        ({"channel": Channel.IMPORT}, False),
    ],
)
def test_who_is_told_in_person(person: dict[str, Any], expected: bool) -> None:
    nobody = {
        "wants_visit": False,
        "has_account": False,
        "has_mobile": False,
        "has_telephone": False,
        "channel": Channel.WEB,
    }
    assert is_told_in_person(**nobody | person) is expected


def test_a_call_from_a_landline_leaves_each_later_step_to_be_said(world: World) -> None:
    request = by_telephone(world)
    assert waiting(request) == []
    accept(world, request)
    assert waiting(request) == ["社区已受理，正在安排人。"]
    assert request.tell_since == world.now
    assert not OutboxMessage.objects.filter(channel="sms").exists()
    services.request_reject(request=request, actor=world.actor("worker"), now=world.now, reason="归物业管")
    assert waiting(request) == ["社区已受理，正在安排人。", "没有受理，原因：归物业管"]


def test_who_wants_to_be_visited_is_told_in_person_and_by_sms(world: World) -> None:
    request = accept(world, by_telephone(world, phone="13805371234", wants_visit=True))
    assert waiting(request) == ["社区已受理，正在安排人。"]
    assert OutboxMessage.objects.filter(channel="sms", body__isnull=False).count() == 2


def test_who_is_reached_by_sms_leaves_nothing_to_say(world: World) -> None:
    assert waiting(accept(world, world.raise_request())) == []


# ---- what was said


def test_what_was_said_stands_in_the_timeline_for_everybody(world: World) -> None:
    request = accept(world, by_telephone(world))
    tell(world, request, Way.VISIT)
    event = request.events.order_by("-sequence")[0]
    assert (event.step, event.note) == (Step.NOTE, "已上门告知：社区已受理，正在安排人。")
    assert event.is_public
    telling = Telling.objects.get(request=request)
    assert (telling.told_at, telling.told_by, telling.how) == (world.now, world.users["worker"], Way.VISIT)
    request.refresh_from_db()
    assert request.tell_since is None


def test_nothing_can_be_said_twice(world: World) -> None:
    request = tell(world, accept(world, by_telephone(world)))
    with pytest.raises(WrongState):
        tell(world, request)
    assert request.events.filter(step=Step.NOTE).count() == 1


def test_who_answers_by_themselves_need_not_be_told_any_more(world: World) -> None:
    request = handled(world)
    services.request_confirm(request=request, actor=ANONYMOUS, now=world.now)
    assert waiting(request) == []
    assert set(Telling.objects.filter(request=request).values_list("told_by", "how")) == {(None, "")}


def test_recording_an_answer_tells_by_the_same_call(world: World) -> None:
    request = handled(world)
    services.answer_record(
        request=request, actor=world.actor("worker"), now=world.now, way=Way.TELEPHONE, is_solved=True
    )
    assert waiting(request) == []
    assert set(Telling.objects.values_list("told_by", "how")) == {(world.users["worker"].pk, "telephone")}


def test_silence_of_somebody_who_was_never_asked_closes_nothing(world: World) -> None:
    request = handled(world)
    world.clock.advance(timedelta(days=30))
    assert services.requests_close_unanswered(now=world.now) == 0
    tell(world, request)
    assert services.requests_close_unanswered(now=world.now) == 0
    world.clock.advance(timedelta(days=30))
    assert services.requests_close_unanswered(now=world.now) == 1
    request.refresh_from_db()
    assert request.status == Status.CLOSED


# ---- in the workbench


def test_the_list_says_what_to_whom_and_since_when(world: World, worker: Client) -> None:
    request = accept(world, by_telephone(world))
    other = world.raise_request(text="电梯停了。")
    shown = page(worker, view="tell")
    assert request.number in shown
    assert other.number not in shown
    assert "09:30 起要告诉居民：社区已受理，正在安排人。" in shown
    assert "王**" in shown
    assert "王秀英" not in shown


def test_who_was_refused_is_counted_until_told(world: World, worker: Client) -> None:
    request = by_telephone(world)
    services.request_reject(request=request, actor=world.actor("worker"), now=world.now, reason="归物业管")
    assert selectors.queue_counts(world.actor("worker"), now=world.now)["tell"] == 1
    assert selectors.queue_counts(world.actor("stranger"), now=world.now)["tell"] == 0
    assert "待告知" in page(worker)
    tell(world, request)
    assert set(selectors.queue_counts(world.actor("worker"), now=world.now).values()) == {0}
    assert "都告诉到了" in page(worker, view="tell")


def test_the_list_costs_the_same_queries_whatever_the_rows(world: World, worker: Client) -> None:
    accept(world, by_telephone(world))
    page(worker, view="tell")
    with CaptureQueriesContext(connection) as few:
        page(worker, view="tell")
    for _ in range(8):
        services.request_recall(
            request=services.request_dispatch_to_staff(
                request=accept(world, by_telephone(world)),
                user=world.users["grid_worker"],
                actor=world.actor("worker"),
                now=world.now,
            ),
            actor=world.actor("worker"),
            now=world.now,
            reason="换人",
        )
    with CaptureQueriesContext(connection) as many:
        page(worker, view="tell")
    assert len(many) == len(few) <= 9


def test_a_worker_marks_it_as_told_by_the_form_of_the_page(world: World, worker: Client) -> None:
    request = accept(world, by_telephone(world))
    here = reverse("service_requests:work_one", args=[request.public_id])
    assert "要打电话或当面告诉居民" in worker.get(here).content.decode()
    act = reverse("service_requests:work_act", args=[request.public_id, "told"])
    refused = worker.post(act, {"version": str(request.version), "operation_id": "a"})
    assert refused.status_code == 422
    assert "请选择是打电话、上门，还是当面说的" in refused.content.decode()
    given = {"version": str(request.version), "operation_id": "b", "told_way": "in_person"}
    assert worker.post(act, given).status_code == 302
    assert "要打电话或当面告诉居民" not in worker.get(here).content.decode()
    assert waiting(request) == []


def test_nothing_is_offered_when_nothing_waits(world: World, worker: Client) -> None:
    request = accept(world, world.raise_request())
    here = reverse("service_requests:work_one", args=[request.public_id])
    assert 'data-key="o"' not in worker.get(here).content.decode()
    act = reverse("service_requests:work_act", args=[request.public_id, "told"])
    given = {"version": str(request.version), "operation_id": "b", "told_way": "visit"}
    assert worker.post(act, given).status_code == 404


def test_a_manager_sees_what_waits_but_records_nothing(world: World) -> None:
    request = accept(world, by_telephone(world))
    client = Client()
    client.force_login(world.users["manager"], backend="mulin.identity.backends.NameOrPhone")
    act = reverse("service_requests:work_act", args=[request.public_id, "told"])
    given = {"version": str(request.version), "operation_id": "b", "told_way": "visit"}
    assert client.post(act, given).status_code == 404
    assert waiting(request)
