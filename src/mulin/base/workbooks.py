"""Tables in: any xlsx, xls or csv as rows of text. Workbooks are opened in a limited child."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mulin.base import sandbox
from mulin.base.delimited import read_delimited
from mulin.base.file_types import CSV, XLS, XLSX, sniff
from mulin.kernel.errors import InvalidInput, LimitReached, MulinError

log = logging.getLogger("mulin.workbooks")
ROWS_MAX = 1_200_000
COLUMNS_MAX = 512
CELL_LENGTH_MAX = 200_000
WORKBOOK_LIMITS = sandbox.Limits(memory_mb=1536, seconds=60, output_mb=1024)
Row = list[str]


def read_rows(path: Path, *, rows_max: int = ROWS_MAX) -> Iterator[Row]:
    """Row n of the table is the n-th that comes; empty rows come too. Memory stays flat.

    Of a workbook it is the first visible sheet that holds anything. Raises InvalidInput or LimitReached.
    """
    file_type = sniff(path)
    if file_type is CSV:
        yield from within_limits(read_delimited(path), rows_max)
    elif file_type in {XLSX, XLS}:
        yield from read_workbook(path, rows_max)
    else:
        raise not_a_table()


def read_workbook(path: Path, rows_max: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="mulin-table-") as folder:
        lines = Path(folder) / "rows.jsonl"
        try:
            arguments: list[str | Path] = [path.resolve(), lines, str(rows_max), str(COLUMNS_MAX)]
            sandbox.run("mulin.base.sandbox_workbooks", arguments, WORKBOOK_LIMITS)
        except sandbox.Refused as refusal:
            raise refused(refusal) from refusal
        except sandbox.Broken as error:
            log.warning("a workbook could not be read: %s", error)
            raise too_wide_or_broken() from error
        with lines.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file)


def within_limits(rows: Iterator[Row], rows_max: int) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number > rows_max:
            raise too_many("rows", rows_max)
        if len(row) > COLUMNS_MAX:
            raise too_many("columns", COLUMNS_MAX)
        yield row


def refused(refusal: sandbox.Refused) -> MulinError:
    if refusal.code == "too-many-rows":
        return too_many("rows", ROWS_MAX)
    if refusal.code == "too-many-columns":
        return too_many("columns", COLUMNS_MAX)
    if refusal.code == "encrypted":
        return problem(
            "表格设有打开密码。请去掉密码后再上传。",
            "The workbook is protected by a password. Please remove it and upload again.",
            "table-encrypted",
        )
    if refusal.code in {"empty", "no-sheet"}:
        return problem("表格里没有内容。", "There is nothing in the table.", "table-empty")
    if refusal.code == "too-large":
        return LimitReached(
            zh="表格展开后太大，无法读取。请分成几个文件再上传。",
            en="The workbook is too large once unpacked. Please split it into several files.",
            field="file",
            code="table-too-large",
        )
    if refusal.code == "not-a-workbook":
        return not_a_table()
    return too_wide_or_broken()


def problem(zh: str, en: str, code: str) -> InvalidInput:
    return InvalidInput(zh=zh, en=en, code=code, field="file")


def too_many(what: str, limit: int) -> LimitReached:
    what_zh = "行" if what == "rows" else "列"
    return LimitReached(
        zh=f"表格超过 {limit} {what_zh}。请删去空白的{what_zh}，或分成几个文件。",
        en=f"The table has more than {limit} {what}. Please delete empty {what} or split the file.",
        field="file",
        code=f"table-too-many-{what}",
    )


def too_wide_or_broken() -> InvalidInput:
    return problem(
        "表格打不开：可能已损坏，或有一格内容落在很远的行列。请把内容复制到一个新表格，另存为 xlsx 后再上传。",
        "The workbook cannot be opened: it is damaged, or a cell lies far out. "
        "Please copy the content into a new workbook, save it as xlsx and upload again.",
        "table-broken",
    )


def not_a_table() -> InvalidInput:
    return problem(
        "这个文件不是表格。请上传 xlsx、xls 或 csv 文件（看内容，不看后缀名）。",
        "This file is not a table. Please upload xlsx, xls or csv (what counts is the content, not the name).",
        "table-kind",
    )
