"""The API of partners: who serves in the caller's areas. Names of persons and telephones stay inside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from mulin.parts.partners.models import Partner
from mulin.parts.partners.rules import PartnerKind, PartnerState
from mulin.parts.partners.selectors import PartnerFilter, partner_list
from mulin.web.api import LAST_PAGE, PAGE_ROWS, READING, CodeWanted, PageNumber, SearchWords, actor_of

router = Router(tags=["partners"])


class PartnerOut(Schema):
    """One partner. Dispatch a request to it by its `public_id`."""

    public_id: str
    name: str
    kind: PartnerKind
    state: PartnerState
    area_code: str
    area: str
    categories: list[str]
    introduction: str
    admitted_at: datetime | None


class PartnerPageOut(Schema):
    """One page of partners, by name; `total` counts all that match."""

    items: list[PartnerOut]
    page: int
    has_next: bool
    total: int


@router.get("/partners", response={200: PartnerPageOut, **READING}, operation_id="partners_list")
def partners_list(
    request: HttpRequest,
    state: PartnerState | None = None,
    kind: PartnerKind | None = None,
    category: CodeWanted = "",
    words: SearchWords = "",
    page: PageNumber = 1,
) -> dict[str, Any]:
    """25 partners of the areas that the caller may see."""
    asked = PartnerFilter(
        state=state.value if state else "", kind=kind.value if kind else "", category=category, words=words
    )
    start = (page - 1) * PAGE_ROWS
    found = partner_list(actor_of(request), asked, offset=start, limit=PAGE_ROWS)
    return {
        "items": [shown(partner) for partner in found.rows],
        "page": page,
        "has_next": start + PAGE_ROWS < found.total and page < LAST_PAGE,
        "total": found.total,
    }


def shown(partner: Partner) -> dict[str, Any]:
    return {
        "public_id": partner.public_id,
        "name": partner.name,
        "kind": partner.kind,
        "state": partner.state,
        "area_code": partner.area.code,
        "area": partner.area.name,
        "categories": [category.code for category in partner.categories.all()],
        "introduction": partner.introduction,
        "admitted_at": partner.admitted_at,
    }
