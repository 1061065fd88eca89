"""001-B1-08 网格划分与“一格一员”: import 1,293 grids and 1,300 workers; the check lists any grid without a full-time
worker and any address outside or in two grids.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mulin.parts.areas import selectors
from mulin.parts.areas.tests.helpers import TODAY, create, square
from tests.acceptance.conftest import Office

GRIDS, WORKERS, ACROSS = 1293, 1300, 36
WITHOUT_WORKER = (7, 500, 1292)
SIDE = 0.01


def code_of(number: int) -> str:
    return f"990101001001{number:04}"


def corner(number: int) -> tuple[float, float]:
    """Grids stand side by side, in rows of 36, with a strip of nobody's ground between them."""
    return 116 + number % ACROSS * SIDE * 1.1, 35 + number // ACROSS * SIDE * 1.1


@pytest.fixture
def county(office: Office) -> Office:
    """1,293 grids with their boundaries; 1,300 workers, of whom ten share a grid with another: three grids have none."""
    community = office.world.community.code
    grids = [f"{code_of(n)},第{n}网格,{community},300" for n in range(GRIDS)]
    run = office.bring_in("areas.grids", "网格编码,网格名称,社区编码,户数", grids)
    assert (run.created, run.rejected) == (GRIDS, 0)
    places = [n for n in range(GRIDS) if n not in WITHOUT_WORKER]
    places += places[: WORKERS - len(places)]
    workers = [f"{code_of(n)},专职网格员,网格员{line},139{line:08}" for line, n in enumerate(places)]
    run = office.bring_in("areas.posts", "区域编码,岗位,姓名,手机号", workers)
    assert (run.created, run.rejected) == (WORKERS, 0)
    draw_boundaries(office)
    return office


def draw_boundaries(office: Office) -> None:
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"code": code_of(n)}, "geometry": square(*corner(n), SIDE)}
        for n in range(GRIDS)
    ]
    # Two grids that claim the same ground: number 1 reaches half-way into number 0.
    features[1]["geometry"] = square(corner(0)[0] + SIDE / 2, corner(0)[1], SIDE)
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    answer = office.send("boundaries", file=SimpleUploadedFile("grids.geojson", content), crs="wgs84")
    assert f"保存了 {GRIDS} 个边界" in answer.text


def build(office: Office, number: int, name: str, east: float, north: float) -> None:
    """A building that belongs to a grid by its code and stands where it was measured, in parts of the grid's side."""
    west, south = corner(number)
    grid = selectors.area_by_code(code_of(number))
    point = {"longitude": west + east * SIDE, "latitude": south + north * SIDE}
    create(f"{code_of(number)}B{name[0]}", name, "building", grid, office.world.now, **point)


@pytest.mark.django_db
def test_grids_without_a_full_time_worker_and_addresses_in_no_grid_or_two_are_listed(county: Office) -> None:
    report = selectors.staffing_gaps([county.world.community.path], TODAY, kinds=["full_time_grid_worker"])
    assert [gap.area.code for gap in report.gaps] == [code_of(number) for number in WITHOUT_WORKER]
    assert report.by_kind == {"full_time_grid_worker": (len(WITHOUT_WORKER), GRIDS)}
    page = county.at("staffing", kind="full_time_grid_worker").text
    assert "配员检查：缺 3 处" in page
    assert [f"第{n}网格" in page for n in (*WITHOUT_WORKER, 8)] == [True, True, True, False]

    build(county, 2, "1号楼在格内", 0.5, 0.5)
    build(county, 0, "2号楼在两格", 0.75, 0.5)
    build(county, 5, "3号楼在格外", 1.05, 0.5)
    outside, shared = (
        county.at("points", problem="outside").text,
        county.at("points", problem="in_several").text,
    )
    names = ("1号楼在格内", "2号楼在两格", "3号楼在格外")
    assert [name in outside for name in names] == [False, False, True]
    assert [name in shared for name in names] == [False, True, False]
    assert "第0网格" in shared
    assert "第1网格" in shared
