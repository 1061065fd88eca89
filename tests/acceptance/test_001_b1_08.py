"""001-B1-08 网格划分与“一格一员”: import 1,293 grids and 1,300 workers; the check lists any grid without a full-time
worker and any address outside or in two grids.
"""

from __future__ import annotations

import json

import pytest

from mulin.identity.access import SYSTEM
from mulin.parts.areas import selectors, services
from mulin.parts.areas.models import Area
from mulin.parts.areas.rules import PointProblem
from mulin.parts.areas.selectors import MeasuredPoint
from mulin.parts.areas.services import GridRow, PostRow
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY, load_kinds, square

GRIDS, WORKERS, ACROSS = 1293, 1300, 36
WITHOUT_WORKER = (7, 500, 1292)
SIDE = 0.01


def code_of(number: int) -> str:
    return f"990101001001{number:04}"


def corner(number: int) -> tuple[float, float]:
    """Grids stand side by side, in rows of 36, with a strip of nobody's ground between them."""
    return 116 + number % ACROSS * SIDE * 1.1, 35 + number // ACROSS * SIDE * 1.1


@pytest.fixture
def county(world):
    """1,293 grids with their boundaries; 1,300 workers, of whom ten share a grid with another: three grids have none."""
    load_kinds()
    world.building.delete()
    world.grid.delete()
    given = {"valid_from": FIRST_DAY, "actor": SYSTEM, "now": world.now, "within_paths": [world.county.path]}
    grids = [GridRow(code_of(n), f"第{n}网格", world.community.code, 300, line=n + 2) for n in range(GRIDS)]
    assert services.grids_import(rows=grids, **given).created == GRIDS
    places = [n for n in range(GRIDS) if n not in WITHOUT_WORKER]
    places += places[: WORKERS - len(places)]
    workers = [
        PostRow(code_of(n), "专职网格员", f"网格员{line}", f"139{line:08}", line=line)
        for line, n in enumerate(places, 2)
    ]
    report = services.posts_import(rows=workers, **given)
    assert (report.created, report.accounts, report.rejected) == (WORKERS, WORKERS, [])
    draw_boundaries(world)
    return world


def draw_boundaries(world) -> None:
    features = [
        {"type": "Feature", "properties": {"code": code_of(n)}, "geometry": square(*corner(n), SIDE)}
        for n in range(GRIDS)
    ]
    # Two grids that claim the same ground: number 1 reaches half-way into number 0.
    features[1]["geometry"] = square(corner(0)[0] + SIDE / 2, corner(0)[1], SIDE)
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    report = services.boundaries_import(content=content, actor=SYSTEM, now=world.now)
    assert (report.stored, report.rejected) == (GRIDS, [])


@pytest.mark.django_db
def test_grids_without_a_full_time_worker_and_addresses_in_no_grid_or_two_are_listed(
    county, django_assert_num_queries
):
    with django_assert_num_queries(6):
        report = selectors.staffing_gaps([county.community.path], TODAY, kinds=["full_time_grid_worker"])
    assert [gap.area.code for gap in report.gaps] == [code_of(number) for number in WITHOUT_WORKER]
    assert report.by_kind == {"full_time_grid_worker": (len(WITHOUT_WORKER), GRIDS)}

    inside = [
        MeasuredPoint(f"in {n}", corner(n)[0] + SIDE / 2, corner(n)[1] + SIDE / 2) for n in range(2, GRIDS)
    ]
    shared = MeasuredPoint("in two", corner(0)[0] + SIDE * 0.75, corner(0)[1] + SIDE / 2)
    between = MeasuredPoint("in none", corner(5)[0] + SIDE * 1.05, corner(5)[1])
    with django_assert_num_queries(3):
        findings = selectors.point_findings([*inside, shared, between])
    assert [(found.key, found.problem, [grid.code for grid in found.grids]) for found in findings] == [
        ("in two", PointProblem.IN_SEVERAL, [code_of(0), code_of(1)]),
        ("in none", PointProblem.OUTSIDE, []),
    ]
    assert Area.objects.filter(kind="grid").count() == GRIDS
