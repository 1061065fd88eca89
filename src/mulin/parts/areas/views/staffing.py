"""The staffing check: places that lack a post or a body, and addresses that lie in no grid or in several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mulin.identity.access import Actor
from mulin.parts.areas import selectors
from mulin.parts.areas.rules import PointProblem
from mulin.parts.areas.selectors import Gap
from mulin.parts.areas.views import words
from mulin.web.pages import page

ROWS = 25
Item = TypeVar("Item")


@dataclass(frozen=True)
class CheckPage:
    """Words of areas/staffing.html and areas/points.html."""

    rows: list[dict[str, Any]]
    views: list[dict[str, Any]]
    total: int
    position_text: str
    previous_url: str
    next_url: str
    is_address_check: bool


@require_GET
def staffing(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("kind", "")[:40]
    report = selectors.staffing_gaps(actor.paths("areas.view"), request.clock.today())  # type: ignore[attr-defined]
    gaps = [gap for gap in report.gaps if not asked or gap.kind.code == asked]
    shown, place = part(gaps, request)
    context = CheckPage(
        rows=[gap_row(gap, actor) for gap in shown],
        views=kind_views(report, asked),
        total=len(gaps),
        is_address_check=False,
        **place,
    )
    return page(request, "areas/staffing.html", context)


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("problem", "")
    found = selectors.addresses_in_wrong_grids(actor.paths("areas.view"))
    chosen = [one for one in found if not asked or one[1].problem == asked]
    shown, place = part(chosen, request)
    rows = [
        {
            "id": area.public_id,
            "name": area.name,
            "url": words.url_of(area),
            "parent": area.parent.name if area.parent else "",
            "address": area.address,
            "problem": words.point_problem(finding.problem, finding.grids),
            "tone": "neutral" if finding.problem is PointProblem.UNKNOWN else "warn",
        }
        for area, finding in shown
    ]
    counts = {
        problem.value: sum(finding.problem is problem for _area, finding in found) for problem in PointProblem
    }
    context = CheckPage(
        rows=rows, views=problem_views(counts, asked), total=len(chosen), is_address_check=True, **place
    )
    return page(request, "areas/points.html", context)


def part(items: Sequence[Item], request: HttpRequest) -> tuple[Sequence[Item], dict[str, str]]:
    """The items of the page that is asked for, and the way to the pages beside it."""
    text = request.GET.get("page", "1")
    number = max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    start = (number - 1) * ROWS
    shown = items[start : start + ROWS]
    words_of = {"first": start + 1, "last": start + len(shown), "total": len(items)}
    return shown, {
        "position_text": _("第 %(first)s–%(last)s 条，共 %(total)s 条") % words_of if shown else "",
        "previous_url": page_url(request, number - 1) if number > 1 else "",
        "next_url": page_url(request, number + 1) if start + ROWS < len(items) else "",
    }


def page_url(request: HttpRequest, number: int) -> str:
    words_of = request.GET.copy()
    words_of["page"] = str(number)
    return f"?{words_of.urlencode()}"


def gap_row(gap: Gap, actor: Actor) -> dict[str, Any]:
    may_fill = actor.may("areas.manage" if gap.is_body else "posts.manage", gap.area.path)
    route = "areas:establish" if gap.is_body else "areas:appoint"
    return {
        "id": gap.area.public_id,
        "name": gap.area.name,
        "url": words.url_of(gap.area),
        "level": words.kind_name(gap.area.kind),
        "parent": gap.area.parent.name if gap.area.parent else "",
        "kind": words.name_of(gap.kind),
        "required": gap.required,
        "found": gap.found,
        "fill_url": f"{reverse(route, args=[gap.area.public_id])}?{urlencode({'kind': gap.kind.code})}"
        if may_fill
        else "",
    }


def kind_views(report: selectors.StaffingReport, asked: str) -> list[dict[str, Any]]:
    names = selectors.required_names()
    every = {
        "label": _("全部"),
        "url": reverse("areas:staffing"),
        "count": len(report.gaps),
        "current": not asked,
    }
    return [every] + [
        {
            "label": words.name_of(names[code]),
            "url": f"?{urlencode({'kind': code})}",
            "count": short,
            "current": asked == code,
        }
        for code, (short, _looked_at) in report.by_kind.items()
    ]


def problem_views(counts: dict[str, int], asked: str) -> list[dict[str, Any]]:
    labels = {
        PointProblem.OUTSIDE: _("不在网格里"),
        PointProblem.IN_SEVERAL: _("在几个网格里"),
        PointProblem.UNKNOWN: _("没有标注位置"),
    }
    every = {
        "label": _("全部"),
        "url": reverse("areas:points"),
        "count": sum(counts.values()),
        "current": not asked,
    }
    return [every] + [
        {
            "label": label,
            "url": f"?{urlencode({'problem': problem.value})}",
            "count": counts[problem.value],
            "current": asked == problem.value,
        }
        for problem, label in labels.items()
    ]
