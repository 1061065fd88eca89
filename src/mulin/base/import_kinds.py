"""What a part says about a table that can be brought in: its columns, and what becomes of its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from mulin.kernel.errors import Text


@dataclass(frozen=True)
class Column:
    """One column. It is found under its Chinese or English title, its key, or one of `synonyms`."""

    key: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    help: Text | None = None

    def titles(self) -> set[str]:
        return {plain_title(title) for title in (self.key, self.zh, self.en, *self.synonyms)}


class Row(NamedTuple):
    """One row by column keys; every column is there, "" where the table has nothing. `number` is its line."""

    number: int
    values: dict[str, str]


class Applied(NamedTuple):
    """What became of a chunk. `rejected`: line number to reason, for rows that only the database could refuse."""

    created: int = 0
    unchanged: int = 0
    rejected: Mapping[int, Text] = {}


@dataclass(frozen=True)
class ImportContext:
    """`actor` is identity's Actor, as whom the rows are stored; `options` is what was chosen for the run."""

    actor: Any
    area_path: str
    options: Mapping[str, Any]
    now: datetime
    source_name: str


CheckRows = Callable[[Sequence[Row], ImportContext], Sequence[Text | None]]
ApplyRows = Callable[[Sequence[Row], ImportContext], Applied]


@dataclass(frozen=True)
class ImportKind:
    """One kind of table.

    `check_rows` says for each row what is wrong with it, or None; it reads but never writes. `apply_rows` stores rows
    that passed, inside a transaction; it must find rows stored earlier unchanged, so that a table can be brought in
    twice. When it raises one of our errors, the rows are tried one by one. `page` is the route of its own page, for a
    table that needs more than the file; without one it is brought in like all others.
    """

    code: str
    title: Text
    columns: Sequence[Column]
    permission: str
    check_rows: CheckRows
    apply_rows: ApplyRows
    chunk_rows: int = 500
    page: str = ""
    keys: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", frozenset(column.key for column in self.columns))


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    _kinds[kind.code] = kind


def registered() -> dict[str, ImportKind]:
    return dict(_kinds)


def plain_title(title: str) -> str:
    """A heading as it counts for comparison: full width made half, no blanks, no remarks in brackets, no stars.

    >>> plain_title(" 姓 名（必填）* "), plain_title("Phone Number")
    ('姓名', 'phonenumber')
    """
    folded = unicodedata.normalize("NFKC", title).lower()
    without_remarks = re.sub(r"\(.*?\)|【.*?】|\[.*?\]", "", folded)
    return re.sub(r"[\s*:：_\-]", "", without_remarks) or re.sub(r"\s", "", folded)
