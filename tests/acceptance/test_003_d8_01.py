"""003-D8-01 四级架构与网格配员: the staffing check lists the grids and buildings that lack a role.

南风花园 asks for one full-time worker and one red steward a grid, and one building head a building: a county's pack says
so, and nothing else. Seven members of the two committees work in its six grids.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mulin.base.packs import load_packs
from mulin.parts.areas import selectors
from mulin.parts.areas.packs import SECTIONS
from mulin.parts.areas.tests.helpers import TODAY
from tests.acceptance.conftest import Office

PACK = {
    "pack.yaml": "name: {zh: 南风花园, en: Nanfeng}\nabout: {zh: 网格配员, en: Grid staffing}\nneeds: []\n",
    "post_kinds.yaml": (
        "- {code: red_steward, name: {zh: 红色管家, en: Red steward}, level: grid, required: 1, public: true, order: 30}\n"
    ),
}
ROLES = ["full_time_grid_worker", "red_steward", "building_head"]
CODES = [f"99010100100110{n}" for n in range(1, 7)]


@pytest.fixture
def garden(office: Office, tmp_path: Path) -> Office:
    """Six grids with one building each, and everybody in place."""
    folder = tmp_path / "nanfeng"
    folder.mkdir()
    for name, text in PACK.items():
        (folder / name).write_text(text, encoding="utf-8")
    load_packs(tmp_path, ["nanfeng"], sections=SECTIONS)
    assert found(office, CODES) == 12
    posts = [
        *(f"{code},专职网格员,两委{n},1390000000{n}" for n, code in enumerate(CODES)),
        f"{CODES[0]},专职网格员,两委6,13900000006",
        *(f"{code},红色管家,管家{n},1390000001{n}" for n, code in enumerate(CODES)),
        *(f"{code}B1,楼长,楼长{n},1390000002{n}" for n, code in enumerate(CODES)),
    ]
    run = office.bring_in("areas.posts", "区域编码,岗位,姓名,手机号", posts)
    assert (run.created, run.rejected) == (19, 0)
    return office


def found(office: Office, codes: list[str]) -> int:
    """Found grids of these codes, each with building 1; how many areas came of it."""
    community = office.world.community.code
    lines = [
        line
        for code in codes
        for line in (f"{code},第{code[-1]}网格,{community},网格", f"{code}B1,{code[-1]}区1号楼,{code},楼栋")
    ]
    return office.bring_in("areas.tree", "编码,名称,上级编码,级别", lines).created


@pytest.mark.django_db
def test_grids_and_buildings_that_lack_a_role_are_listed(garden: Office) -> None:
    paths = [garden.world.community.path]
    assert selectors.staffing_gaps(paths, TODAY, kinds=ROLES).gaps == []
    assert all("都配齐了" in garden.at("staffing", kind=role).text for role in ROLES)

    found(garden, ["990101001001107"])
    worker = garden.bring_in(
        "areas.posts", "区域编码,岗位,姓名,手机号", ["990101001001107,专职网格员,两委7,13900000007"]
    )
    assert worker.created == 1
    gaps = selectors.staffing_gaps(paths, TODAY, kinds=ROLES).gaps
    assert [(gap.area.name, gap.kind.code) for gap in gaps] == [
        ("第7网格", "red_steward"),
        ("7区1号楼", "building_head"),
    ]
    assert "都配齐了" in garden.at("staffing", kind="full_time_grid_worker").text
    assert "第7网格" in garden.at("staffing", kind="red_steward").text
    assert "7区1号楼" in garden.at("staffing", kind="building_head").text
