"""A life told in memory leaves the same rows as the services do when they are asked for the same steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from mulin.base.calendars import work_calendar
from mulin.config.demo.lives import Life
from mulin.identity.access import ANONYMOUS
from mulin.kernel.clock import FixedClock
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import Offer, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Outcome

pytestmark = pytest.mark.django_db

COLUMNS = [
    "status",
    "outcome",
    "holder_user_id",
    "holder_partner_id",
    "holder_label",
    "due_at",
    "raised_at",
    "accepted_at",
    "dispatched_at",
    "taken_at",
    "handle_due_at",
    "handled_at",
    "answered_at",
    "closed_at",
    "is_solved",
    "score",
    "comment",
    "return_count",
    "version",
]
EVENT = ["sequence", "step", "at", "actor_id", "actor_label", "note", "is_public", "due_at"]
OFFER = [
    "round",
    "position",
    "partner_id",
    "state",
    "opened_at",
    "answer_by",
    "answered_at",
    "answered_by_id",
    "reason",
]


@dataclass
class Pair:
    """The same request twice: stored, moved by the services; and in memory, moved by `Life`."""

    world: Any
    stored: ServiceRequest
    life: Life

    @property
    def now(self):
        return self.world.now

    def later(self, **step: int) -> None:
        clock: FixedClock = self.world.clock
        clock.advance(timedelta(**(step or {"minutes": 7})))

    def offer(self) -> Offer:
        return Offer.objects.select_related("request__type", "request__area", "partner").get(
            request=self.stored, state=OfferState.OPEN
        )

    def check(self) -> None:
        """Every column, event and offer is the same."""
        self.stored = ServiceRequest.objects.select_related("type", "area").get(pk=self.stored.pk)
        assert values(self.life.request, COLUMNS) == values(self.stored, COLUMNS)
        assert [values(one, EVENT) for one in self.life.events] == [
            values(one, EVENT) for one in self.stored.events.order_by("sequence")
        ]
        stored = self.stored.offers.order_by("round", "position")
        assert [values(one, OFFER) for one in self.life.offers] == [values(one, OFFER) for one in stored]


def values(row: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@pytest.fixture
def pair(world) -> Pair:
    stored = world.raise_request()
    own = ServiceRequest(type=stored.type, area=stored.area, grid=stored.grid, area_path=stored.area_path)
    own.outcome, own.return_count, own.comment = "", 0, ""
    life = Life(own, work_calendar(stored.area_path), stored.area.name)
    life.raised(world.now, None, "")
    both = Pair(world, stored, life)
    both.check()
    return both


def test_done_by_the_second_partner_returned_and_done_again(pair, world):
    worker, shop, second = (world.users[name] for name in ("worker", "shop", "second_shop"))
    act = world.actor
    pair.later()
    services.request_accept(request=pair.stored, actor=act("worker"), now=pair.now, note="马上安排")
    pair.life.accept(pair.now, worker, "马上安排")
    pair.check()
    pair.later()
    partners = [world.partner, world.second_partner]
    ids = [partner.pk for partner in partners]
    services.request_dispatch_to_partners(
        request=pair.stored, partner_ids=ids, actor=act("worker"), now=pair.now
    )
    pair.life.dispatch_to_partners(pair.now, worker, partners)
    pair.check()
    pair.later()
    services.offer_decline(offer=pair.offer(), actor=act("shop"), now=pair.now, reason="今天排满了")
    pair.life.decline(pair.now, shop, "今天排满了")
    pair.check()
    pair.later()
    services.offer_take(offer=pair.offer(), actor=act("second_shop"), now=pair.now)
    pair.life.offer_taken(pair.now, second)
    pair.check()
    pair.later(hours=3)
    label = world.second_partner.name
    handled = {
        "actor": act("second_shop"),
        "now": pair.now,
        "outcome": Outcome.DONE,
        "note": "换了灯",
        "label": label,
    }
    services.request_handle(request=pair.stored, **handled)
    pair.life.handle(pair.now, second, Outcome.DONE, "换了灯")
    pair.check()
    pair.later()
    services.request_return(request=pair.stored, actor=ANONYMOUS, now=pair.now, reason="又灭了")
    pair.life.returned(pair.now, "又灭了")
    pair.check()
    pair.later()
    services.request_resume(request=pair.stored, actor=act("second_shop"), now=pair.now, label=label)
    pair.life.resume(pair.now, second)
    pair.check()
    pair.later()
    handled = {
        "actor": act("second_shop"),
        "now": pair.now,
        "outcome": Outcome.CANNOT,
        "note": "线路老化",
        "label": label,
    }
    services.request_handle(request=pair.stored, **handled)
    pair.life.handle(pair.now, second, Outcome.CANNOT, "线路老化")
    pair.check()
    pair.later()
    services.request_confirm(request=pair.stored, actor=ANONYMOUS, now=pair.now, score=4, comment="可以")
    pair.life.confirm(pair.now, 4, "可以")
    pair.check()
    world.clock.set(pair.stored.due_at)
    services.requests_close_confirmed(now=pair.now)
    pair.life.close(pair.now)
    pair.check()


def test_taken_by_the_worker_at_once_and_never_answered(pair, world):
    pair.later()
    worker = world.users["worker"]
    services.request_dispatch_to_staff(
        request=pair.stored, user=worker, actor=world.actor("worker"), now=pair.now
    )
    pair.life.dispatch_to_staff(pair.now, worker, worker)
    pair.check()
    pair.later()
    services.request_handle(
        request=pair.stored, actor=world.actor("worker"), now=pair.now, outcome=Outcome.DONE, note="已答复"
    )
    pair.life.handle(pair.now, worker, Outcome.DONE, "已答复")
    pair.check()
    world.clock.set(pair.stored.due_at)
    services.requests_close_unanswered(now=pair.now)
    pair.life.unanswered(pair.now)
    pair.check()


def test_nobody_answers_so_the_grid_worker_gets_it_and_it_is_withdrawn(pair, world):
    pair.later()
    worker, grid_worker = world.users["worker"], world.users["grid_worker"]
    partners = [world.partner, world.second_partner]
    ids = [partner.pk for partner in partners]
    services.request_dispatch_to_partners(
        request=pair.stored, partner_ids=ids, actor=world.actor("worker"), now=pair.now
    )
    pair.life.dispatch_to_partners(pair.now, worker, partners)
    for _ in partners:
        world.clock.set(pair.offer().answer_by)
        services.offers_move_on(now=pair.now)
        pair.life.lapse(pair.now)
        pair.check()
    pair.later()
    services.request_dispatch_to_staff(
        request=pair.stored, user=grid_worker, actor=world.actor("worker"), now=pair.now
    )
    pair.life.dispatch_to_staff(pair.now, worker, grid_worker)
    pair.check()
    pair.later()
    services.request_take(request=pair.stored, actor=world.actor("grid_worker"), now=pair.now)
    pair.life.take(pair.now, grid_worker)
    pair.check()
    pair.later()
    services.request_withdraw(request=pair.stored, actor=ANONYMOUS, now=pair.now, reason="修好了")
    pair.life.withdraw(pair.now, "修好了")
    pair.check()


def test_rejected_with_a_reason(pair, world):
    pair.later()
    reason, outcome = "与昨天的一件相同", Outcome.DUPLICATE
    services.request_reject(
        request=pair.stored, actor=world.actor("worker"), now=pair.now, reason=reason, outcome=outcome
    )
    pair.life.reject(pair.now, world.users["worker"], reason, outcome)
    pair.check()
