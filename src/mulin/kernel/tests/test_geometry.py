import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.kernel.errors import InvalidInput
from mulin.kernel.geometry import (
    AreaIndex,
    Crs,
    bd09_to_gcj02,
    convert,
    distance_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_outside_china,
    repaired,
    wgs84_to_gcj02,
)

WEST, SOUTH, SIDE = 116.0, 35.0, 0.01
LON_IN_CHINA, LAT_IN_CHINA = st.floats(73.5, 135.1), st.floats(3.8, 53.6)
DEGREES = st.floats(-180, 180), st.floats(-90, 90)


def square(west: float, south: float, side: float = SIDE) -> list[list[list[float]]]:
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def chequered(columns: int, rows: int) -> dict[tuple[int, int], list[list[list[float]]]]:
    return {
        (column, row): square(WEST + column * SIDE, SOUTH + row * SIDE)
        for column in range(columns)
        for row in range(rows)
    }


CHEQUERED = AreaIndex(chequered(40, 33))


def test_it_holds_a_countys_1300_grids():
    assert len(CHEQUERED) == 1320


@given(st.floats(0.001, 39.999), st.floats(0.001, 32.999))
def test_the_grid_of_a_point_is_the_one_that_arithmetic_names(x, y):
    column, row = int(x), int(y)
    if min(x - column, y - row) < 1e-6 or max(x - column, y - row) > 1 - 1e-6:
        return
    assert CHEQUERED.containing(WEST + x * SIDE, SOUTH + y * SIDE) == ((column, row),)


def test_a_common_border_lies_in_both_areas_in_the_order_given():
    index = AreaIndex({"east": square(117, 35, 1), "west": square(116, 35, 1)})
    assert index.containing(117, 35.5) == ("east", "west")


def test_a_point_elsewhere_or_nowhere_lies_in_no_area():
    assert CHEQUERED.containing(0, 0) == ()
    assert CHEQUERED.containing(math.nan, 35) == ()
    assert CHEQUERED.containing(math.inf, 35) == ()
    assert AreaIndex({}).containing(116, 35) == ()


def test_a_hole_is_not_part_of_its_area():
    index = AreaIndex({"ring": square(116, 35, 3) + square(117, 36, 1)})
    assert index.containing(117.5, 36.5) == ()
    assert index.containing(116.5, 36.5) == ("ring",)


def test_an_area_may_have_several_parts_and_come_as_coordinates_geometry_or_feature():
    parts = [square(116, 35), square(118, 35)]
    geometry = {"type": "MultiPolygon", "coordinates": parts}
    index = AreaIndex({1: parts, 2: geometry, 3: {"type": "Feature", "geometry": geometry, "properties": {}}})
    assert index.containing(116.005, 35.005) == index.containing(118.005, 35.005) == (1, 2, 3)
    assert index.bounds(1) == (116, 35, 118.01, 35.01)


def test_a_neighbour_is_no_overlap_but_a_shift_is():
    assert CHEQUERED.overlaps() == []
    index = AreaIndex({"one": square(116, 35), "two": square(116.005, 35), "far": square(118, 35)})
    (overlap,) = index.overlaps(min_area_m2=100)
    assert (overlap.first, overlap.second) == ("one", "two")
    height, width = distance_m(116, 35, 116, 35.01), distance_m(116, 35, 116.005, 35)
    assert overlap.area_m2 == pytest.approx(height * width, rel=0.01)
    assert index.overlaps(min_area_m2=overlap.area_m2 * 2) == []
    assert index.area_m2("one") == pytest.approx(overlap.area_m2 * 2, rel=0.001)


@pytest.mark.parametrize(
    ("geometry", "what"),
    [
        ([[[116, 35], [117, 36], [117, 35], [116, 36], [116, 35]]], "self-intersection"),
        ({"type": "Point", "coordinates": [116, 35]}, "points"),
        ([], "no coordinates"),
        ([[]], "no coordinates"),
        ([[[116, 35], [117, 36], [116, 35]]], "three"),
        ([[[35, 116], [36, 116], [36, 117], [35, 116]]], "longitude"),
        ([[[1e309, 35], [36, 16], [36, 17]]], "longitude"),
        ([[["a", "b"], ["c", "d"], ["e", "f"]]], "cannot be read"),
        ([[[116], [117], [118]]], "cannot be read"),
        ([116, 35], "cannot be read"),
        ([[[[[116, 35]]]]], "cannot be read"),
        ("POLYGON", "cannot be read"),
        (None, "cannot be read"),
        ({"type": "Feature"}, "cannot be read"),
    ],
)
def test_a_bad_boundary_is_named_by_its_key(geometry, what):
    with pytest.raises(InvalidInput) as error:
        AreaIndex({"good": square(116, 35), "370800001": geometry})
    (problem,) = error.value.problems
    assert (error.value.code, problem.field) == ("boundary-invalid", "370800001")
    assert what in problem.text.en
    assert problem.text.zh.startswith("370800001：")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=3) | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["Polygon", "MultiPolygon", "Feature"]), "coordinates": inner}
        )
    ),
)
RINGS = st.lists(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=3), max_size=6), max_size=3)


@given(JSON | RINGS | st.lists(RINGS | JSON, max_size=3))
def test_whatever_is_sent_as_a_boundary_is_an_area_or_a_named_problem(geometry):
    try:
        index = AreaIndex({"any": geometry})
    except InvalidInput:
        return
    assert AreaIndex({"any": repaired(geometry)}).bounds("any") == index.bounds("any")
    west, south, east, north = index.bounds("any")
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90


def test_every_bad_boundary_is_reported_at_once():
    with pytest.raises(InvalidInput) as error:
        AreaIndex({"one": [], "two": square(116, 35), "three": None})
    assert [problem.field for problem in error.value.problems] == ["one", "three"]


def test_a_boundary_that_crosses_itself_can_be_repaired():
    bow_tie = [[[116, 35], [117, 36], [117, 35], [116, 36], [116, 35]]]
    index = AreaIndex({"bow tie": repaired(bow_tie)})
    assert index.containing(116.1, 35.5) == index.containing(116.9, 35.5) == ("bow tie",)
    assert index.containing(116.5, 35.1) == ()


@given(JSON | RINGS)
def test_a_repair_gives_a_proper_area_or_a_named_problem(geometry):
    try:
        mended = repaired(geometry)
    except InvalidInput:
        return
    assert AreaIndex({"any": mended}).area_m2("any") > 0


# Coordinate systems. The three vectors are the ones commonly published for Tiananmen.


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (Crs.WGS84, Crs.GCJ02, (116.41024449916938, 39.91640428150164)),
        (Crs.GCJ02, Crs.BD09, (116.41036949371029, 39.92133699351021)),
        (Crs.BD09, Crs.GCJ02, (116.39762729119315, 39.90865673957631)),
    ],
)
def test_published_points_come_out_as_published(source, target, expected):
    lon, lat = convert(116.404, 39.915, source, target)
    assert distance_m(lon, lat, *expected) < 0.5


@pytest.mark.parametrize(("out", "back"), [(wgs84_to_gcj02, gcj02_to_wgs84), (gcj02_to_bd09, bd09_to_gcj02)])
@given(LON_IN_CHINA, LAT_IN_CHINA)
def test_there_and_back_is_the_same_place_to_a_centimetre(out, back, lon, lat):
    assert distance_m(lon, lat, *back(*out(lon, lat))) < 0.01
    assert distance_m(lon, lat, *out(*back(lon, lat))) < 0.01


@given(LON_IN_CHINA, LAT_IN_CHINA)
def test_the_shift_of_gcj02_is_as_large_as_mixing_them_up_costs(lon, lat):
    assert 1 < distance_m(lon, lat, *wgs84_to_gcj02(lon, lat)) < 2_000


@given(LON_IN_CHINA, LAT_IN_CHINA, st.permutations(list(Crs)))
def test_any_way_round_returns_to_the_start(lon, lat, way):
    here = lon, lat
    for source, target in zip(way, [*way[1:], way[0]], strict=True):
        here = convert(*here, source, target)
    assert distance_m(lon, lat, *here) < 0.05


@given(*DEGREES, st.sampled_from(Crs), st.sampled_from(Crs))
def test_outside_china_nothing_is_shifted(lon, lat, source, target):
    if is_outside_china(lon, lat):
        assert convert(lon, lat, source, target) == (lon, lat)


# Distances


@given(*DEGREES, *DEGREES)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_globe(lon, lat, other_lon, other_lat):
    there = distance_m(lon, lat, other_lon, other_lat)
    assert 0 <= there <= 20_015_115
    assert there == pytest.approx(distance_m(other_lon, other_lat, lon, lat), abs=1e-6)


def test_a_distance_agrees_with_a_quarter_of_the_meridian():
    assert distance_m(116, 0, 116, 90) == pytest.approx(10_007_557, abs=1)
