"""How the plumbing does: what waits, what is overdue, who is alive. For the operations page, `doctor` and health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from mulin.base import periodic
from mulin.base.models import Heartbeat, Job, OutboxMessage, PeriodicRun

ALIVE = timedelta(seconds=20)
GRACE_LEAST = timedelta(seconds=30)


@dataclass(frozen=True)
class PeriodicView:
    """One periodic task as a person wants to see it. `is_overdue`: due for longer than half its interval."""

    name: str
    interval_seconds: int
    last_started_at: datetime | None
    last_finished_at: datetime | None
    next_due_at: datetime | None
    last_result: str
    last_error: str
    is_running: bool
    is_overdue: bool


def periodic_overview(now: datetime) -> list[PeriodicView]:
    """Every registered task, also one that never ran. One query."""
    rows = {row.name: row for row in PeriodicRun.objects.all()}
    return [periodic_view(item, rows.get(item.name), now) for item in periodic.registered().values()]


def periodic_view(item: periodic.Periodic, row: PeriodicRun | None, now: datetime) -> PeriodicView:
    grace = max(timedelta(seconds=item.interval_seconds / 2), GRACE_LEAST)
    return PeriodicView(
        name=item.name,
        interval_seconds=item.interval_seconds,
        last_started_at=row.last_started_at if row else None,
        last_finished_at=row.last_finished_at if row else None,
        next_due_at=row.next_due_at if row else None,
        last_result=row.last_result if row else "",
        last_error=row.last_error if row else "",
        is_running=bool(row and row.lease_until and row.lease_until > now),
        is_overdue=row is None or row.next_due_at + grace < now,
    )


@dataclass(frozen=True)
class OutboxView:
    """`oldest_due_at` is what has waited longest of what may be sent by now; None when nothing does."""

    waiting: int
    dead: int
    sent: int
    oldest_due_at: datetime | None


def outbox_overview(now: datetime) -> OutboxView:
    """Two queries."""
    counts = {row["state"]: row["n"] for row in OutboxMessage.objects.values("state").annotate(n=Count("pk"))}
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, not_before__lte=now)
    oldest = due.aggregate(oldest=Min("created_at"))["oldest"]
    state = OutboxMessage.State
    return OutboxView(
        waiting=counts.get(state.WAITING, 0),
        dead=counts.get(state.DEAD, 0),
        sent=counts.get(state.SENT, 0),
        oldest_due_at=oldest,
    )


def workers_alive(now: datetime) -> int:
    """How many workers said so lately; 0 means that nothing is sent and nothing done."""
    return Heartbeat.objects.filter(kind="worker", seen_at__gte=now - ALIVE).count()


def job_list(*, asked_by_user_id: int | None = None, limit: int = 50) -> Sequence[Job]:
    """The latest jobs, of one person or of all."""
    rows = Job.objects.select_related("asked_by").order_by("-created_at", "-pk")
    return list((rows if asked_by_user_id is None else rows.filter(asked_by_id=asked_by_user_id))[:limit])
