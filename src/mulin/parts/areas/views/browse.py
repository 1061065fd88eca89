"""The tree browser, one area's page, and the notice that is posted in a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mulin.identity.access import Actor
from mulin.parts.areas import selectors
from mulin.parts.areas.models import Area
from mulin.parts.areas.views import words
from mulin.web import formats
from mulin.web.pages import page
from mulin.web.sheets import sheet

MOST_SHAPES = 200


@dataclass(frozen=True)
class ListPage:
    """Words of areas/list.html."""

    rows: list[dict[str, Any]]
    asked: str
    filters: list[dict[str, Any]]
    may_manage: bool
    may_create_top: bool


@dataclass(frozen=True)
class AreaPage:
    """Words of areas/area.html."""

    area: Area
    kind: str
    is_ended: bool
    crumb: list[dict[str, str]]
    facts: list[dict[str, str]]
    children: list[dict[str, Any]]
    seats: list[dict[str, Any]]
    chain: list[dict[str, Any]]
    bodies: list[dict[str, str]]
    history: list[dict[str, str]]
    shapes: dict[str, Any] | None
    changes: list[tuple[str, str]]
    may_manage: bool
    may_appoint: bool
    has_notice: bool
    done: bool


@dataclass(frozen=True)
class NoticePage:
    """Words of areas/notice.html."""

    area: Area
    place: str
    organisation: str
    workers: list[dict[str, str]]
    telephone: str
    supervision_telephone: str
    range: list[str]
    household_count: int | None
    address: str
    code_svg: SafeString | None
    date_text: str
    back_url: str


@require_GET
def area_list(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("q", "").strip()[:80]
    found = (
        [selectors.AreaLine(area, 0) for area in selectors.area_search(actor, asked)]
        if asked
        else selectors.top_areas(actor)
    )
    context = ListPage(
        rows=[
            words.line(one) | {"parent": one.area.parent.name if asked and one.area.parent else ""}
            for one in found
        ],
        asked=asked,
        filters=[{"name": "q", "label": _("按名称或编码找"), "kind": "search", "value": asked}],
        may_manage=actor.may("areas.manage"),
        may_create_top=actor.may("areas.manage", ""),
    )
    return page(request, "areas/list.html", context)


@require_GET
def area_page(request: HttpRequest, public_id: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.clock.today()  # type: ignore[attr-defined]
    area = selectors.area_for(actor, public_id)
    may_manage = actor.may("areas.manage", area.path) and area.valid_to is None
    context = AreaPage(
        area=area,
        kind=words.kind_name(area.kind),
        is_ended=area.valid_to is not None,
        crumb=words.crumb(selectors.ancestors(area), actor),
        facts=words.facts(area),
        children=[words.line(one) for one in selectors.area_lines(area)],
        seats=[words.seat(seat, today) for seat in selectors.posts_of(area, today)],
        chain=[words.level(level) for level in selectors.chain_of_bodies(area, today)],
        bodies=[
            {"id": body.public_id, "name": body.name, "kind": words.name_of(body.kind)}
            for body in selectors.bodies_of(area, today)
        ],
        history=[words.change(change, area) for change in selectors.changes_of(area)],
        shapes=shapes(selectors.shapes_of(area, MOST_SHAPES), area),
        changes=changes_offered(area) if may_manage else [],
        may_manage=may_manage,
        may_appoint=actor.may("posts.manage", area.path) and area.valid_to is None,
        has_notice=area.kind == "grid",
        done="done" in request.GET,
    )
    return page(request, "areas/area.html", context)


def changes_offered(area: Area) -> list[tuple[str, str]]:
    """The steps that change this area, with their addresses."""
    steps = [
        ("describe", _("改资料")),
        ("rename", _("改名")),
        ("recode", _("改编码")),
        ("move", _("换上级")),
        ("merge", _("并入别的区域")),
        ("split", _("拆分")),
        ("end", _("撤销")),
    ]
    return [(reverse("areas:change", args=[area.public_id, step]), label) for step, label in steps]


def shapes(areas: Sequence[Area], centre: Area) -> dict[str, Any] | None:
    """Boundaries and points as GeoJSON for the map; None when there is nothing to draw."""
    features = [feature for area in areas if (feature := shape(area, is_centre=area.pk == centre.pk))]
    return {"type": "FeatureCollection", "features": features} if features else None


def shape(area: Area, *, is_centre: bool) -> dict[str, Any] | None:
    geometry = area.boundary
    if geometry is None and area.longitude is not None and area.latitude is not None:
        geometry = {"type": "Point", "coordinates": [area.longitude, area.latitude]}
    if geometry is None:
        return None
    properties = {"label": area.name, "tone": "brand" if is_centre else "muted"}
    if not is_centre:
        properties["url"] = words.url_of(area)
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@require_GET
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet that is posted in a grid: name, range, worker with telephone, supervision telephone.

    Source: 滨州市社会治理网格化服务管理条例, article 6 (in force 2021-10-01).
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.clock.today()  # type: ignore[attr-defined]
    area = selectors.area_for(actor, public_id)
    line = selectors.ancestors(area)
    seats = selectors.public_posts(area, today)
    address = code_address(request, area)
    context = NoticePage(
        area=area,
        place=" · ".join(one.name for one in line[:-1]),
        organisation=line[-2].name if len(line) > 1 else area.name,
        workers=[
            {"post": words.name_of(seat.kind), "name": holding.holder.display_name}
            for seat in seats
            for holding in seat.holdings
            if words.holding(holding, today)["is_now"]
        ],
        telephone=nearest(line, "telephone"),
        supervision_telephone=nearest(line, "supervision_telephone"),
        range=[one.area.name for one in selectors.area_lines(area)],
        household_count=area.household_count,
        address=address,
        code_svg=drawn(address) if address else None,
        date_text=formats.day(today),
        back_url=words.url_of(area),
    )
    return sheet(request, "areas/notice.html", context, name=_("网格公示：%(name)s") % {"name": area.name})


def nearest(line: Sequence[Area], column: str) -> str:
    """What the area itself says, or else the nearest above it."""
    return next((getattr(one, column) for one in reversed(line) if getattr(one, column)), "")


def code_address(request: HttpRequest, area: Area) -> str:
    """Where residents come to by the code on the sheet: the page of this place."""
    if not area.page_code:
        return ""
    base = settings.MULIN_PUBLIC_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return f"{base}/c/{area.page_code}/"


def drawn(address: str) -> SafeString:
    """The address as a QR code; the markup is segno's own, the address only becomes squares."""
    return mark_safe(segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True))  # noqa: S308
