"""003-D1-01 五级组织体系: for any building the chain up to the subdistrict is shown; a building without a party group is
listed.
"""

from __future__ import annotations

import pytest

from mulin.identity.access import SYSTEM
from mulin.parts.areas import selectors, services
from mulin.parts.areas.models import BodyKind
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY, create, load_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(world):
    """Every level has its body, from the subdistrict's committee to the hub household of building 3."""
    load_kinds()
    for kind, area, name in (
        ("subdistrict_party_working_committee", world.subdistrict, "青禾街道党工委"),
        ("community_party_committee", world.community, "青禾社区党委"),
        ("residents_committee", world.community, "青禾社区居委会"),
        ("grid_party_branch", world.grid, "第一网格党支部"),
        ("building_party_group", world.building, "3号楼党小组"),
        ("party_hub_household", world.building, "3号楼党员中心户"),
    ):
        services.body_establish(
            kind=BodyKind.objects.get(code=kind),
            area=area,
            name=name,
            address=f"{area.name}办公点",
            valid_from=FIRST_DAY,
            actor=SYSTEM,
            now=world.now,
        )
    return world


def test_the_chain_of_a_building_reaches_up_to_the_subdistrict(bodies, django_assert_num_queries):
    with django_assert_num_queries(3):
        chain = selectors.chain_of_bodies(bodies.building, TODAY)
    assert [body.name for level in chain for body in level.bodies] == [
        "青禾街道党工委", "青禾社区党委", "青禾社区居委会", "第一网格党支部", "3号楼党小组", "3号楼党员中心户",
    ]  # fmt: skip
    assert not any(level.is_missing for level in chain)


def test_a_building_without_a_party_group_is_listed_and_shows_the_break_in_its_chain(bodies):
    bare = create("990101001001001B04", "4号楼", "building", bodies.grid, bodies.now)
    gaps = selectors.staffing_gaps([bodies.community.path], TODAY, kinds=["building_party_group"]).gaps
    assert [gap.area for gap in gaps] == [bare]
    chain = selectors.chain_of_bodies(bare, TODAY)
    assert [level.kind.code for level in chain if level.is_missing] == ["building_party_group"]
