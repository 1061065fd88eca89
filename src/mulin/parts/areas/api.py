"""The API of areas: the part of the tree that the caller may see, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from mulin.parts.areas import selectors
from mulin.parts.areas.models import Area
from mulin.parts.areas.rules import AreaKind
from mulin.web.api import LAST_PAGE, PAGE_ROWS, READING, CodeWanted, PageNumber, SearchWords, actor_of

router = Router(tags=["areas"])


class AreaOut(Schema):
    """One area in force. `parent_code` is null at the top of the tree."""

    code: str
    name: str
    kind: AreaKind
    parent_code: str | None
    valid_from: date
    longitude: float | None
    latitude: float | None
    household_count: int | None
    resident_count: int | None

    @staticmethod
    def resolve_parent_code(area: Area) -> str | None:
        return area.parent.code if area.parent else None


class AreaPageOut(Schema):
    """One page of areas, in the order of the tree."""

    items: list[AreaOut]
    page: int
    has_next: bool


@dataclass(frozen=True)
class AreaPage:
    """One page as it was read."""

    items: list[Area]
    page: int
    has_next: bool


@router.get("/areas", response={200: AreaPageOut, **READING}, operation_id="areas_list")
def areas_list(
    request: HttpRequest,
    kind: AreaKind | None = None,
    parent: CodeWanted = "",
    words: SearchWords = "",
    page: PageNumber = 1,
) -> AreaPage:
    """Areas in force, in the order of the tree: of one kind, directly below the area of code `parent`, or by name."""
    areas = selectors.areas_below(actor_of(request).paths("areas.view"), kind.value if kind else "")
    if parent:
        areas = areas.filter(parent__code=parent, parent__valid_to__isnull=True)
    if words.strip():
        areas = areas.filter(name__icontains=words.strip())
    start = (page - 1) * PAGE_ROWS
    found = list(
        areas.select_related("parent").defer("boundary", "parent__boundary")[start : start + PAGE_ROWS + 1]
    )
    return AreaPage(found[:PAGE_ROWS], page, len(found) > PAGE_ROWS and page < LAST_PAGE)
