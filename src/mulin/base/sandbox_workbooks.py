"""Run in a limited child: check one workbook's zip directory, then write its first sheet with cells as JSON lines.

    python -m mulin.base.sandbox_workbooks LIMITS IN OUT ROWS_MAX COLUMNS_MAX

One line is one row, a list of texts; row n stands in line n, empty rows too.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from mulin.base.sandbox import MEGABYTE, Refused, child_main

UNPACKED_MAX = 512 * MEGABYTE
PACKED_RATIO_MAX = 300
RATIO_COUNTS_FROM = 8 * MEGABYTE
MEMBERS_MAX = 2_000
EXACT_MAX = 10**15
EMPTY_RUN_MAX = 100_000


def convert(arguments: list[str]) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook

    source, target, rows_max, columns_max = arguments
    with open(source, "rb") as file:  # noqa: PTH123 the child keeps its imports few
        if file.read(2) == b"PK":
            check_directory(source)
    try:
        book = CalamineWorkbook.from_path(source)
        sheets = [sheet for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")]
        if not sheets:
            raise Refused("no-sheet", {})
        return write_first_with_cells(
            book, [sheet.name for sheet in sheets], target, int(rows_max), int(columns_max)
        )
    except (CalamineError, OSError, ValueError) as error:
        if "password" in type(error).__name__.lower():
            raise Refused("encrypted", {}) from error
        raise Refused("broken", {"why": type(error).__name__}) from error


def check_directory(source: str) -> None:
    """Sizes as the directory states them; a member that lies about its own is stopped by the limits of this process."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refused("broken", {"why": type(error).__name__}) from error
    names = {member.filename for member in members}
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MEMBERS_MAX or unpacked > UNPACKED_MAX:
        raise Refused("too-large", {"unpacked_mb": unpacked // MEGABYTE})
    if unpacked > RATIO_COUNTS_FROM and unpacked / packed > PACKED_RATIO_MAX:
        raise Refused("too-large", {"unpacked_mb": unpacked // MEGABYTE})
    if any(member.flag_bits & 1 for member in members):
        raise Refused("encrypted", {})
    if "[Content_Types].xml" not in names:
        raise Refused("not-a-workbook", {})


def write_first_with_cells(
    book: Any, names: Iterable[str], target: str, rows_max: int, columns_max: int
) -> dict[str, Any]:
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.width > columns_max:
            raise Refused("too-many-columns", {"columns": sheet.width})
        rows = write_rows(sheet.iter_rows(), target, rows_max)
        if rows:
            return {"sheet": name, "rows": rows}
    raise Refused("empty", {})


def write_rows(rows: Iterable[list[Any]], target: str, rows_max: int) -> int:
    """Lines written up to the last row that holds anything."""
    written = waiting = 0
    with open(target, "w", encoding="utf-8") as out:  # noqa: PTH123
        for row in rows:
            cells = [shown(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if not cells:
                waiting += 1
                if waiting > EMPTY_RUN_MAX:
                    break
                continue
            out.write("[]\n" * waiting + json.dumps(cells) + "\n")
            written += waiting + 1
            waiting = 0
            if written > rows_max:
                raise Refused("too-many-rows", {"rows": written})
    return written


def shown(value: Any) -> str:
    """A cell as somebody would read it; a number with more digits than a sheet keeps shows that it lost some."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return shown_number(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value.total_seconds()) if isinstance(value, timedelta) else str(value)


def shown_number(value: float) -> str:
    if abs(value) >= EXACT_MAX:
        return f"{value:.14E}"
    return str(int(value)) if float(value).is_integer() else repr(value)


if __name__ == "__main__":
    child_main(convert)
