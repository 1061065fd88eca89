import csv
import subprocess
import sys
import tracemalloc
from io import BytesIO, StringIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import IntegrityError

from mulin.base import import_kinds, imports, jobs, spreadsheets
from mulin.base.models import DatedSetting, ImportRow, ImportRun, Job
from mulin.base.tests.conftest import NOON
from mulin.base.tests.import_examples import apply_rows, example_kind
from mulin.kernel.errors import Conflict, InvalidInput, WrongState

pytestmark = pytest.mark.django_db
NOBODY = SimpleNamespace(user_id=None)
HEADING = "名称,数值,备注,街道自填\n"


@pytest.fixture
def kind(monkeypatch):
    def use(**more):
        chosen = example_kind(**more)
        monkeypatch.setitem(import_kinds._kinds, chosen.code, chosen)
        return chosen

    return use


@pytest.fixture
def stage(tmp_path, kind):
    def stage_text(text, *, chosen=None, **more):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return imports.stage(path, chosen or kind(), actor=NOBODY, now=NOON, **more)

    return stage_text


def finish(run, clock, **more):
    return imports.apply(run, actor=NOBODY, clock=clock, **more)


def counts(run):
    return run.created, run.unchanged, run.rejected


def stored():
    return dict(DatedSetting.objects.values_list("key", "value"))


def many_rows(count=600):
    """Every seventh row is wrong."""
    return HEADING + "".join(f"k{n},{'x' if n % 7 == 0 else n},备注{n},\n" for n in range(1, count + 1))


def test_nothing_of_the_domain_is_touched_before_applying(stage, clock):
    run = stage(HEADING + "a,1,,\nb,2,,\n")
    assert (run.state, run.staged) == (ImportRun.State.PREVIEWED, 2)
    assert stored() == {}
    done = finish(run, clock)
    assert stored() == {"a": 1, "b": 2}
    assert (done.state, counts(done), done.finished_at) == (ImportRun.State.DONE, (2, 0, 0), NOON)


def test_the_preview_tells_columns_and_problems_with_their_lines(stage):
    run = stage("参数名（必填）,数 值,街道自填\na,1,x\nb,三,y\n")
    preview = imports.preview(run, actor=NOBODY, now=NOON)
    assert [(title, column.key) for title, column in preview.matched] == [
        ("参数名（必填）", "name"),
        ("数 值", "value"),
    ]
    assert preview.ignored == ["街道自填"]
    assert [column.key for column in preview.absent] == ["remark"]
    assert [(number, text.zh) for number, text in preview.problems] == [(3, "数值不是整数。")]
    assert (preview.checked, preview.problem_count) == (2, 1)
    assert preview.sample[0].values == {"name": "a", "value": "1", "remark": ""}
    assert stored() == {}


def test_a_title_over_the_whole_sheet_is_stepped_over(stage, clock):
    run = stage("青禾县参数登记表,,\n填表日期：2026-03-01,,\n\n名称,数值\na,1\n")
    assert run.staged == 1
    assert imports.preview(run, actor=NOBODY, now=NOON).sample[0].number == 5


def test_a_missing_column_is_named_with_what_was_found(stage):
    with pytest.raises(InvalidInput) as caught:
        stage("名称,备注\na,b\n")
    assert "没有找到“数值”" in caught.value.text.zh
    assert "名称、备注" in caught.value.text.zh
    assert "lacks “Value”" in caught.value.text.en
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("text", [HEADING, HEADING + "\n,,,\n"])
def test_a_table_without_rows_is_refused(stage, text):
    with pytest.raises(InvalidInput, match="只有表头"):
        stage(text)
    assert not ImportRun.objects.exists()


def test_a_table_that_breaks_off_leaves_nothing(stage):
    with pytest.raises(InvalidInput, match="引号"):
        stage(HEADING + "a,1,,\n" * 1500 + '"' + "x" * 300_000)
    assert not ImportRow.objects.exists()


def test_the_same_table_again_creates_nothing(stage, clock):
    text = HEADING + "a,1,,\nb,2,,\n"
    finish(stage(text), clock)
    again = finish(stage(text), clock)
    assert counts(again) == (0, 2, 0)


def test_rejected_rows_come_back_in_their_own_columns_with_the_reason(stage, clock):
    DatedSetting.objects.create(key="c", value=9, valid_from=NOON.date(), source="s")
    run = finish(stage(HEADING + "a,1,,\nb,三,好,=1+1\nc,3,,x\n"), clock)
    assert counts(run) == (1, 0, 2)
    table = list(csv.reader(StringIO(imports.reject_file(run, as_csv=True).decode("utf-8-sig"))))
    assert table == [
        ["名称", "数值", "备注", "街道自填", "原因"],
        ["b", "三", "好", "'=1+1", "数值不是整数。"],
        ["c", "3", "", "x", "库里已有另一个值。"],
    ]
    sheet = openpyxl.load_workbook(BytesIO(imports.reject_file(run))).active
    assert [cell.value for cell in sheet[2]] == ["b", "三", "好", "=1+1", "数值不是整数。"]
    assert imports.rejected_rows(run)[0][2].en == "The value is not a whole number."


def test_the_reject_file_can_be_corrected_and_brought_in(stage, clock):
    run = finish(stage(HEADING + "b,三,好,=1+1\n"), clock)
    corrected = imports.reject_file(run, as_csv=True).replace("三".encode(), b"3")
    assert counts(finish(stage(corrected), clock)) == (1, 0, 0)


def test_stored_rows_leave_the_staging_table(stage, clock):
    run = finish(stage(HEADING + "a,1,,\nb,x,,\n"), clock)
    assert [row.number for row in run.rows.all()] == [3]
    assert imports.forget_before(NOON.replace(year=2027)) == 1
    assert ImportRun.objects.get().created == 1


def test_a_run_that_nobody_finished_is_cancelled_before_its_rows_go(stage, kind, clock):
    run = stage(many_rows(), chosen=kind(chunk_rows=100))
    with pytest.raises(Killed):
        finish(run, clock, progress=die)
    imports.forget_before(NOON.replace(year=2027))
    run.refresh_from_db()
    assert run.state == ImportRun.State.CANCELLED
    with pytest.raises(WrongState):
        finish(run, clock)


def test_the_same_table_of_somebody_else_is_a_run_of_their_own(stage, tmp_path, kind, asker):
    run = stage(HEADING + "a,1,,\n")
    other = imports.stage(tmp_path / "table.csv", kind(), actor=asker, now=NOON)
    assert other.pk != run.pk


def die(*_):
    raise Killed


@pytest.mark.parametrize("error", [Conflict(zh="撞了", en="taken"), IntegrityError("canary")])
def test_one_row_that_cannot_be_stored_does_not_take_its_chunk_along(stage, kind, clock, error):
    def refuses_b(rows, context):
        applied = apply_rows(rows, context)
        if any(row.values["name"] == "b" for row in rows):
            raise error
        return applied

    run = finish(stage(HEADING + "a,1,,\nb,2,,\nc,3,,\n", chosen=kind(apply_rows=refuses_b)), clock)
    assert stored() == {"a": 1, "c": 3}
    assert counts(run) == (2, 0, 1)
    assert "canary" not in imports.rejected_rows(run)[0][2].zh


class Killed(BaseException):
    """Ends everything at once."""


def killed_run(stage, kind, clock, at):
    """Brings the table in, killed once inside a chunk or between two, and taken up again by the same upload."""
    text = many_rows()
    calls = []

    def dies(*_):
        calls.append(1)
        if len(calls) == 3:
            raise Killed

    with pytest.raises(Killed):
        finish(stage(text, chosen=kind(chunk_rows=100)), clock, **{at: dies})
    run = stage(text, chosen=kind(chunk_rows=100))
    assert ImportRun.objects.count() == 1
    assert 0 < run.applied_through < 600
    return finish(run, clock)


@pytest.mark.parametrize("at", ["in_chunk", "between", "progress"])
def test_taken_up_after_a_kill_the_end_is_the_same_to_the_byte(stage, kind, clock, at):
    killed = killed_run(stage, kind, clock, at)
    seen = counts(killed), stored(), imports.reject_file(killed, as_csv=True)
    ImportRun.objects.all().delete()
    DatedSetting.objects.all().delete()
    unbroken = finish(stage(many_rows(), chosen=kind(chunk_rows=100)), clock)
    assert seen == (counts(unbroken), stored(), imports.reject_file(unbroken, as_csv=True))
    assert counts(unbroken) == (515, 0, 85)


@pytest.mark.django_db(transaction=True)
def test_kill_9_in_the_middle_of_an_import_changes_nothing_in_the_end(stage, kind, clock, child_environment):
    run = stage(many_rows(), chosen=kind(chunk_rows=50))
    command = [sys.executable, "-m", "mulin.base.tests.import_examples", run.public_id]
    for chunks in (2, 3):
        with subprocess.Popen(command, env=child_environment, stdout=subprocess.PIPE) as process:
            assert process.stdout.read(chunks) == b"." * chunks
            process.kill()
    run.refresh_from_db()
    assert 0 < run.applied_through < 600
    done = finish(run, clock)
    assert counts(done) == (515, 0, 85)
    assert stored() == {f"k{n}": n for n in range(1, 601) if n % 7}
    assert len(imports.reject_file(done, as_csv=True).splitlines()) == 86


def test_a_cancelled_import_stops_and_keeps_what_was_stored(stage, kind, clock):
    run = stage(many_rows(), chosen=kind(chunk_rows=100))
    with pytest.raises(WrongState):
        finish(run, clock, progress=lambda done, total: done == 200 and imports.cancel(run, NOON))
    assert len(stored()) == 172
    with pytest.raises(WrongState):
        finish(run, clock)


def test_an_import_runs_as_a_job_with_progress(stage, clock, asker, monkeypatch):
    run = stage(HEADING + "a,1,,\nb,x,,\n")
    handler = imports.job_handler(lambda user_id: SimpleNamespace(user_id=user_id))
    monkeypatch.setitem(jobs._handlers, "import", handler)
    jobs.ask(kind="import", title="导入", payload={"run": run.public_id}, actor=asker, now=NOON)
    jobs.run_waiting(clock)
    job = Job.objects.get()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 2, 2)
    assert job.result == {"created": 1, "unchanged": 0, "rejected": 1}


def test_a_workbook_comes_in_like_a_csv(tmp_path, kind, clock):
    path = tmp_path / "table.xlsx"
    path.write_bytes(spreadsheets.write(["名称", "数值"], [["=a", 1], ["b", 2]], "表"))
    finish(imports.stage(path, kind(), actor=NOBODY, now=NOON), clock)
    assert stored() == {"=a": 1, "b": 2}


def test_two_columns_of_one_title_are_not_mixed_up(stage, clock):
    finish(stage("名称,数值,数值\na,1,2\n"), clock)
    assert stored() == {"a": 1}


def test_memory_stays_flat_whatever_the_length(stage, kind, clock):
    def peak(count):
        tracemalloc.start()
        run = stage(many_rows(count), chosen=kind(chunk_rows=100))
        finish(run, clock)
        peak_bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak_bytes

    peak(500)
    assert peak(8000) < peak(2000) + 4_000_000
