"""Which grid holds a point, and which addresses lie in none or in several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mulin.base.paths import within
from mulin.kernel.geometry import AreaIndex
from mulin.parts.areas.models import Area, TreeVersion
from mulin.parts.areas.rules import AreaKind, PointProblem, point_problem
from mulin.parts.areas.selectors.tree import in_force


class MeasuredPoint(NamedTuple):
    """One address and where it lies in WGS-84; both None where nobody has measured it."""

    key: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class PointFinding:
    """One address that does not lie in exactly one grid."""

    key: str
    problem: PointProblem
    grids: list[Area]


@dataclass(frozen=True, slots=True)
class GridIndex:
    """The boundaries of the grids in force, as they were under one version of the tree."""

    token: str
    index: AreaIndex[int] | None

    def containing(self, longitude: float, latitude: float) -> tuple[int, ...]:
        return self.index.containing(longitude, latitude) if self.index else ()


_kept: GridIndex | None = None


def grid_at(longitude: float, latitude: float) -> Area | None:
    """The grid that holds a point (WGS-84); of several, the first by path. Two queries and a look into memory."""
    found = grids_at(longitude, latitude)
    return found[0] if found else None


def grids_at(longitude: float, latitude: float) -> list[Area]:
    """Every grid that holds a point; on a common border, both."""
    keys = grid_index().containing(longitude, latitude)
    return list(Area.objects.filter(pk__in=keys).defer("boundary").order_by("path")) if keys else []


def grid_index() -> GridIndex:
    """The index for the tree as it stands, built anew when the tree has changed. One query when it has not."""
    global _kept  # noqa: PLW0603 (one index a process; replaced whole, so that readers see the old one or the new)
    token = TreeVersion.objects.values_list("token", flat=True).first() or ""
    kept = _kept
    if kept is None or kept.token != token:
        kept = _kept = GridIndex(token, built_index())
    return kept


def built_index() -> AreaIndex[int] | None:
    grids = Area.objects.filter(in_force(), kind=AreaKind.GRID, boundary__isnull=False).order_by("path")
    boundaries = dict(grids.values_list("pk", "boundary"))
    return AreaIndex(boundaries) if boundaries else None


def point_findings(points: Iterable[MeasuredPoint]) -> list[PointFinding]:
    """Which of the points lie outside all grids, in several, or nowhere known; in the order given. Two queries."""
    index = grid_index()
    wrong: list[tuple[str, PointProblem, tuple[int, ...]]] = []
    for point in points:
        keys = None
        if point.longitude is not None and point.latitude is not None:
            keys = index.containing(point.longitude, point.latitude)
        problem = point_problem(keys)
        if problem:
            wrong.append((point.key, problem, keys or ()))
    grids = Area.objects.defer("boundary").in_bulk({key for _, _, keys in wrong for key in keys})
    return [PointFinding(key, problem, [grids[one] for one in keys]) for key, problem, keys in wrong]


def addresses_in_wrong_grids(paths: Sequence[str]) -> list[tuple[Area, PointFinding]]:
    """Buildings at or below `paths` that lie outside all grids or in several, or were never measured. Four queries."""
    buildings = Area.objects.filter(within(paths, "path"), in_force(), kind=AreaKind.BUILDING).order_by(
        "path"
    )
    rows = buildings.values_list("public_id", "longitude", "latitude")
    findings = {finding.key: finding for finding in point_findings(MeasuredPoint(*row) for row in rows)}
    areas = buildings.filter(public_id__in=list(findings)) if len(findings) <= 500 else buildings
    return [
        (area, findings[area.public_id])
        for area in areas.defer("boundary").select_related("parent")
        if area.public_id in findings
    ]
