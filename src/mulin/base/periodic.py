"""What is done again and again: each a row that says when it last ran, what came of it, and when it is next due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from mulin.base import leases
from mulin.base.models import PeriodicRun
from mulin.kernel.clock import Clock

log = logging.getLogger("mulin.periodic")
LEASE = timedelta(minutes=5)
Function = Callable[[Clock], str]


@dataclass(frozen=True)
class Periodic:
    """`function` takes the clock, is safe to run twice, and returns a short sentence on what it did."""

    name: str
    interval_seconds: int
    function: Function


_registered: dict[str, Periodic] = {}


def register(name: str, seconds: int, function: Function) -> None:
    _registered[name] = Periodic(name, seconds, function)


def registered() -> dict[str, Periodic]:
    return dict(_registered)


def run_due(clock: Clock, holder: str = "") -> int:
    """Run everything that is due and that nobody else runs; how many ran."""
    holder = holder or leases.new_holder()
    write_down_registered(clock.now())
    return sum(run_if_due(_registered[row.name], clock, holder) for row in due_rows(clock.now()))


def due_rows(now: datetime) -> list[PeriodicRun]:
    rows = PeriodicRun.objects.filter(leases.is_free(now), is_due(now), name__in=list(_registered))
    return list(rows.order_by("next_due_at", "name"))


def is_due(now: datetime) -> Q:
    """Due, or due later than its interval allows because the clock was set back."""
    return Q(next_due_at__lte=now) | Q(last_started_at__gt=now)


def write_down_registered(now: datetime) -> None:
    known = dict(
        PeriodicRun.objects.filter(name__in=list(_registered)).values_list("name", "interval_seconds")
    )
    missing = [
        PeriodicRun(name=item.name, interval_seconds=item.interval_seconds, next_due_at=now)
        for item in _registered.values()
        if item.name not in known
    ]
    if missing:
        PeriodicRun.objects.bulk_create(missing, ignore_conflicts=True)
    for item in _registered.values():
        if known.get(item.name, item.interval_seconds) != item.interval_seconds:
            PeriodicRun.objects.filter(name=item.name).update(
                interval_seconds=item.interval_seconds, next_due_at=now
            )


def run_if_due(item: Periodic, clock: Clock, holder: str) -> bool:
    now = clock.now()
    rows = PeriodicRun.objects.filter(is_due(now))
    row = PeriodicRun(name=item.name)
    if not leases.take(rows, row, holder=holder, now=now, duration=LEASE, last_started_at=now):
        return False
    news: dict[str, object] = {"last_error": ""}
    try:
        news["last_result"] = (item.function(clock) or "")[:300]
    except Exception as error:
        log.exception("periodic %s failed", item.name)
        news["last_error"] = f"{type(error).__name__}: {error}"[:500]
    finished = clock.now()
    PeriodicRun.objects.filter(name=item.name, lease_holder=holder).update(
        last_finished_at=finished,
        next_due_at=now + timedelta(seconds=item.interval_seconds),
        lease_until=None,
        lease_holder="",
        **news,
    )
    return True


def run_now(name: str, now: datetime) -> None:
    """Make it due at once, whatever its interval."""
    PeriodicRun.objects.filter(name=name).update(next_due_at=now)
