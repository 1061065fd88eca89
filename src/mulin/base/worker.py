"""The worker: sends what waits in the outbox, does what is due, runs the jobs that were asked for.

Each of the three goes at its own pace, so that a long job holds up no message. Several workers may run at once, and
any of them may be killed at any moment: whatever it held comes free by itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.db import DatabaseError, close_old_connections, connection

from mulin.base import jobs, leases, outbox, periodic, wakeup
from mulin.base.models import Heartbeat, Job, PeriodicRun
from mulin.kernel.clock import Clock

log = logging.getLogger("mulin.worker")
POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0
HEARTBEAT_KEPT = timedelta(days=1)
STOP_SECONDS = 10.0
BATCH = 50
ROUNDS_MAX = 10_000


class Stop(Protocol):
    """What tells the worker to end; a threading.Event is one."""

    def is_set(self) -> bool: ...
    def wait(self, timeout: float | None = None) -> bool: ...


Step = Callable[[], int]


@dataclass
class Worker:
    """One worker process. `holder` names its leases."""

    clock: Clock
    stop: Stop
    holder: str = field(default_factory=leases.new_holder)
    started_at: datetime | None = None

    def steps(self) -> dict[str, Step]:
        """One round of each lane; each returns how much it did."""
        return {
            "outbox": lambda: outbox.deliver_waiting(self.clock, BATCH, self.holder).total,
            "periodic": lambda: periodic.run_due(self.clock, self.holder),
            "jobs": lambda: jobs.run_waiting(self.clock, 1, self.holder, self.stop.is_set),
        }

    def run_once(self) -> int:
        """One round of everything, here and now; how much was done."""
        self.beat()
        return sum(step() for step in self.steps().values())

    def drain(self) -> int:
        """Rounds until nothing is left that is due."""
        total = 0
        for _ in range(ROUNDS_MAX):
            done = self.run_once()
            total += done
            if not done or self.stop.is_set():
                break
        return total

    def run(self) -> None:
        """Work until told to stop."""
        self.started_at = self.clock.now()
        bells = {name: threading.Event() for name in self.steps()}
        lanes = [
            threading.Thread(
                target=self.keep_doing, args=(step, bells[name]), name=f"mulin-{name}", daemon=True
            )
            for name, step in self.steps().items()
        ]
        lanes.append(threading.Thread(target=self.keep_beating, name="mulin-heartbeat", daemon=True))
        for lane in lanes:
            lane.start()
        self.listen(list(bells.values()))
        for lane in lanes:
            lane.join(STOP_SECONDS)
        forget(self.holder)
        connection.close()

    def keep_doing(self, step: Step, bell: threading.Event) -> None:
        """A lane: work while there is any, else wait for the bell; a database that is gone is waited for."""
        while not self.stop.is_set():
            bell.clear()
            if not self.attempt(step):
                bell.wait(POLL_SECONDS)
        connection.close()

    def keep_beating(self) -> None:
        """Say that this process lives, and keep what its long work holds."""
        while not self.stop.is_set():
            self.attempt(self.beat)
            self.stop.wait(BEAT_SECONDS)
        connection.close()

    def attempt(self, step: Step) -> int:
        close_old_connections()
        try:
            return step()
        except DatabaseError as error:
            log.warning("the database does not answer (%s); trying again", type(error).__name__)
            connection.close()
        # One lane's unforeseen fault must not silence the others: it is logged in full, and its rows still wait.
        except Exception:
            log.exception("a round of the worker failed; trying again")
        return 0

    def listen(self, bells: list[threading.Event]) -> None:
        """Pass the database's bell on to the lanes until told to stop; while the line is broken they look by themselves."""
        bell = wakeup.new_bell()
        while not self.stop.is_set():
            try:
                rung = bell.wait(POLL_SECONDS) if bell else self.stop.wait(POLL_SECONDS)
            except wakeup.LineBroken:
                self.stop.wait(POLL_SECONDS)
                continue
            if rung:
                for lane_bell in bells:
                    lane_bell.set()
        if bell:
            bell.hang_up()

    def beat(self) -> int:
        """Write the heartbeat and prolong the leases of work that is still going on; returns 0, it is no work."""
        now = self.clock.now()
        Heartbeat.objects.update_or_create(
            name=self.holder,
            defaults={"kind": "worker", "seen_at": now},
            create_defaults={"kind": "worker", "seen_at": now, "started_at": self.started_at or now},
        )
        Heartbeat.objects.filter(seen_at__lt=now - HEARTBEAT_KEPT).delete()
        running = Job.objects.filter(state=Job.State.RUNNING)
        leases.renew(running, holder=self.holder, now=now, duration=jobs.LEASE)
        leases.renew(PeriodicRun.objects.all(), holder=self.holder, now=now, duration=periodic.LEASE)
        return 0


def forget(holder: str) -> None:
    """A worker that ended in good order is not missed."""
    Heartbeat.objects.filter(name=holder).delete()


def run(clock: Clock, stop: Stop) -> None:
    """What `mulin worker` calls: work until `stop` is set."""
    Worker(clock, stop).run()


def run_once(clock: Clock) -> int:
    """`mulin worker --once`: one round, then end; how much was done."""
    return finish(Worker(clock, threading.Event()), Worker.run_once)


def drain(clock: Clock) -> int:
    """`mulin worker --drain`: everything that is due, then end; how much was done."""
    return finish(Worker(clock, threading.Event()), Worker.drain)


def finish(worker: Worker, work: Callable[[Worker], int]) -> int:
    try:
        return work(worker)
    finally:
        forget(worker.holder)
