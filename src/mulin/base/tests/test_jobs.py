from datetime import timedelta

import pytest
from django.db import transaction

from mulin.base import jobs, selectors
from mulin.base.models import DatedSetting, Job
from mulin.base.settings_store import put
from mulin.base.tests.conftest import NOON
from mulin.kernel.errors import InvalidInput, WrongState

pytestmark = pytest.mark.django_db
State = Job.State


class Killed(BaseException):
    """What ends a worker without leaving it time for anything."""


@pytest.fixture
def start(monkeypatch, asker):
    def ask_for(handler):
        monkeypatch.setitem(jobs._handlers, "test", handler)
        return jobs.ask(kind="test", title="测试", payload={"rows": 5}, actor=asker, now=NOON)

    return ask_for


def counting(done, *, dies_after=None, before_step=lambda row: None):
    """Writes five rows, one a step; dies once when told to."""
    dies = [dies_after]

    def handle(job):
        for row in range(job.checkpoint.get("row", 0) + 1, job.payload["rows"] + 1):
            before_step(row)
            job.check()
            with transaction.atomic():
                DatedSetting.objects.create(key=f"row{row}", value=1, valid_from=NOON.date(), source="s")
                job.save(done=row, total=5, checkpoint={"row": row})
            done.append(row)
            if dies[0] == row:
                dies[0] = None
                raise Killed
        return {"rows": len(done)}

    return handle


def state_of(job):
    job.refresh_from_db()
    return job.state


def test_a_job_runs_once_and_keeps_its_result(start, clock):
    done = []
    job = start(counting(done))
    assert jobs.run_waiting(clock) == 1
    assert jobs.run_waiting(clock) == 0
    assert state_of(job) == State.DONE
    assert (job.result, job.done, job.total, job.finished_at) == ({"rows": 5}, 5, 5, NOON)


def test_after_a_kill_it_goes_on_where_it_stood(start, clock):
    done = []
    job = start(counting(done, dies_after=3))
    with pytest.raises(Killed):
        jobs.run_waiting(clock)
    assert jobs.run_waiting(clock) == 0, "its lease still holds"
    clock.advance(jobs.LEASE)
    assert jobs.run_waiting(clock) == 1
    assert state_of(job) == State.DONE
    assert done == [1, 2, 3, 4, 5]
    assert job.attempts == 2


def test_a_step_that_was_overtaken_is_undone(start, clock, monkeypatch):
    def overtaken(row):
        if row == 2:
            Job.objects.update(lease_holder="another worker")

    done = []
    job = start(counting(done, before_step=overtaken))
    monkeypatch.setattr(jobs.JobContext, "check", lambda self: None)
    jobs.run_waiting(clock)
    assert done == [1]
    assert DatedSetting.objects.count() == 1
    assert state_of(job) == State.RUNNING, "it belongs to the other worker now"


def test_a_waiting_job_is_cancelled_at_once(start, clock):
    done = []
    job = start(counting(done))
    jobs.cancel(job, NOON)
    assert state_of(job) == State.CANCELLED
    assert jobs.run_waiting(clock) == 0
    with pytest.raises(WrongState):
        jobs.cancel(job, NOON)


def test_a_running_job_ends_at_its_next_step(start, clock):
    done = []
    job = start(counting(done, before_step=lambda row: row == 3 and jobs.cancel(job, NOON)))
    jobs.run_waiting(clock)
    assert state_of(job) == State.CANCELLED
    assert done == [1, 2]


def test_a_cancelled_job_can_be_taken_up_again(start, clock):
    done = []
    cancelled = []

    def cancel_once(row):
        if row == 3 and not cancelled:
            cancelled.append(row)
            jobs.cancel(job, NOON)

    job = start(counting(done, before_step=cancel_once))
    jobs.run_waiting(clock)
    jobs.retry(job)
    jobs.run_waiting(clock)
    assert state_of(job) == State.DONE
    assert done == [1, 2, 3, 4, 5]


def test_a_worker_that_stops_leaves_the_job_to_the_next(start, clock):
    done = []
    job = start(counting(done))
    jobs.run_waiting(clock, is_stopping=lambda: len(done) == 2)
    assert state_of(job) == State.WAITING
    assert jobs.run_waiting(clock) == 1
    assert done == [1, 2, 3, 4, 5]


def test_a_refusal_is_told_in_words_and_a_crash_by_its_name(start, clock, caplog):
    def refuse(job):
        raise InvalidInput(zh="文件已删除。", en="The file was removed.")

    def crash(job):
        raise ZeroDivisionError

    refused = start(refuse)
    jobs.run_waiting(clock)
    crashed = start(crash)
    jobs.run_waiting(clock)
    assert (state_of(refused), refused.error) == (State.FAILED, "文件已删除。")
    assert (state_of(crashed), crashed.error) == (State.FAILED, "ZeroDivisionError")
    assert "Traceback" in caplog.text


def test_a_job_that_kills_its_worker_each_time_is_given_up(start, clock):
    def die(job):
        raise Killed

    put(key="jobs.attempts_max", value=3, valid_from=NOON.date(), source="测试")
    job = start(die)
    for _ in range(3):
        with pytest.raises(Killed):
            jobs.run_waiting(clock)
        clock.advance(jobs.LEASE)
    jobs.run_waiting(clock)
    assert state_of(job) == State.FAILED
    assert "已经中断 3 次" in job.error


def test_a_job_of_a_kind_that_is_gone_fails_in_words(start, clock, monkeypatch):
    job = start(counting([]))
    monkeypatch.delitem(jobs._handlers, "test")
    jobs.run_waiting(clock)
    assert "不认识" in Job.objects.get(pk=job.pk).error


def test_a_lease_of_a_clock_set_back_holds_no_job_up(start, clock):
    job = start(counting([], dies_after=1))
    with pytest.raises(Killed):
        jobs.run_waiting(clock)
    clock.advance(timedelta(days=-1))
    jobs.run_waiting(clock)
    assert state_of(job) == State.DONE


def test_people_see_their_jobs(start, user):
    job = start(counting([]))
    assert selectors.job_list(asked_by_user_id=user.pk) == [job]
    assert selectors.job_list(asked_by_user_id=user.pk + 1) == []
    assert selectors.job_list() == [job]
