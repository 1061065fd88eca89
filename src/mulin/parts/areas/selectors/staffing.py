"""The staffing check: every place that lacks a required post or a required body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from mulin.base.paths import within
from mulin.parts.areas import rules
from mulin.parts.areas.models import Area, Body, BodyKind, PostHolding, PostKind
from mulin.parts.areas.rules import Requirement
from mulin.parts.areas.selectors.standing import holding_on, serving_on
from mulin.parts.areas.selectors.tree import in_force


@dataclass(frozen=True, slots=True)
class Gap:
    """One place short of one kind of post or body."""

    area: Area
    kind: PostKind | BodyKind
    required: int
    found: int

    @property
    def is_body(self) -> bool:
        return isinstance(self.kind, BodyKind)

    @property
    def missing(self) -> int:
        return self.required - self.found


@dataclass(frozen=True, slots=True)
class StaffingReport:
    """The gaps, and out of how many places that were looked at: by kind of post or body, (short, looked at)."""

    gaps: list[Gap]
    by_kind: dict[str, tuple[int, int]] = field(default_factory=dict)


def staffing_gaps(paths: Sequence[str], on: date, *, kinds: Sequence[str] = ()) -> StaffingReport:
    """What is short at or below `paths` on a day, in the order of the tree; of `kinds` only, when given.

    Only holders count, no cover: a post whose holder is on leave is not short, an empty one is not filled by standing
    in. Six queries, whatever the number of places.
    """
    needs = required(kinds)
    requirements = [Requirement(code, kind.area_kind, count) for code, (kind, count) in needs.items()]
    levels = {requirement.area_kind for requirement in requirements}
    places = list(
        Area.objects.filter(within(paths, "path"), in_force(on), kind__in=levels)
        .order_by("path")
        .values_list("pk", "kind")
    )
    short = rules.shortages(places, requirements, present(paths, on))
    areas = Area.objects.defer("boundary").select_related("parent").in_bulk({one.place for one in short})
    gaps = [Gap(areas[one.place], needs[one.kind][0], one.required, one.found) for one in short]
    return StaffingReport(gaps, summary(requirements, places, gaps))


def required(kinds: Sequence[str]) -> dict[str, tuple[PostKind | BodyKind, int]]:
    """What is required, by code, with how many."""
    posts = PostKind.objects.filter(required_count__gt=0).order_by("order", "code")
    bodies = BodyKind.objects.filter(is_required=True).order_by("level", "code")
    found: dict[str, tuple[PostKind | BodyKind, int]] = {
        post.code: (post, post.required_count) for post in posts
    }
    found |= {body.code: (body, 1) for body in bodies}
    return {code: need for code, need in found.items() if not kinds or code in kinds}


def present(paths: Sequence[str], on: date) -> dict[tuple[int, str], int]:
    """How many of each kind stand at each place on a day."""
    below = within(paths, "area__path")
    posts = PostHolding.objects.filter(below, serving_on(on), is_cover=False)
    bodies = Body.objects.filter(below, holding_on(on))
    return {
        (area, kind): count
        for rows in (posts, bodies)
        for area, kind, count in rows.values_list("area_id", "kind_id").annotate(count=Count("pk")).order_by()
    }


def summary(
    requirements: Sequence[Requirement], places: Sequence[tuple[int, str]], gaps: Sequence[Gap]
) -> dict[str, tuple[int, int]]:
    of_level: dict[str, int] = {}
    for _, level in places:
        of_level[level] = of_level.get(level, 0) + 1
    short: dict[str, int] = {}
    for gap in gaps:
        short[gap.kind.code] = short.get(gap.kind.code, 0) + 1
    return {need.kind: (short.get(need.kind, 0), of_level.get(need.area_kind, 0)) for need in requirements}


def required_names() -> dict[str, PostKind | BodyKind]:
    """What the check looks for, by code, to be named on the page. Two queries."""
    return {code: kind for code, (kind, _count) in required(()).items()}
