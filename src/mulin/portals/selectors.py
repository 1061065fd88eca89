"""Reads behind the portals' own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from mulin.base import outbox
from mulin.base.import_kinds import registered
from mulin.base.models import Heartbeat, ImportRun, Job, Notice, OutboxMessage
from mulin.base.selectors import ALIVE, OutboxView, PeriodicView, outbox_overview, periodic_overview
from mulin.identity.access import Actor
from mulin.identity.models import Grant, User
from mulin.identity.selectors import Found, users_visible_to
from mulin.kernel.errors import NotFound

JOBS_SHOWN = 10
DEAD_SHOWN = 25
FAILURES_SHOWN = timedelta(days=7)
OPEN = [Job.State.WAITING, Job.State.RUNNING]


def notice_list(actor: Actor, *, offset: int, limit: int) -> Found[Notice]:
    """One's own inbox, newest first. Two queries."""
    notices = Notice.objects.filter(recipient_id=actor.user_id)
    rows = notices.order_by("-created_at", "-pk")[offset : offset + limit]
    return Found(rows=list(rows), total=notices.count())


def notice_for(actor: Actor, public_id: str) -> Notice:
    """The doorway to a notice: its recipient's alone."""
    notice = Notice.objects.filter(recipient_id=actor.user_id, public_id=public_id).first()
    if notice is None:
        raise NotFound
    return notice


def job_for(actor: Actor, public_id: str) -> Job:
    """The doorway to a job: whoever asked for it, and whoever watches operations."""
    jobs = (
        Job.objects.all() if actor.may("operations.view") else Job.objects.filter(asked_by_id=actor.user_id)
    )
    job = jobs.filter(public_id=public_id).first() if actor.is_signed_in else None
    if job is None:
        raise NotFound
    return job


def job_for_change(actor: Actor, public_id: str) -> Job:
    """The same for whoever may stop it: the asker, and whoever manages operations."""
    job = job_for(actor, public_id)
    if job.asked_by_id != actor.user_id and not actor.may("operations.manage"):
        raise NotFound
    return job


def dead_message_for(public_id: str) -> OutboxMessage:
    """A message that was given up. Raises NotFound."""
    message = OutboxMessage.objects.defer("body", "address").filter(public_id=public_id).first()
    if message is None:
        raise NotFound
    return message


@dataclass(frozen=True, slots=True)
class Process:
    """One process and whether it still says that it lives."""

    name: str
    kind: str
    started_at: datetime
    seen_at: datetime
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Operations:
    """How the house runs at a moment. Dead messages come without text and address."""

    processes: list[Process]
    periodic: list[PeriodicView]
    open_jobs: list[Job]
    ended_jobs: list[Job]
    outbox: OutboxView
    dead: list[OutboxMessage]


def operations_at(now: datetime) -> Operations:
    """Seven queries, whatever there is."""
    jobs = Job.objects.defer("payload", "checkpoint")
    dead = outbox.dead_messages().defer("body", "address")
    return Operations(
        processes=processes_at(now),
        periodic=periodic_overview(now),
        open_jobs=list(jobs.filter(state__in=OPEN).order_by("created_at", "pk")[:JOBS_SHOWN]),
        ended_jobs=list(jobs.exclude(state__in=OPEN).order_by("-created_at", "-pk")[:JOBS_SHOWN]),
        outbox=outbox_overview(now),
        dead=list(dead[:DEAD_SHOWN]),
    )


def processes_at(now: datetime) -> list[Process]:
    return [
        Process(row.name, row.kind, row.started_at, row.seen_at, now - row.seen_at > ALIVE)
        for row in Heartbeat.objects.order_by("kind", "name")
    ]


@dataclass(frozen=True, slots=True)
class Troubles:
    """What somebody who watches operations should look at now."""

    is_worker_alive: bool
    periodic: list[PeriodicView]
    failed_jobs: list[Job]
    dead_messages: int


def troubles_at(now: datetime, limit: int) -> Troubles:
    """Four queries. A job that failed is news for a week."""
    tasks = [task for task in periodic_overview(now) if task.last_error or task.is_overdue]
    failed = Job.objects.filter(state=Job.State.FAILED, created_at__gte=now - FAILURES_SHOWN)
    seen_at = worker_seen_at()
    return Troubles(
        is_worker_alive=seen_at is not None and now - seen_at <= ALIVE,
        periodic=tasks[:limit],
        failed_jobs=list(failed.defer("payload", "checkpoint").order_by("-created_at", "-pk")[:limit]),
        dead_messages=outbox.dead_messages().count(),
    )


def accounts_without_grant(actor: Actor, today: date, limit: int) -> Found[User]:
    """Accounts in use that hold nothing today and later, the newest first. Two queries."""
    granted = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), ended_at__isnull=True)
    users = users_visible_to(actor).filter(is_active=True).exclude(pk__in=granted.values("user"))
    rows = users.defer("phone", "password").order_by("-created_at", "-pk")[:limit]
    return Found(rows=list(rows), total=users.count())


def grants_ending(actor: Actor, first: date, last: date, limit: int) -> list[Grant]:
    """Grants whose last day lies between two days, the first to end first. One query."""
    grants = Grant.objects.filter(
        actor.filter("grants.manage"),
        ended_at__isnull=True,
        user__is_active=True,
        valid_to__range=(first, last),
    )
    return list(grants.select_related("user", "role").order_by("valid_to", "pk")[:limit])


def worker_seen_at() -> datetime | None:
    """When a worker last said that it lives; None if none ever did."""
    return (
        Heartbeat.objects.filter(kind="worker").order_by("-seen_at").values_list("seen_at", flat=True).first()
    )


def import_runs_of(actor: Actor, limit: int = 10) -> list[ImportRun]:
    """The tables that the actor brought in, the latest first."""
    return list(ImportRun.objects.filter(asked_by_id=actor.user_id).order_by("-created_at", "-pk")[:limit])


def import_run_for(actor: Actor, public_id: str) -> ImportRun:
    """The doorway to an import: whoever began it, while they may still bring in tables of its kind."""
    run = ImportRun.objects.filter(asked_by_id=actor.user_id, public_id=public_id).first()
    kind = registered().get(run.kind) if run else None
    if run is None or kind is None or not actor.may(kind.permission):
        raise NotFound
    return run
