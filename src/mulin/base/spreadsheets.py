"""Tables out: xlsx in which every text stays text, and csv that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, BinaryIO

import xlsxwriter

from mulin.kernel.clock import COUNTY_TIME_ZONE

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
CELL_LENGTH_MAX = 32_767
EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
FORMULA_STARTS = "=+-@\t\r\n;|%＝＋－＠"
INVISIBLE = " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"


def write(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """One sheet as xlsx bytes; see `write_to`."""
    target = BytesIO()
    write_to(target, columns, rows, title)
    return target.getvalue()


def write_to(target: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> None:
    """Write one sheet row by row, so that memory stays flat.

    Text is written as text whatever it looks like; numbers of more than 15 digits too; dates as 2026-01-31.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        heading = book.add_format({"bold": True, "bg_color": "#EEF2EE", "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(sheet_name(title))
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            sheet.set_column(place, place, min(40, max(10, 2 * len(name) + 2)), text)
            sheet.write_string(0, place, name, heading)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                write_cell(sheet, number, place, value, text)


def write_cell(sheet: Any, number: int, place: int, value: Any, text: Any) -> None:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and is_exact(value):
        sheet.write_number(number, place, value)
        return
    shown = shown_value(value)
    if shown:
        sheet.write_string(number, place, shown[:CELL_LENGTH_MAX], text)


def is_exact(value: float | Decimal) -> bool:
    return len(re.sub(r"\D", "", str(value))) <= EXACT_DIGITS and str(value).lower() not in {
        "nan",
        "inf",
        "-inf",
        "infinity",
        "-infinity",
    }


def shown_value(value: Any) -> str:
    """A value as text: moments in the county's time, days as 2026-01-31, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        local = value.astimezone(COUNTY_TIME_ZONE) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def sheet_name(title: str) -> str:
    """What Excel accepts as the name of a sheet.

    >>> sheet_name("诉求[1]: 2026/03")
    '诉求1 202603'
    """
    return re.sub(r"[\[\]:*?/\\']", "", title).strip()[:31] or "Sheet1"


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with the mark that Excel needs, every field quoted and guarded."""
    return "".join(csv_lines(columns, rows)).encode("utf-8")


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The same piece by piece, for answers that stream."""
    yield "\ufeff" + csv_line(columns)
    for row in rows:
        yield csv_line(row)


def csv_line(row: Sequence[Any]) -> str:
    line = StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [csv_value(value) for value in row]
    )
    return line.getvalue()


def csv_value(value: Any) -> str:
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return str(value) if is_number and is_exact(value) else guarded(shown_value(value))


def guarded(text: str) -> str:
    """Text that a spreadsheet would run gets an apostrophe in front, behind whatever invisible it hides.

    >>> guarded("=1+1"), guarded("\\ufeff＝1"), guarded("3-1")
    ("'=1+1", "'\\ufeff＝1", '3-1')
    """
    return f"'{text}" if is_formula_like(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and is_formula_like(text[1:]) else text


def is_formula_like(text: str) -> bool:
    bare = text.lstrip(INVISIBLE)
    return bool(bare) and bare[0] in FORMULA_STARTS
