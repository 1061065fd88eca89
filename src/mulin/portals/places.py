"""Areas as the portals show them: names for paths, choices for a picker, the communities on the front page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mulin.base.paths import WHOLE
from mulin.identity.access import Actor
from mulin.parts.areas.rules import KIND_NAMES, AreaKind
from mulin.parts.areas.selectors import area_for, area_search, areas_below, top_areas

CHOICES_SHOWN = 40
COMMUNITIES_SHOWN = 60
WHOLE_CHOICE = "whole"


def area_names(paths: Iterable[str]) -> dict[str, str]:
    """The name of each path; the whole platform and places that are no more have a name too. One query."""
    wanted = set(paths)
    names = dict.fromkeys(wanted, _("（已撤销的区域）")) | {WHOLE: _("全部区域")}
    real = sorted(wanted - {WHOLE})
    if real:
        names |= dict(areas_below(real).filter(path__in=real).values_list("path", "name"))
    return names


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class ChoiceGroup:
    label: str
    options: list[Choice]


def area_choices(actor: Actor, permission: str, text: str = "") -> list[ChoiceGroup]:
    """Areas for a picker: those that match the words, or where the actor's own view begins. One query."""
    language = get_language() or "zh-hans"
    if text.strip():
        areas = area_search(actor, text, limit=CHOICES_SHOWN, permission=permission)
    else:
        areas = [line.area for line in top_areas(actor, permission)][:CHOICES_SHOWN]
    groups = [
        ChoiceGroup(
            KIND_NAMES[AreaKind(kind)].in_language(language),
            [Choice(area.public_id, area.name, area.code) for area in members],
        )
        for kind, members in groupby(areas, key=lambda area: area.kind)
    ]
    if not text.strip() and WHOLE in actor.paths(permission):
        groups.insert(0, ChoiceGroup(_("整个平台"), [Choice(WHOLE_CHOICE, _("全部区域"))]))
    return groups


def chosen_path(actor: Actor, permission: str, choice: str) -> str | None:
    """The path behind a picked value; None when nothing was picked. Raises NotFound for what the actor may not pick."""
    if not choice:
        return None
    if choice == WHOLE_CHOICE and WHOLE in actor.paths(permission):
        return WHOLE
    return area_for(actor, choice, permission).path


@dataclass(frozen=True)
class County:
    """Whose house this is, and where a human answers."""

    name: str = ""
    telephone: str = ""


def county() -> County:
    """The only county in force; nameless where there is none yet, or several. One query."""
    rows = areas_below([WHOLE], AreaKind.COUNTY).values_list("name", "telephone")[:2]
    return County(*rows[0]) if len(rows) == 1 else County()


@dataclass(frozen=True)
class CommunityLine:
    """One community on the front page: where its residents report, and where a human answers."""

    name: str
    street: str
    telephone: str
    page_code: str


@dataclass(frozen=True)
class Communities:
    """Those shown, and how many there are; more than fit are found by name."""

    streets: list[tuple[str, list[CommunityLine]]]
    total: int
    is_cut: bool


def communities(text: str = "") -> Communities:
    """The communities in force by street, at most 60 at a time; by name when words are given. Two queries."""
    areas = areas_below([WHOLE], AreaKind.COMMUNITY)
    if text.strip():
        areas = areas.filter(name__contains=text.strip()[:40])
    rows = list(areas.select_related("parent").defer("parent__boundary", "boundary")[:COMMUNITIES_SHOWN])
    lines = [
        CommunityLine(row.name, row.parent.name if row.parent else "", row.telephone, row.page_code or "")
        for row in rows
    ]
    total = areas.count()
    streets = [(street, list(members)) for street, members in groupby(lines, key=lambda line: line.street)]
    return Communities(streets, total, total > len(rows))
