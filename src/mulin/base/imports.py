"""Bringing tables in: stage, look, apply in chunks, get back what was rejected.

1. `stage` copies the table's rows, as text, into rows of our own; nothing of the domain is touched.
2. `preview` shows which columns were understood and what is wrong with which row.
3. `apply` stores chunk by chunk. A chunk, its counts and its checkpoint are one transaction: killed anywhere and
   started again, the end is the same to the byte. Stored rows leave the staging table with their chunk.
4. `reject_file` gives back the rejected rows in the table's own columns, with the reason beside each.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import DataError, IntegrityError, transaction
from django.db.models import F

from mulin.base import spreadsheets
from mulin.base.import_columns import Heading, find_heading
from mulin.base.import_kinds import (
    Applied,
    Column,
    ImportContext,
    ImportKind,
    Row,
    register,
    registered,
)
from mulin.base.jobs import JobContext
from mulin.base.models import ImportRow, ImportRun, StoredFile
from mulin.base.workbooks import read_rows
from mulin.kernel.clock import Clock
from mulin.kernel.errors import InvalidInput, MulinError, Text, WrongState

__all__ = [
    "Applied",
    "Column",
    "ImportContext",
    "ImportKind",
    "Preview",
    "Row",
    "apply",
    "cancel",
    "forget_before",
    "job_handler",
    "kind_of",
    "preview",
    "register",
    "registered",
    "reject_file",
    "stage",
]

log = logging.getLogger("mulin.imports")
State = ImportRun.State
STAGE_CHUNK = 1000
PREVIEW_ROWS = 5000
PROBLEMS_SHOWN = 50
REASON_PART_LENGTH = 240
BETWEEN_LANGUAGES = "\x1f"
REASON_TITLE = "原因"

Progress = Callable[[int, int], None]


class Asker(Protocol):
    @property
    def user_id(self) -> int | None: ...


def stage(
    path: Path,
    kind: ImportKind,
    *,
    actor: Asker,
    now: datetime,
    source_name: str = "",
    area_path: str = "",
    options: Mapping[str, Any] | None = None,
    file: StoredFile | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Copy the table at `path` (xlsx, xls, csv) into the staging rows of a run.

    The same table of the same kind, area and options that was begun and not ended is taken up again where it stood.
    Raises InvalidInput for a table that cannot be read or lacks a required column.
    """
    digest = file_digest(path)
    begun = unfinished(kind, digest, area_path, options or {}, actor)
    if begun is not None:
        return begun
    rows = iter(read_rows(path))
    heading = find_heading(rows, kind)
    run = ImportRun.objects.create(
        kind=kind.code,
        area_path=area_path,
        file=file,
        source_name=(source_name or path.name)[:200],
        columns=heading.columns,
        options={**(options or {}), "sha256": digest},
        asked_by_id=actor.user_id,
        created_at=now,
    )
    try:
        run.staged = copy_rows(run, heading, rows, progress)
    except BaseException:
        run.delete()  # a table read halfway is of no use to anyone
        raise
    run.state = State.PREVIEWED
    run.save(update_fields=["staged", "state"])
    return run


def unfinished(
    kind: ImportKind, digest: str, area_path: str, options: Mapping[str, Any], actor: Asker
) -> ImportRun | None:
    """A run of the same person; whether somebody else has begun the same table is none of theirs."""
    open_runs = ImportRun.objects.filter(
        kind=kind.code,
        area_path=area_path,
        asked_by_id=actor.user_id,
        state__in=[State.PREVIEWED, State.APPLYING],
    )
    wanted = {**options, "sha256": digest}
    return next((run for run in open_runs.order_by("-pk") if run.options == wanted), None)


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_rows(run: ImportRun, heading: Heading, rows: Iterator[list[str]], progress: Progress | None) -> int:
    width, staged = len(heading.columns), 0
    numbered = ((number, clean(cells, width)) for number, cells in enumerate(rows, heading.line + 1))
    filled = (ImportRow(run=run, number=number, cells=cells) for number, cells in numbered if any(cells))
    while chunk := list(islice(filled, STAGE_CHUNK)):
        ImportRow.objects.bulk_create(chunk)
        staged += len(chunk)
        if progress:
            progress(staged, 0)
    if not staged:
        raise InvalidInput(
            zh="表格里只有表头，没有内容。",
            en="The table has a heading but no rows.",
            field="file",
            code="table-empty",
        )
    return staged


def clean(cells: Sequence[str], width: int) -> list[str]:
    """As many cells as there are columns, without what no database stores and without a guard of our own exports."""
    kept = [spreadsheets.unguarded(cell.replace("\0", "").strip()) for cell in cells[:width]]
    return kept + [""] * (width - len(kept))


@dataclass(frozen=True)
class Preview:
    """What a person looks at before saying yes. Problems are counted over the first `checked` rows."""

    run: ImportRun
    matched: list[tuple[str, Column]]
    ignored: list[str]
    absent: list[Column]
    sample: list[Row]
    checked: int
    problem_count: int
    problems: list[tuple[int, Text]]


def preview(run: ImportRun, *, actor: Any, now: datetime, sample_rows: int = 10) -> Preview:
    """Reads only. Two queries, and those of the kind's own checks."""
    kind = kind_of(run)
    by_key = {column.key: column for column in kind.columns}
    found = [column["key"] for column in run.columns]
    rows = [as_row(run, row) for row in run.rows.order_by("number")[:PREVIEW_ROWS]]
    problems = list_problems(kind, rows, context_of(run, actor, now))
    return Preview(
        run=run,
        matched=[(item["title"], by_key[item["key"]]) for item in run.columns if item["key"] in by_key],
        ignored=[item["title"] for item in run.columns if item["key"] not in by_key and item["title"]],
        absent=[column for column in kind.columns if column.key not in found],
        sample=rows[:sample_rows],
        checked=len(rows),
        problem_count=len(problems),
        problems=problems[:PROBLEMS_SHOWN],
    )


def list_problems(kind: ImportKind, rows: list[Row], context: ImportContext) -> list[tuple[int, Text]]:
    found: list[tuple[int, Text]] = []
    for start in range(0, len(rows), kind.chunk_rows):
        chunk = rows[start : start + kind.chunk_rows]
        checked = zip(chunk, kind.check_rows(chunk, context), strict=True)
        found.extend((row.number, problem) for row, problem in checked if problem is not None)
    return found


def apply(
    run: ImportRun,
    *,
    actor: Any,
    clock: Clock,
    progress: Progress | None = None,
    in_chunk: Callable[[int], None] | None = None,
    between: Callable[[], None] | None = None,
) -> ImportRun:
    """Store what was staged, from where an earlier attempt stood. Returns the run, done.

    `in_chunk` is called inside each chunk's transaction with the rows done so far, `between` before each chunk; what
    they raise stops the run there. Raises WrongState for a run that was cancelled.
    """
    kind = kind_of(run)
    while True:
        if between:
            between()
        with transaction.atomic():
            run = locked(run)
            if not apply_chunk(run, kind, context_of(run, actor, clock.now())):
                return finish(run, clock.now())
            done = run.created + run.unchanged + run.rejected
            if in_chunk:
                in_chunk(done)
        if progress:
            progress(done, run.staged)


def locked(run: ImportRun) -> ImportRun:
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in {State.STAGING, State.CANCELLED, State.FAILED}:
        raise WrongState(
            zh="这次导入已经取消或没有读完表格，请重新上传。",
            en="This import was cancelled or its table was not read to the end. Please upload it again.",
        )
    return run


def apply_chunk(run: ImportRun, kind: ImportKind, context: ImportContext) -> bool:
    """False when nothing is left."""
    staged = list(run.rows.filter(number__gt=run.applied_through).order_by("number")[: kind.chunk_rows])
    if not staged:
        return False
    rows = [as_row(run, row) for row in staged]
    problems = zip(rows, kind.check_rows(rows, context), strict=True)
    reasons = {row.number: problem for row, problem in problems if problem is not None}
    good = [row for row in rows if row.number not in reasons]
    applied = apply_good(kind, good, context) if good else Applied()
    reasons.update(applied.rejected)
    keep_rejected(staged, reasons)
    run.applied_through, run.state = staged[-1].number, State.APPLYING
    run.created += applied.created
    run.unchanged += applied.unchanged
    run.rejected += len(reasons)
    run.save(update_fields=["applied_through", "state", "created", "unchanged", "rejected"])
    return True


def apply_good(kind: ImportKind, rows: Sequence[Row], context: ImportContext) -> Applied:
    """The chunk at once; if it cannot be stored as a whole, row by row."""
    try:
        with transaction.atomic():
            return kind.apply_rows(rows, context)
    except (MulinError, IntegrityError, DataError) as error:
        if len(rows) == 1:
            return Applied(rejected={rows[0].number: reason_of(error)})
    parts = [apply_good(kind, [row], context) for row in rows]
    return Applied(
        created=sum(part.created for part in parts),
        unchanged=sum(part.unchanged for part in parts),
        rejected={number: text for part in parts for number, text in part.rejected.items()},
    )


def reason_of(error: MulinError | IntegrityError | DataError) -> Text:
    if isinstance(error, MulinError):
        return error.text
    log.warning("an import row was refused by the database: %s", type(error).__name__)
    return Text(
        zh="与已有的记录冲突，或某一格太长，无法保存。请核对后再导入。",
        en="It contradicts what is stored, or a cell is too long. Please check it and import it again.",
    )


def keep_rejected(staged: list[ImportRow], reasons: Mapping[int, Text]) -> None:
    """Rejected rows stay with their reason; stored ones leave with the chunk."""
    rejected = [row for row in staged if row.number in reasons]
    for row in rejected:
        row.reason = packed(reasons[row.number])
    ImportRow.objects.bulk_update(rejected, ["reason"])
    ImportRow.objects.filter(pk__in=[row.pk for row in staged if row.number not in reasons]).delete()


def finish(run: ImportRun, now: datetime) -> ImportRun:
    if run.state != State.DONE:
        run.state, run.finished_at = State.DONE, now
        run.save(update_fields=["state", "finished_at"])
    return run


def cancel(run: ImportRun, now: datetime) -> None:
    """Stop a run for good; chunks already stored stay stored, the rest is forgotten. Raises WrongState if done."""
    open_run = ImportRun.objects.filter(pk=run.pk).exclude(state__in=[State.DONE, State.CANCELLED])
    with transaction.atomic():
        if not open_run.update(state=State.CANCELLED, finished_at=now):
            raise WrongState(zh="这次导入已经结束。", en="This import has already ended.")
        run.rows.filter(reason="").delete()


def reject_file(run: ImportRun, *, as_csv: bool = False) -> bytes:
    """The rejected rows as they were, in the columns of the table, with the reason in a last column."""
    columns = [item["title"] for item in run.columns] + [REASON_TITLE]
    rejected = run.rows.exclude(reason="").order_by("number").iterator(chunk_size=500)
    rows = ([*row.cells, unpacked(row.reason).zh] for row in rejected)
    if as_csv:
        return spreadsheets.write_csv(columns, rows)
    return spreadsheets.write(columns, rows, "未导入")


def rejected_rows(run: ImportRun, limit: int = 100) -> list[tuple[int, list[str], Text]]:
    """Line, cells and reason of what was rejected, for the page."""
    rows = run.rows.exclude(reason="").order_by("number")[:limit]
    return [(row.number, row.cells, unpacked(row.reason)) for row in rows]


def forget_before(moment: datetime) -> int:
    """Remove staged and rejected rows of runs begun before `moment`; the runs with their counts stay.

    A run that nobody finished by then is cancelled: without its rows it could only seem to be done.
    """
    old = ImportRun.objects.filter(created_at__lt=moment)
    with transaction.atomic():
        unfinished_runs = old.exclude(state__in=[State.DONE, State.FAILED, State.CANCELLED])
        unfinished_runs.update(state=State.CANCELLED, finished_at=F("created_at"))
        return ImportRow.objects.filter(run__in=old).delete()[0]


def job_handler(actor_of: Callable[[int | None], Any]) -> Callable[[JobContext], dict[str, Any]]:
    """The handler for jobs whose payload is {"run": public id}; `actor_of` makes the Actor of who asked."""

    def handle(job: JobContext) -> dict[str, Any]:
        run = ImportRun.objects.get(public_id=job.payload["run"])
        job.save(total=run.staged)
        actor = actor_of(job.asked_by_user_id)
        done = apply(
            run,
            actor=actor,
            clock=job.clock,
            in_chunk=lambda rows: job.save(done=rows, checkpoint={"rows": rows}),
            between=job.check,
        )
        return {"created": done.created, "unchanged": done.unchanged, "rejected": done.rejected}

    return handle


def kind_of(run: ImportRun) -> ImportKind:
    return registered()[run.kind]


def context_of(run: ImportRun, actor: Any, now: datetime) -> ImportContext:
    return ImportContext(
        actor=actor, area_path=run.area_path, options=run.options, now=now, source_name=run.source_name
    )


def as_row(run: ImportRun, row: ImportRow) -> Row:
    kind = kind_of(run)
    values = dict.fromkeys((column.key for column in kind.columns), "")
    named = ((item["key"], cell) for item, cell in zip(run.columns, row.cells, strict=True))
    values.update((key, cell) for key, cell in named if key in kind.keys)
    return Row(row.number, values)


def packed(reason: Text) -> str:
    """Both languages in one column."""
    return f"{reason.zh[:REASON_PART_LENGTH]}{BETWEEN_LANGUAGES}{reason.en[:REASON_PART_LENGTH]}"


def unpacked(reason: str) -> Text:
    zh, _, en = reason.partition(BETWEEN_LANGUAGES)
    return Text(zh=zh, en=en or zh)
