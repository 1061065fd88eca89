"""Founding, renaming, moving, merging and splitting: history is kept and everything follows its place."""

from __future__ import annotations

import pytest

from mulin.base.models import DatedSetting
from mulin.identity.access import SYSTEM
from mulin.identity.models import AuditEntry, Grant
from mulin.kernel.errors import Conflict, InvalidInput, NotFound, WrongState
from mulin.parts.areas import selectors, services
from mulin.parts.areas.models import Area, AreaChange
from mulin.parts.areas.services import SplitPart
from mulin.parts.areas.services.paths import scoped_columns
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY, appoint, create, load_kinds, person

pytestmark = pytest.mark.django_db


def by_system(world, **more):
    return {"actor": SYSTEM, "now": world.now, **more}


def test_a_new_area_stands_below_its_parent(world):
    area = create("990101001003", "桥西社区", "community", world.subdistrict, world.now)
    assert area.path == world.subdistrict.path + "003/"
    assert area.depth == world.subdistrict.depth + 1
    assert selectors.area_for_page_code(area.page_code.lower()) == area


def test_a_code_stands_once_in_force(world):
    with pytest.raises(Conflict):
        create(world.community.code, "又一个", "community", world.subdistrict, world.now)


@pytest.mark.parametrize(
    ("code", "name"), [("", "名"), ("编码", "名"), ("9/9", "名"), ("99", " "), ("99", "长" * 81)]
)
def test_bad_codes_and_names_are_refused_before_anything_is_written(world, code, name):
    count = Area.objects.count()
    with pytest.raises(InvalidInput):
        create(code, name, "community", world.subdistrict, world.now)
    assert Area.objects.count() == count


def test_levels_are_never_turned_round(world):
    with pytest.raises(InvalidInput):
        create("990101001001001001", "社区", "community", world.grid, world.now)


def test_renaming_keeps_the_old_name_in_the_history(world):
    services.area_rename(
        area=world.community, name="青禾新村社区", on=TODAY, document="青政〔2026〕3号", **by_system(world)
    )
    change = selectors.changes_of(world.community)[0]
    assert (change.before_name, change.after_name, change.document) == (
        "青禾社区",
        "青禾新村社区",
        "青政〔2026〕3号",
    )


def test_moving_takes_along_everything_that_carries_the_path(world):
    other = create("990101002", "东城街道", "subdistrict", world.county, world.now)
    partner = world.partner
    services.area_move(area=world.community, parent=other, on=TODAY, **by_system(world))
    world.building.refresh_from_db()
    partner.refresh_from_db()
    assert world.building.path.startswith(other.path)
    assert world.building.depth == world.building.path.count("/") - 1
    assert partner.area_path.startswith(world.community.path)
    assert world.actor("worker").may("requests.dispatch", partner.area_path)
    assert not Grant.objects.filter(area_path__startswith=world.subdistrict.path).filter(
        user=world.users["worker"]
    )


def test_every_table_with_an_area_path_is_found(world):
    found = {f"{model._meta.label_lower}.{column}" for model, column in scoped_columns()}
    assert {
        "base.datedsetting.area_path", "base.storedfile.area_path", "identity.grant.area_path",
        "registry.person.area_path", "partners.partner.area_path", "service_requests.servicerequest.area_path",
    } <= found  # fmt: skip
    assert not any(name.startswith(("identity.auditentry", "areas.")) for name in found)


def test_the_audit_trail_keeps_the_paths_of_its_day(world):
    area = create("990101001003", "桥西社区", "community", world.subdistrict, world.now)
    before = area.path
    services.area_recode(area=area, code="990101001009", on=TODAY, **by_system(world))
    assert AuditEntry.objects.get(act="areas.area_create").area_path == before
    assert area.path == world.subdistrict.path + "009/"


def test_nothing_is_moved_below_itself(world):
    with pytest.raises(InvalidInput):
        services.area_move(area=world.community, parent=world.grid, on=TODAY, **by_system(world))


def test_merging_hands_children_rows_and_rights_to_the_successor(world):
    load_kinds()
    secretary = person("zhao", world.now)
    holding = appoint("community_secretary", world.community, secretary, world.now)
    partner = world.partner
    old_path = world.community.path
    services.area_merge(areas=[world.community], into=world.other_community, on=TODAY, **by_system(world))
    for row in (world.community, world.grid, world.building, partner, holding, holding.grant):
        row.refresh_from_db()
    assert str(world.community.valid_to) == "2026-03-04"
    assert world.community.path == old_path
    assert world.grid.parent == world.other_community
    assert world.building.path.startswith(world.grid.path)
    assert partner.area_path == world.other_community.path
    assert str(holding.valid_to) == "2026-03-04"
    assert holding.grant.ended_at is not None
    assert world.actor("worker").may("requests.dispatch", world.other_community.path)


def test_merging_leaves_settings_where_they_may_stand_only_once(world):
    for place in (world.community, world.other_community):
        DatedSetting.objects.create(
            key="k", area_path=place.path, value=place.code, valid_from=FIRST_DAY, source="test"
        )
    services.area_merge(areas=[world.community], into=world.other_community, on=TODAY, **by_system(world))
    kept = DatedSetting.objects.get(key="k", area_path=world.other_community.path)
    assert kept.value == world.other_community.code


def test_only_one_level_is_merged_with_itself(world):
    with pytest.raises(InvalidInput):
        services.area_merge(areas=[world.grid], into=world.other_community, on=TODAY, **by_system(world))


def test_splitting_shares_out_children_and_leaves_the_rest_to_one_part(world):
    second = create("990101001001002", "第二网格", "grid", world.community, world.now)
    partner = world.partner
    north, south = services.area_split(
        area=world.community,
        parts=[
            SplitPart("990101001007", "北社区", [world.grid.code]),
            SplitPart("990101001008", "南社区", [second.code]),
        ],
        rest_to="990101001008",
        on=TODAY,
        **by_system(world),
    )
    for row in (world.grid, second, partner):
        row.refresh_from_db()
    assert world.grid.parent == north
    assert second.parent == south
    assert partner.area_path == south.path
    assert {change.after for change in AreaChange.objects.filter(kind="split")} == {north, south}


def test_a_split_may_leave_the_area_itself_going_on(world):
    second = create("990101001001002", "第二网格", "grid", world.community, world.now)
    partner = world.partner
    services.area_split(
        area=world.community,
        parts=[
            SplitPart(world.community.code, "青禾社区"),
            SplitPart("990101001008", "南社区", [second.code]),
        ],
        rest_to=world.community.code,
        on=TODAY,
        **by_system(world),
    )
    world.community.refresh_from_db()
    partner.refresh_from_db()
    assert world.community.valid_to is None
    assert partner.area_path == world.community.path


def test_a_change_is_not_recorded_before_its_day(world):
    from datetime import date

    with pytest.raises(InvalidInput, match="不能晚于今天"):
        services.area_rename(area=world.grid, name="新", on=date(2026, 3, 6), **by_system(world))
    world.grid.refresh_from_db()
    assert world.grid.name == "青禾社区第一网格"


def test_an_ended_area_changes_no_more_and_its_code_may_be_used_again(world):
    world.building.delete()
    services.area_end(area=world.grid, last_day=TODAY, reason="并格", **by_system(world))
    with pytest.raises(WrongState):
        services.area_rename(area=world.grid, name="新", on=TODAY, **by_system(world))
    again = create(world.grid.code, "重新划分的网格", "grid", world.community, world.now)
    assert again.path != world.grid.path
    assert selectors.area_by_code(world.grid.code) == again
    assert selectors.area_by_code(world.grid.code, on=FIRST_DAY.replace(year=2025)) == world.grid


def test_an_area_with_children_does_not_end(world):
    with pytest.raises(WrongState):
        services.area_end(area=world.community, last_day=TODAY, reason="", **by_system(world))


def test_a_place_is_told_by_its_community_and_grid(world):
    assert selectors.community_and_grid(world.building) == (world.community, world.grid)
    assert selectors.community_and_grid(world.community) == (world.community, None)
    for unknown in (None, world.county):
        with pytest.raises(NotFound):
            selectors.community_and_grid(unknown)


def test_an_area_is_seen_only_below_the_actors_grants(world):
    assert selectors.area_for(world.actor("worker"), world.grid.public_id) == world.grid
    for who in ("stranger", "foreigner", "resident"):
        with pytest.raises(NotFound):
            selectors.area_for(world.actor(who), world.grid.public_id)


def test_ancestors_and_lines_cost_one_query_each(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [area.name for area in selectors.ancestors(world.building)]
    assert names == ["青禾县", "青禾街道", "青禾社区", "青禾社区第一网格", "3号楼"]
    with django_assert_num_queries(1):
        assert [(line.area, line.child_count) for line in selectors.area_lines(world.subdistrict)] == [
            (world.community, 1),
            (world.other_community, 0),
        ]
