"""Which column of somebody's table is which of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mulin.base.import_kinds import ImportKind, plain_title
from mulin.kernel.errors import InvalidInput

TITLE_LINES_MAX = 20
Columns = list[dict[str, str]]


@dataclass(frozen=True)
class Heading:
    """`columns`: title as it stands in the table, and our key, "" for a column we do not know. `line` counts from 1."""

    line: int
    columns: Columns


def find_heading(rows: Iterator[Sequence[str]], kind: ImportKind) -> Heading:
    """Tables of offices often begin with a title over the whole width: the heading is the first line that has every
    required column, else the line that has most. Raises InvalidInput naming the required columns that are missing.

    Takes the lines from `rows` up to the heading and no further.
    """
    best: Heading | None = None
    for line, cells in enumerate(rows, 1):
        heading = Heading(line, match(cells, kind))
        if known(heading) and not missing_titles(heading, kind):
            return heading
        if best is None or known(heading) > known(best):
            best = heading
        if line >= TITLE_LINES_MAX:
            break
    raise lacks_columns(best, kind)


def match(cells: Sequence[str], kind: ImportKind) -> Columns:
    keys = {title: column.key for column in kind.columns for title in column.titles()}
    columns: Columns = []
    taken: set[str] = set()
    for cell in cells:
        key = keys.get(plain_title(cell), "")
        key = "" if key in taken else key
        taken.add(key)
        columns.append({"title": cell.strip()[:200], "key": key})
    return columns


def known(heading: Heading) -> int:
    return sum(bool(column["key"]) for column in heading.columns)


def missing_titles(heading: Heading | None, kind: ImportKind) -> list[tuple[str, str]]:
    found = {column["key"] for column in heading.columns} if heading else set()
    return [(column.zh, column.en) for column in kind.columns if column.required and column.key not in found]


def lacks_columns(heading: Heading | None, kind: ImportKind) -> InvalidInput:
    missing = missing_titles(heading, kind)
    missing_zh = "、".join(f"“{zh}”" for zh, _ in missing) or "可以识别的列"
    missing_en = ", ".join(f"“{en}”" for _, en in missing) or "any column we know"
    found = [column["title"] for column in heading.columns if column["title"]][:20] if heading else []
    return InvalidInput(
        zh=f"表格里没有找到{missing_zh}。读到的表头是：{'、'.join(found) or '（空）'}。请补上这一列，或下载模板填写。",
        en=f"The table lacks {missing_en}. The heading found is: {', '.join(found) or 'empty'}. "
        "Please add the column, or fill in the template.",
        field="file",
        code="table-columns",
    )
