"""Tables of areas: Excel or CSV with a code and a name, and level and parent where the code does not tell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mulin.base.import_kinds import plain_title
from mulin.base.workbooks import read_rows
from mulin.cli.tables import existing
from mulin.kernel.errors import InvalidInput
from mulin.parts.areas.services import TreeRow

TITLES = {
    "code": ("code", "编码", "代码", "区划代码", "统计用区划代码", "区域编码"),
    "name": ("name", "名称", "区域名称", "区划名称"),
    "parent": ("parent", "上级", "上级编码", "父级编码", "parentcode"),
    "level": ("level", "级别", "kind", "类型"),
}
HEADING_WITHIN = 20
# A county's own code has six digits; official tables pad it to nine or twelve.
COUNTY_DIGITS = 6


def tree_rows(path: Path, county: str = "") -> Iterator[TreeRow]:
    """The lines of the table; with `county`, only that county, what lies in it, and what it lies in.

    Raises NotFound, and InvalidInput when no line holds both a code and a name column.
    """
    rows = enumerate(read_rows(existing(path)), 1)
    places = heading(rows)
    for line, cells in rows:
        value = {key: cells[place].strip() if place < len(cells) else "" for key, place in places.items()}
        if value["code"] and (not county or belongs(value["code"], county)):
            yield TreeRow(
                code=value["code"],
                name=value["name"],
                parent_code=value.get("parent", "") if value.get("parent", "") not in {"0", ""} else "",
                level=word_of_level(value.get("level", "")),
                line=line,
            )


def belongs(code: str, county: str) -> bool:
    """Whether an area lies in the county or above it, by its official code."""
    return code.startswith(county) or (len(code) < COUNTY_DIGITS and county.startswith(code))


def word_of_level(level: str) -> str:
    """A level written as a number says nothing that the code does not say better."""
    return "" if level.isdigit() else level


def heading(rows: Iterator[tuple[int, Sequence[str]]]) -> dict[str, int]:
    """Which column is which, from the first line that names code and name."""
    for line, cells in rows:
        titles = [plain_title(cell) for cell in cells]
        places = {
            key: next(titles.index(name) for name in names if name in titles)
            for key, names in TITLES.items()
            if any(name in titles for name in names)
        }
        if {"code", "name"} <= places.keys():
            return places
        if line >= HEADING_WITHIN:
            break
    raise InvalidInput(
        zh="表格里没有找到“编码”和“名称”两列。请在表头写明，例如：编码、名称、级别、上级编码。",
        en="The table has no columns “code” and “name”. Please name them in its heading, with level and parent if need be.",
        code="table-without-codes",
        field="file",
    )
