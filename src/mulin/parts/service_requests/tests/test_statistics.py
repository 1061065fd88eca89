"""What the figures count, and over what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mulin.kernel.calendars import start_of_day
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Outcome
from mulin.parts.service_requests.selectors import QueueFilter, StatisticsFilter
from mulin.parts.service_requests.selectors.statistics import Statistics
from tests.support.world import World

MOMENT = timedelta(microseconds=1)


def figures(world: World, name: str = "worker", now: datetime | None = None, **asked: Any) -> Statistics:
    period = {"raised_from": world.now - timedelta(days=30), "raised_to": world.now + timedelta(days=30)}
    return selectors.statistics(world.actor(name), StatisticsFilter(**period | asked), now=now or world.now)


def kept(world: World) -> ServiceRequest:
    """A request that the worker took herself."""
    return services.request_dispatch_to_staff(
        request=world.raise_request(), user=world.users["worker"], actor=world.actor("worker"), now=world.now
    )


@pytest.mark.parametrize(("late", "in_time"), [(-MOMENT, 1), (timedelta(0), 0), (MOMENT, 0)])
def test_who_acts_before_the_deadline_is_in_time_and_at_it_late(
    world: World, late: timedelta, in_time: int
) -> None:
    request = kept(world)
    assert request.handle_due_at == start_of_day(date(2026, 3, 11))
    services.request_handle(
        request=request,
        actor=world.actor("worker"),
        now=request.handle_due_at + late,
        outcome=Outcome.DONE,
        note="换了灯泡",
    )
    share = figures(world).in_time
    assert (share.part, share.whole) == (in_time, 1)


@pytest.mark.parametrize(("late", "overdue"), [(-MOMENT, 0), (timedelta(0), 1)])
def test_what_is_open_at_its_deadline_is_overdue_in_figures_and_queue_alike(
    world: World, late: timedelta, overdue: int
) -> None:
    now = kept(world).due_at + late
    assert figures(world, now=now).overdue == overdue
    rows = selectors.queue_page(world.actor("worker"), QueueFilter(view="overdue"), now=now).rows
    assert len(rows) == overdue


def test_a_share_of_nothing_is_unknown_and_not_zero(world: World) -> None:
    world.raise_request()
    found = figures(world)
    assert (found.raised, found.open) == (1, 1)
    assert [found.in_time.value, found.solved.value, found.satisfied.value, found.unanswered.value] == [
        None
    ] * 4
    assert (found.offers_taken.value, found.score_average) == (None, None)


def test_what_came_back_is_open_and_neither_handled_nor_done(world: World) -> None:
    request = services.request_handle(
        request=kept(world), actor=world.actor("worker"), now=world.now, outcome=Outcome.DONE, note="换了灯泡"
    )
    services.request_return(request=request, actor=world.actor("worker"), now=world.now, reason="还是不亮")
    found = figures(world)
    assert (found.open, found.in_time.whole, found.outcomes[Outcome.DONE]) == (1, 0, 0)
    assert (found.solved.part, found.solved.whole) == (0, 1)


def test_a_day_is_the_countys_day(world: World) -> None:
    for raised_at in (start_of_day(world.now.date()), start_of_day(world.now.date()) - MOMENT):
        request = world.raise_request()
        ServiceRequest.objects.filter(pk=request.pk).update(raised_at=raised_at)
    days = {day.isoformat(): raised for day, raised, _ended in figures(world).by_day}
    assert days == {"2026-03-04": 1, "2026-03-05": 1}


def test_requests_of_places_where_one_may_not_count_are_not_counted(world: World) -> None:
    world.raise_request()
    world.raise_request(area=world.other_community, grid=None)
    assert [figures(world, name).raised for name in ("worker", "manager", "grid_worker")] == [1, 2, 0]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    world: World, django_assert_num_queries: Any
) -> None:
    """5 rows, then 50: the queue page by itself is one query, its counts one, the figures five."""
    actor = world.actor("worker")
    for more in (5, 45):
        for _ in range(more):
            world.raise_request()
        for view in ("waiting", "all"):
            with django_assert_num_queries(1):
                page = selectors.queue_page(actor, QueueFilter(view=view), now=world.now)
        with django_assert_num_queries(1):
            counts = selectors.queue_counts(actor, now=world.now)
        period = StatisticsFilter(world.now - timedelta(days=1), world.now + timedelta(days=1))
        with django_assert_num_queries(5):
            selectors.statistics(actor, period, now=world.now)
    assert (len(page.rows), page.has_next, counts["waiting"]) == (25, True, 50)
