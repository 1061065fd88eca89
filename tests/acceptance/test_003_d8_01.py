"""003-D8-01 四级架构与网格配员: the staffing check lists the grids and buildings that lack a role.

南风花园 asks for one full-time worker and one red steward a grid, and one building head a building: a county's pack says
so, and nothing else.
"""

from __future__ import annotations

import pytest

from mulin.base.packs import load_packs
from mulin.parts.areas import selectors
from mulin.parts.areas.packs import SECTIONS
from mulin.parts.areas.tests.helpers import TODAY, appoint, create, load_kinds, person

PACK = {
    "pack.yaml": "name: {zh: 南风花园, en: Nanfeng}\nabout: {zh: 网格配员, en: Grid staffing}\nneeds: []\n",
    "post_kinds.yaml": (
        "- {code: red_steward, name: {zh: 红色管家, en: Red steward}, level: grid, required: 1, public: true, order: 30}\n"
    ),
}


@pytest.fixture
def community(world, tmp_path):
    """Six grids with one building each."""
    load_kinds()
    folder = tmp_path / "nanfeng"
    folder.mkdir()
    for name, text in PACK.items():
        (folder / name).write_text(text, encoding="utf-8")
    load_packs(tmp_path, ["nanfeng"], sections=SECTIONS)
    world.building.delete()
    world.grid.delete()
    return [
        create(f"99010100100110{n}", f"第{n}网格", "grid", world.community, world.now) for n in range(1, 7)
    ]


@pytest.mark.django_db
def test_grids_and_buildings_that_lack_a_role_are_listed(world, community):
    buildings = [create(f"{grid.code}B1", "1号楼", "building", grid, world.now) for grid in community]
    for grid, building in zip(community, buildings, strict=True):
        appoint("full_time_grid_worker", grid, person(f"worker-{grid.code}", world.now), world.now)
        appoint("red_steward", grid, person(f"steward-{grid.code}", world.now), world.now)
        appoint("building_head", building, person(f"head-{grid.code}", world.now), world.now)
    wanted = ["full_time_grid_worker", "red_steward", "building_head"]
    assert selectors.staffing_gaps([world.community.path], TODAY, kinds=wanted).gaps == []

    grid_without = create("990101001001107", "第7网格", "grid", world.community, world.now)
    building_without = create("990101001001107B1", "1号楼", "building", grid_without, world.now)
    appoint("full_time_grid_worker", grid_without, person("worker-7", world.now), world.now)
    gaps = selectors.staffing_gaps([world.community.path], TODAY, kinds=wanted).gaps
    assert [(gap.area, gap.kind.code) for gap in gaps] == [
        (grid_without, "red_steward"),
        (building_without, "building_head"),
    ]
