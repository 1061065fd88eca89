"""The tree: one area by what is known of it, its ancestors, its children, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mulin.base.paths import lineage, outermost, within
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.kernel.identifiers import normalise_short_code
from mulin.parts.areas.models import Area, AreaChange
from mulin.parts.areas.rules import AreaKind

VIEW = "areas.view"


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One line of the tree browser: an area and how many areas stand directly in it."""

    area: Area
    child_count: int


def in_force(on: date | None = None) -> Q:
    """Areas in force on a day; without a day, those that have not ended."""
    if on is None:
        return Q(valid_to__isnull=True)
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def area_by_code(code: str, on: date | None = None) -> Area | None:
    """The area that bears a code now, or bore it on a day."""
    return Area.objects.filter(in_force(on), code=code.strip()).order_by("-valid_from").first()


def area_for(actor: Actor, public_id: str, permission: str = VIEW) -> Area:
    """The doorway to one area. Raises NotFound when it is not there or not for this actor."""
    area = (
        Area.objects.filter(actor.filter(permission, "path"), public_id=public_id)
        .select_related("parent")
        .first()
    )
    if area is None:
        raise NotFound
    return area


def area_for_page_code(code: str) -> Area | None:
    """The area in force whose poster bears this code, however it was typed."""
    try:
        page_code = normalise_short_code(code)
    except InvalidInput:
        return None
    return Area.objects.filter(page_code=page_code, valid_to__isnull=True).first()


def ancestors(area: Area) -> list[Area]:
    """From the widest area down to `area` itself. One query."""
    return list(Area.objects.filter(path__in=lineage(area.path)[1:]).defer("boundary").order_by("depth"))


def areas_below(paths: Sequence[str], kind: str = "", on: date | None = None) -> QuerySet[Area]:
    """Areas in force at or below `paths`, without their boundaries, in the order of the tree."""
    areas = Area.objects.filter(within(paths, "path"), in_force(on)).defer("boundary").order_by("path")
    return areas.filter(kind=kind) if kind else areas


def top_areas(actor: Actor, permission: str = VIEW) -> list[AreaLine]:
    """Where an actor's view of the tree begins: the areas of their grants, or the roots for who may see all."""
    paths = outermost(actor.paths(permission))
    areas = Area.objects.filter(in_force())
    areas = areas.filter(parent__isnull=True) if paths == [""] else areas.filter(path__in=paths)
    return with_counts(areas)


def area_lines(area: Area) -> list[AreaLine]:
    """What stands directly in an area, each with the number of its own children. One query."""
    return with_counts(Area.objects.filter(in_force(), parent=area))


def with_counts(areas: QuerySet[Area]) -> list[AreaLine]:
    counted = (
        areas.defer("boundary")
        .annotate(child_count=Count("children", filter=Q(children__valid_to__isnull=True)))
        .order_by("code")
    )
    return [AreaLine(area, area.child_count) for area in counted]


def area_search(actor: Actor, text: str, *, limit: int = 50, permission: str = VIEW) -> list[Area]:
    """Areas in force that the actor may see, whose code begins with the text or whose name contains it."""
    wanted = text.strip()
    if not wanted:
        return []
    areas = Area.objects.filter(actor.filter(permission, "path"), in_force())
    found = areas.filter(Q(code__startswith=wanted) | Q(name__contains=wanted))
    return list(found.defer("boundary").select_related("parent").order_by("depth", "path")[:limit])


def changes_of(area: Area) -> list[AreaChange]:
    """The history of an area, newest first: what it came of, what became of it."""
    return list(
        AreaChange.objects.filter(Q(before=area) | Q(after=area))
        .select_related("before", "after", "recorded_by")
        .defer("before__boundary", "after__boundary")
        .order_by("-on", "-pk")
    )


def community_and_grid(area: Area | None) -> tuple[Area, Area | None]:
    """The community that a place belongs to and the grid it lies in, as far as the tree tells. One query.

    Raises NotFound for no place, and for one that belongs to no community.
    """
    by_kind = {one.kind: one for one in ancestors(area)} if area else {}
    community = by_kind.get(AreaKind.COMMUNITY)
    if community is None:
        raise NotFound
    return community, by_kind.get(AreaKind.GRID)


def shapes_of(area: Area, limit: int) -> list[Area]:
    """An area and what stands directly in it, each with its boundary, for the map. One query."""
    return list(
        Area.objects.filter(Q(pk=area.pk) | (in_force() & Q(parent=area))).order_by("depth", "code")[:limit]
    )
