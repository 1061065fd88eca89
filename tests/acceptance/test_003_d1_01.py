"""003-D1-01 五级组织体系: for any building the chain up to the subdistrict is shown; a building without a party group is
listed.
"""

from __future__ import annotations

from typing import Any

import pytest

from mulin.parts.areas import selectors
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY
from tests.acceptance.conftest import Office

pytestmark = pytest.mark.django_db
GRID, THIRD, FOURTH = "990101001001001", "990101001001001B03", "990101001001001B04"


@pytest.fixture
def county(office: Office) -> Office:
    """One grid with two buildings; every level has its body, down to the hub household of building 3."""
    run = office.bring_in(
        "areas.tree",
        "编码,名称,上级编码,级别",
        [
            f"{GRID},第一网格,{office.world.community.code},网格",
            f"{THIRD},3号楼,{GRID},楼栋",
            f"{FOURTH},4号楼,{GRID},楼栋",
        ],
    )
    assert (run.created, run.rejected) == (3, 0)
    world = office.world
    for kind, area, name in (
        ("subdistrict_party_working_committee", world.subdistrict, "青禾街道党工委"),
        ("community_party_committee", world.community, "青禾社区党委"),
        ("residents_committee", world.community, "青禾社区居委会"),
        ("grid_party_branch", at(GRID), "第一网格党支部"),
        ("building_party_group", at(THIRD), "3号楼党小组"),
        ("party_hub_household", at(THIRD), "3号楼党员中心户"),
    ):
        answer = office.send(
            "establish",
            area.public_id,
            kind=kind,
            name=name,
            leader_name=f"{name}的书记",
            address=f"{name}办公点",
            valid_from=FIRST_DAY.isoformat(),
        )
        assert answer.status_code == 302
    return office


def at(code: str) -> Any:
    return selectors.area_by_code(code)


def test_the_chain_of_a_building_reaches_up_to_the_subdistrict_with_people_and_addresses(
    county: Office,
) -> None:
    chain = selectors.chain_of_bodies(at(THIRD), TODAY)
    names = [body.name for level in chain for body in level.bodies]
    assert names == [
        "青禾街道党工委", "青禾社区党委", "青禾社区居委会", "第一网格党支部", "3号楼党小组", "3号楼党员中心户",
    ]  # fmt: skip
    page = county.at("area", at(THIRD).public_id).text
    places = [page.index(f"{name}办公点") for name in names]
    assert places == sorted(places)
    assert all(f"{name}的书记" in page for name in names)
    assert "还没有建立" not in page


def test_a_building_without_a_party_group_is_listed_and_shows_the_break_in_its_chain(county: Office) -> None:
    listed = county.at("staffing", kind="building_party_group").text
    assert "配员检查：缺 1 处" in listed
    assert ("4号楼" in listed, "3号楼" in listed) == (True, False)
    page = county.at("area", at(FOURTH).public_id).text
    assert page.count("还没有建立") == 1
    assert "第一网格党支部" in page
