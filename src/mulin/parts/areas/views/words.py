"""Areas, posts and bodies as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mulin.identity.access import Actor
from mulin.kernel.errors import Text
from mulin.parts.areas import rules
from mulin.parts.areas.models import Area, AreaChange, BodyKind, PostHolding, PostKind
from mulin.parts.areas.rules import KIND_NAMES, AreaKind, ChangeKind, PointProblem
from mulin.parts.areas.selectors import AreaLine, BodyLevel, PostSeat
from mulin.web import formats


def said(text: Text) -> str:
    """In the reader's language."""
    return text.in_language(get_language() or "zh-hans")


def kind_name(kind: str) -> str:
    return said(KIND_NAMES[AreaKind(kind)])


def name_of(kind: PostKind | BodyKind) -> str:
    """A kind of post or body in the reader's language."""
    return said(Text(zh=kind.name_zh, en=kind.name_en))


def url_of(area: Area) -> str:
    return reverse("areas:area", args=[area.public_id])


def crumb(line: Sequence[Area], actor: Actor) -> list[dict[str, str]]:
    """From the widest area down; only what the actor may see is a link."""
    return [
        {"name": area.name, "url": url_of(area) if actor.may("areas.view", area.path) else ""}
        for area in line
    ]


def line(found: AreaLine) -> dict[str, Any]:
    area = found.area
    return {
        "id": area.public_id,
        "name": area.name,
        "url": url_of(area),
        "kind": kind_name(area.kind),
        "code": area.code,
        "child_count": found.child_count,
        "household_count": area.household_count,
    }


def period(valid_from: date, valid_to: date | None) -> str:
    if valid_to is None:
        return _("%(day)s起") % {"day": formats.day(valid_from)}
    return _("%(first)s至%(last)s") % {"first": formats.day(valid_from), "last": formats.day(valid_to)}


def holding(found: PostHolding, on: date) -> dict[str, Any]:
    is_now = rules.holds_on(found.valid_from, found.valid_to, on)
    return {
        "id": found.public_id,
        "holder": found.holder.display_name,
        "covers": found.covers.holder.display_name if found.covers else "",
        "is_cover": found.is_cover,
        "is_now": is_now,
        "is_open": found.valid_to is None,
        "period": period(found.valid_from, found.valid_to),
    }


def seat(found: PostSeat, on: date) -> dict[str, Any]:
    return {
        "code": found.kind.code,
        "name": name_of(found.kind),
        "missing": found.missing,
        "holdings": [holding(one, on) for one in found.holdings],
    }


def level(found: BodyLevel) -> dict[str, Any]:
    return {
        "kind": name_of(found.kind),
        "area": found.area.name,
        "is_missing": found.is_missing,
        "bodies": [
            {"name": body.name, "leader": body.leader_name, "address": body.address} for body in found.bodies
        ],
    }


def change(found: AreaChange, area: Area) -> dict[str, str]:
    """One line of the timeline of `area`."""
    words = {
        ChangeKind.MERGE: _("%(before)s并入%(after)s"),
        ChangeKind.SPLIT: _("%(before)s拆分，设%(after)s"),
        ChangeKind.RENAME: _("%(before)s改名为%(after)s"),
        ChangeKind.MOVE: _("%(after)s换了上级"),
        ChangeKind.RECODE: _("编码由%(before_code)s改为%(after_code)s"),
    }[ChangeKind(found.kind)]
    names = {
        "before": found.before_name,
        "after": found.after_name,
        "before_code": found.before_code,
        "after_code": found.after_code,
    }
    return {
        "what": words % names,
        "who": found.recorded_by.display_name if found.recorded_by else "",
        "when_text": formats.day(found.on),
        "when_iso": found.on.isoformat(),
        "detail": found.document,
    }


def point_problem(problem: PointProblem, grids: Sequence[Area]) -> str:
    if problem is PointProblem.OUTSIDE:
        return _("不在任何网格里")
    if problem is PointProblem.UNKNOWN:
        return _("还没有标注位置")
    return _("同时在几个网格里：%(names)s") % {"names": formats.listed(grid.name for grid in grids)}


def facts(area: Area) -> list[dict[str, str]]:
    """What describes an area; what is not known is left out."""
    rows = [
        (_("编码"), area.code),
        (_("地址"), area.address),
        (_("公开电话"), area.telephone),
        (_("监督电话"), area.supervision_telephone),
        (_("户数"), "" if area.household_count is None else formats.number(area.household_count)),
        (_("人数"), "" if area.resident_count is None else formats.number(area.resident_count)),
        (_("设立"), period(area.valid_from, area.valid_to)),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]
