"""What parts bring to pages that gather several of them: lists of the first page, finds of the search.

A part fills these, the portals show them, `config` joins the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from mulin.identity.access import Actor


@dataclass(frozen=True)
class ListRow:
    """One line that opens its matter. `status` and `clock` as the chips draw them; `cells` when the list is a table."""

    title: str
    url: str
    meta: Sequence[str] = ()
    status: Any = None
    clock: Any = None
    cells: Sequence[Any] = ()


@dataclass(frozen=True)
class HomeList:
    """A short list of the first page. With `columns` it is a table: the first names the rows, the others the cells.

    `empty_text` says what it means that there is nothing; `more_text` is worded with the whole count.
    """

    code: str
    title: str
    rows: Sequence[ListRow]
    empty_text: str
    hint: str = ""
    more_url: str = ""
    more_text: str = ""
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class ListProvider:
    """`show` gives the list for whoever asks, or None where it is not theirs; its queries do not grow with the rows."""

    code: str
    show: Callable[[HttpRequest], HomeList | None]
    order: int = 100


@dataclass(frozen=True)
class Hit:
    """One thing found: masked, with a public id in its address."""

    title: str
    url: str
    meta: str = ""


@dataclass(frozen=True)
class FindProvider:
    """What one part can find. `find(actor, text, limit, today)` gives only what the actor may see."""

    code: str
    label: str | Promise
    permission: str
    find: Callable[[Actor, str, int, date], list[Hit]]
    order: int = 100
