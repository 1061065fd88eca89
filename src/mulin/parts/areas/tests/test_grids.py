"""Which grid a point lies in: kept in memory, never stale."""

from __future__ import annotations

import pytest
from django.db import transaction

from mulin.identity.access import SYSTEM
from mulin.kernel.errors import InvalidInput
from mulin.kernel.geometry import Crs, convert
from mulin.parts.areas import selectors, services
from mulin.parts.areas.rules import PointProblem
from mulin.parts.areas.selectors import MeasuredPoint
from mulin.parts.areas.tests.helpers import create, square

pytestmark = pytest.mark.django_db


def draw(area, geometry, now, crs=Crs.WGS84):
    return services.boundary_set(area=area, geometry=geometry, crs=crs, actor=SYSTEM, now=now)


def test_a_point_is_found_in_its_grid_and_nowhere_else(world):
    assert selectors.grid_at(116.505, 35.405) is None
    draw(world.grid, square(116.50, 35.40), world.now)
    assert selectors.grid_at(116.505, 35.405) == world.grid
    assert selectors.grid_at(116.52, 35.405) is None


def test_the_index_is_read_once_until_the_tree_changes(world, django_assert_num_queries):
    draw(world.grid, square(116.50, 35.40), world.now)
    selectors.grid_at(116.505, 35.405)
    with django_assert_num_queries(2):
        selectors.grid_at(116.505, 35.405)
    draw(world.grid, square(117.50, 35.40), world.now)
    assert selectors.grid_at(116.505, 35.405) is None


def test_a_change_that_was_rolled_back_leaves_no_trace_in_the_index(world):
    draw(world.grid, square(116.50, 35.40), world.now)
    with transaction.atomic():
        draw(world.grid, square(117.50, 35.40), world.now)
        assert selectors.grid_at(117.505, 35.405) == world.grid
        transaction.set_rollback(True)
    assert selectors.grid_at(117.505, 35.405) is None
    assert selectors.grid_at(116.505, 35.405) == world.grid


def test_boundaries_are_stored_in_wgs84_whatever_they_were_drawn_in(world):
    longitude, latitude = convert(116.505, 35.405, Crs.WGS84, Crs.GCJ02)
    draw(world.grid, square(longitude - 0.001, latitude - 0.001, 0.002), world.now, Crs.GCJ02)
    assert selectors.grid_at(116.505, 35.405) == world.grid


def test_a_boundary_that_crosses_itself_is_refused(world):
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    with pytest.raises(InvalidInput, match="边界线"):
        draw(world.grid, bow_tie, world.now)
    world.grid.refresh_from_db()
    assert world.grid.boundary is None


def test_a_line_that_only_touches_itself_is_drawn_anew(world):
    """Two rooms that share one corner, drawn as one line: the ground is clear, the line is not a proper one."""
    ring = [
        [0, 0],
        [0.01, 0],
        [0.01, 0.01],
        [0.02, 0.01],
        [0.02, 0.02],
        [0.01, 0.02],
        [0.01, 0.01],
        [0, 0.01],
        [0, 0],
    ]
    draw(world.grid, {"type": "Polygon", "coordinates": [ring]}, world.now)
    assert selectors.grid_at(0.005, 0.005) == selectors.grid_at(0.015, 0.015) == world.grid
    assert selectors.grid_at(0.005, 0.015) is None


def test_points_outside_in_two_grids_or_unmeasured_are_named(world):
    second = create(
        "990101001001002", "第二网格", "grid", world.community, world.now, boundary=square(116.505, 35.40)
    )
    draw(world.grid, square(116.50, 35.40), world.now)
    points = [
        MeasuredPoint("one", 116.502, 35.405),
        MeasuredPoint("both", 116.507, 35.405),
        MeasuredPoint("none", 116.6, 35.405),
        MeasuredPoint("unmeasured", None, None),
    ]
    found = selectors.point_findings(points)
    assert [(finding.key, finding.problem, finding.grids) for finding in found] == [
        ("both", PointProblem.IN_SEVERAL, [world.grid, second]),
        ("none", PointProblem.OUTSIDE, []),
        ("unmeasured", PointProblem.UNKNOWN, []),
    ]


def test_buildings_in_no_grid_are_listed_with_their_reason(world):
    services.area_describe(
        area=world.building, facts={"longitude": 116.9, "latitude": 35.4}, actor=SYSTEM, now=world.now
    )
    draw(world.grid, square(116.50, 35.40), world.now)
    [(area, finding)] = selectors.addresses_in_wrong_grids([world.county.path])
    assert (area, finding.problem) == (world.building, PointProblem.OUTSIDE)
    assert selectors.addresses_in_wrong_grids([world.other_county.path]) == []


def test_a_point_needs_both_its_coordinates(world):
    with pytest.raises(InvalidInput):
        services.area_describe(area=world.building, facts={"longitude": 116.9}, actor=SYSTEM, now=world.now)
