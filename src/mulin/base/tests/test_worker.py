import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from mulin.base import channels, jobs, outbox, periodic, selectors, wakeup, worker
from mulin.base.models import Heartbeat, Job, OutboxMessage
from mulin.base.tests.conftest import NOON
from mulin.kernel.clock import SystemClock

State = OutboxMessage.State
MESSAGES = 60


@pytest.fixture
def everything(monkeypatch, asker):
    """One of each kind of work."""
    seen = []
    monkeypatch.setattr(periodic, "_registered", {})
    periodic.register("test", 3600, lambda clock: seen.append("periodic") or "")
    monkeypatch.setitem(jobs._handlers, "test", lambda job: seen.append("job"))
    monkeypatch.setitem(channels._channels, "test", Telling(seen))
    jobs.ask(kind="test", title="t", payload={}, actor=asker, now=NOON)
    for number in range(worker.BATCH + 1):
        outbox.queue(channel="test", subject="", body="b", now=NOON, once_key=f"k{number}")
    return seen


class Telling:
    def __init__(self, seen):
        self.seen = seen

    def deliver(self, message, clock):
        self.seen.append(message.once_key)
        return "test"


@pytest.mark.django_db
def test_one_round_does_a_batch_of_each(everything, clock):
    assert worker.run_once(clock) == worker.BATCH + 2
    assert {"periodic", "job"} < set(everything)


@pytest.mark.django_db
def test_draining_leaves_nothing_that_is_due(everything, clock):
    assert worker.drain(clock) == worker.BATCH + 3
    assert selectors.outbox_overview(clock.now()).waiting == 0
    assert worker.drain(clock) == 0
    assert not Heartbeat.objects.exists(), "a worker that ended in good order is not missed"


@pytest.mark.django_db
def test_a_heartbeat_tells_who_is_alive_and_keeps_the_leases_of_running_work(clock, asker, monkeypatch):
    alive = worker.Worker(clock, threading.Event())

    def long_work(job):
        clock.advance(jobs.LEASE - timedelta(seconds=1))
        alive.beat()
        clock.advance(timedelta(seconds=2))
        assert jobs.run_waiting(clock, holder="another") == 0

    monkeypatch.setitem(jobs._handlers, "test", long_work)
    jobs.ask(kind="test", title="t", payload={}, actor=asker, now=NOON)
    alive.run_once()
    assert Job.objects.get().state == Job.State.DONE
    assert selectors.workers_alive(clock.now()) == 1
    clock.advance(timedelta(minutes=1))
    assert selectors.workers_alive(clock.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_a_running_worker_does_what_comes_in_and_stops_when_told(everything):
    stop = threading.Event()
    running = threading.Thread(target=worker.run, args=(SystemClock(), stop))
    running.start()
    try:
        assert wait_until(lambda: not OutboxMessage.objects.filter(state=State.WAITING).exists())
        assert wait_until(lambda: Job.objects.filter(state=Job.State.DONE).exists())
        outbox.queue(channel="test", subject="", body="b", now=SystemClock().now(), once_key="late")
        assert wait_until(lambda: "late" in everything)
    finally:
        stop.set()
        running.join(30)
    assert not running.is_alive()
    assert not Heartbeat.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_queueing_rings_the_bell_when_it_commits():
    bell = wakeup.new_bell()
    assert bell.wait(0.01) is False
    outbox.queue(channel="inbox", subject="", body="b", now=NOON, once_key="k")
    assert bell.wait(30) is True
    bell.line.close()
    with pytest.raises(wakeup.LineBroken):
        bell.wait(0.01)
    assert bell.wait(0.01) is False, "the next wait makes another line"
    bell.hang_up()


def wait_until(holds, seconds=60):
    for _ in range(int(seconds / 0.05)):
        if holds():
            return True
        threading.Event().wait(0.05)
    return False


@contextmanager
def sink_worker(sink, environment, *flags):
    command = [sys.executable, "-m", "mulin.base.tests.sink_worker", str(sink), "4", *flags]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def queue_messages():
    for number in range(MESSAGES):
        outbox.queue(channel="inbox", subject="", body="b", now=NOON, once_key=f"k{number}")
    OutboxMessage.objects.update(channel="sink")


def kill_in_the_middle(sink, environment, kills, *flags):
    """Kill a worker each time some sendings after it began one."""
    for round_number in range(kills):
        with sink_worker(sink, environment, *flags) as process:
            process.stdout.read(5 + round_number)


def let_one_finish(sink, environment, *flags):
    with sink_worker(sink, environment, *flags):
        assert wait_until(lambda: not OutboxMessage.objects.filter(state=State.WAITING).exists(), 90)


def delivered(sink):
    return sink.read_text().split()


@pytest.mark.django_db(transaction=True)
def test_kill_9_in_the_middle_of_sending_loses_nothing(tmp_path, child_environment):
    sink, kills = tmp_path / "sink", 4
    queue_messages()
    kill_in_the_middle(sink, child_environment, kills)
    assert len(set(delivered(sink))) < MESSAGES
    let_one_finish(sink, child_environment)
    got = delivered(sink)
    assert set(got) == {f"k{number}" for number in range(MESSAGES)}
    assert len(got) - MESSAGES <= kills, "at most the one in flight at each kill is sent again"


@pytest.mark.django_db(transaction=True)
def test_marking_before_sending_would_lose_messages(tmp_path, child_environment):
    sink = tmp_path / "sink"
    queue_messages()
    kill_in_the_middle(sink, child_environment, 4, "mark-first")
    let_one_finish(sink, child_environment, "mark-first")
    assert len(set(delivered(sink))) < MESSAGES


@pytest.mark.django_db(transaction=True)
def test_two_worker_processes_share_the_work(tmp_path, child_environment):
    sink = tmp_path / "sink"
    queue_messages()
    with sink_worker(sink, child_environment):
        let_one_finish(sink, child_environment)
    assert sorted(delivered(sink)) == sorted(f"k{number}" for number in range(MESSAGES))
