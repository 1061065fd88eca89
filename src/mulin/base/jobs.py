"""Long work that somebody asked for: a row that shows progress, can be cancelled, and goes on after a kill.

A handler does its work in steps and says after each where it stands:

    def handle(job: JobContext) -> dict[str, object]:
        for chunk in chunks_after(job.checkpoint.get("row", 0)):
            job.check()                                  # ends here when cancelled or when the worker stops
            with transaction.atomic():
                store(chunk)
                job.save(done=chunk.end, checkpoint={"row": chunk.end})
        return {"rows": …}

`save` inside the transaction of the step makes step and checkpoint one; it raises LeaseLost, and undoes the step, when
another worker has taken the job meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import F, QuerySet

from mulin.base import leases, settings_store, wakeup
from mulin.base.models import Job
from mulin.kernel.clock import Clock
from mulin.kernel.errors import MulinError, WrongState

log = logging.getLogger("mulin.jobs")
State = Job.State

LEASE = timedelta(seconds=30)
ATTEMPTS_MAX_KEY = "jobs.attempts_max"
ATTEMPTS_MAX_DEFAULT = 10


class LeaseLost(Exception):
    """Another worker goes on with this job; whatever this one had not committed is undone."""


class JobInterrupted(Exception):
    """The job was cancelled, or its worker stops: end here, the checkpoint stands."""


class Asker(Protocol):
    """Whoever asks: identity's Actor is one."""

    @property
    def user_id(self) -> int | None: ...


class JobContext:
    """What a handler is given: what was asked, where it stood, and how to say where it stands."""

    def __init__(self, job: Job, clock: Clock, holder: str, is_stopping: Callable[[], bool]) -> None:
        self.public_id = job.public_id
        self.payload: dict[str, Any] = job.payload
        self.checkpoint: dict[str, Any] = job.checkpoint
        self.asked_by_user_id: int | None = job.asked_by_id
        self.clock = clock
        self._mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease_holder=holder)
        self._is_stopping = is_stopping

    def save(
        self, *, done: int | None = None, total: int | None = None, checkpoint: dict[str, Any] | None = None
    ) -> None:
        """Say where the job stands and keep its lease. Raises LeaseLost."""
        news: dict[str, Any] = {"done": done, "total": total, "checkpoint": checkpoint}
        news = {name: value for name, value in news.items() if value is not None}
        if not self._mine.update(lease_until=self.clock.now() + LEASE, **news):
            raise LeaseLost(self.public_id)
        self.checkpoint = checkpoint if checkpoint is not None else self.checkpoint

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop it."""
        return not self._mine.filter(cancel_asked_at__isnull=True).exists()

    def check(self) -> None:
        """Call between steps. Raises JobInterrupted when the job is to end here."""
        if self._is_stopping() or self.cancelled:
            raise JobInterrupted(self.public_id)


Handler = Callable[[JobContext], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    _handlers[kind] = handler


def ask(*, kind: str, title: str, payload: dict[str, Any], actor: Asker, now: datetime) -> Job:
    """Leave a job to be done. `payload` is what JSON can hold; keep personal data out of it."""
    assert kind in _handlers, f"no handler for jobs of kind {kind!r} is registered"
    job = Job.objects.create(
        kind=kind, title=title[:200], payload=payload, asked_by_id=actor.user_id, created_at=now
    )
    wakeup.ring()
    return job


def cancel(job: Job, now: datetime) -> None:
    """A waiting job ends at once, a running one at its next step. Raises WrongState when it has ended already."""
    if Job.objects.filter(pk=job.pk, state=State.WAITING).update(
        state=State.CANCELLED, cancel_asked_at=now, finished_at=now
    ):
        return
    if not Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_asked_at=now):
        raise WrongState(
            zh="这项任务已经结束，无法取消。", en="This job has already ended and cannot be cancelled."
        )


def retry(job: Job) -> None:
    """Let a failed or cancelled job go on from its checkpoint. Raises WrongState for any other."""
    ended = Job.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED])
    if not ended.update(state=State.WAITING, attempts=0, error="", cancel_asked_at=None, finished_at=None):
        raise WrongState(
            zh="这项任务没有中断，不用重试。", en="This job was not interrupted; there is nothing to retry."
        )
    wakeup.ring()


def run_waiting(
    clock: Clock, limit: int = 1, holder: str = "", is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Run jobs that wait or whose worker died, oldest first; how many were run."""
    holder = holder or leases.new_holder()
    count = 0
    while count < limit and not is_stopping() and (job := take_next(clock.now(), holder)) is not None:
        run(job, clock, holder, is_stopping)
        count += 1
    return count


def open_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state__in=[State.WAITING, State.RUNNING])


def take_next(now: datetime, holder: str) -> Job | None:
    for job in open_jobs().filter(leases.is_free(now)).order_by("created_at", "pk")[:20]:
        news = {"state": State.RUNNING, "attempts": F("attempts") + 1, "started_at": job.started_at or now}
        if leases.take(open_jobs(), job, holder=holder, now=now, duration=LEASE, **news):
            job.refresh_from_db()
            return job
    return None


def run(job: Job, clock: Clock, holder: str, is_stopping: Callable[[], bool]) -> None:
    """Run one job that was taken, and write down how it ended."""
    context = JobContext(job, clock, holder, is_stopping)
    try:
        refuse_hopeless(job, clock)
        if job.cancel_asked_at is not None:
            raise JobInterrupted(job.public_id)
        result = _handlers[job.kind](context) or {}
    except LeaseLost:
        log.warning("%s was taken over by another worker", job)
    except JobInterrupted:
        if context.cancelled:
            end(job, holder, state=State.CANCELLED, finished_at=clock.now())
        else:
            end(job, holder, state=State.WAITING, attempts=F("attempts") - 1)
    except MulinError as error:
        end(job, holder, state=State.FAILED, error=str(error.text)[:500], finished_at=clock.now())
    except Exception as error:
        log.exception("%s failed", job)
        end(job, holder, state=State.FAILED, error=type(error).__name__, finished_at=clock.now())
    else:
        state = State.CANCELLED if context.cancelled and result.get("cancelled") else State.DONE
        end(job, holder, state=state, result=result, error="", finished_at=clock.now())


def end(job: Job, holder: str, **news: Any) -> None:
    Job.objects.filter(pk=job.pk, lease_holder=holder).update(lease_until=None, lease_holder="", **news)


def refuse_hopeless(job: Job, clock: Clock) -> None:
    """A job that ends its worker each time must not do so for ever."""
    attempts_max = int(settings_store.value(ATTEMPTS_MAX_KEY, on=clock.today(), default=ATTEMPTS_MAX_DEFAULT))
    if job.attempts > attempts_max:
        raise WrongState(
            zh=f"这项任务已经中断 {attempts_max} 次，不再自动重试。请联系系统管理员查看原因，再点“重试”。",
            en=f"This job was interrupted {attempts_max} times and is not tried again by itself. "
            "Ask the system administrator to look into it, then retry.",
        )
    if job.kind not in _handlers:
        raise WrongState(
            zh=f"这个版本不认识“{job.kind}”这种任务。", en=f"This version knows no jobs of kind “{job.kind}”."
        )
