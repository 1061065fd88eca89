from datetime import timedelta

import pytest
from django.db.models import Q

from mulin.base import leases, periodic, selectors
from mulin.base.models import PeriodicRun
from mulin.base.tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def every_minute(monkeypatch):
    monkeypatch.setattr(periodic, "_registered", {})

    def use(function):
        periodic.register("test.minute", 60, function)

    return use


def run_for(clock, seconds):
    for _ in range(seconds):
        periodic.run_due(clock)
        clock.advance(timedelta(seconds=1))


def test_it_runs_at_once_and_then_each_interval(every_minute, clock):
    ran = []
    every_minute(lambda clock: ran.append((clock.now() - NOON).seconds) or "good")
    run_for(clock, 150)
    assert ran == [0, 60, 120]
    assert PeriodicRun.objects.get().last_result == "good"


def test_an_error_is_shown_and_the_next_run_tries_again(every_minute, clock, caplog):
    ran = []

    def fails_first(clock):
        ran.append(1)
        if len(ran) == 1:
            raise ValueError("no map")
        return "good"

    every_minute(fails_first)
    periodic.run_due(clock)
    (view,) = selectors.periodic_overview(clock.now())
    assert view.last_error == "ValueError: no map"
    clock.advance(timedelta(seconds=60))
    periodic.run_due(clock)
    (view,) = selectors.periodic_overview(clock.now())
    assert (view.last_error, view.last_result) == ("", "good")


def nested(clock, ran):
    def function(inner):
        ran.append(1)
        if len(ran) == 1:
            periodic.run_due(clock, holder="second")
        return ""

    return function


def test_two_workers_run_it_once(every_minute, clock):
    ran = []
    every_minute(nested(clock, ran))
    periodic.run_due(clock, holder="first")
    assert ran == [1]


def test_without_the_lease_both_would_run_it(every_minute, clock, monkeypatch):
    monkeypatch.setattr(leases, "is_free", lambda now: Q())
    ran = []
    every_minute(nested(clock, ran))
    periodic.run_due(clock, holder="first")
    assert ran == [1, 1]


def test_it_is_overdue_when_nobody_runs_it(every_minute, clock):
    every_minute(lambda clock: "")
    assert selectors.periodic_overview(clock.now())[0].is_overdue
    periodic.run_due(clock)
    assert not selectors.periodic_overview(clock.now())[0].is_overdue
    clock.advance(timedelta(seconds=89))
    assert not selectors.periodic_overview(clock.now())[0].is_overdue
    clock.advance(timedelta(seconds=2))
    assert selectors.periodic_overview(clock.now())[0].is_overdue


def test_a_clock_set_back_does_not_silence_it(every_minute, clock):
    ran = []
    every_minute(lambda clock: ran.append(1) or "")
    periodic.run_due(clock)
    clock.advance(timedelta(days=-1))
    run_for(clock, 61)
    assert len(ran) == 3


def test_a_new_interval_counts_from_now(every_minute, clock):
    every_minute(lambda clock: "")
    periodic.run_due(clock)
    periodic.register("test.minute", 10, lambda clock: "faster")
    periodic.run_due(clock)
    row = PeriodicRun.objects.get()
    assert (row.interval_seconds, row.last_result) == (10, "faster")


def test_it_can_be_asked_for_at_once(every_minute, clock):
    ran = []
    every_minute(lambda clock: ran.append(1) or "")
    periodic.run_due(clock)
    clock.advance(timedelta(seconds=5))
    periodic.run_now("test.minute", clock.now())
    periodic.run_due(clock)
    assert len(ran) == 2
