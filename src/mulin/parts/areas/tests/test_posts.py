"""Appointing writes the grant and leaving ends it; cover and hand-over are one step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mulin.identity.access import SYSTEM
from mulin.identity.selectors import actor_for
from mulin.identity.services import user_deactivate
from mulin.kernel.errors import Conflict, InvalidInput, NotFound, WrongState
from mulin.parts.areas import selectors, services
from mulin.parts.areas.models import BodyKind, PostHolding
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY, YESTERDAY, appoint, load_kinds, person

pytestmark = pytest.mark.django_db
WORKER = "full_time_grid_worker"


@pytest.fixture
def kinds(world):
    load_kinds()


@pytest.fixture
def li(world, kinds):
    return person("li", world.now)


def roles(user, on=TODAY):
    return actor_for(user, today=on).roles


def test_appointing_gives_the_role_over_the_place(world, li):
    appoint(WORKER, world.grid, li, world.now)
    actor = actor_for(li, today=TODAY)
    assert [(scope.role, scope.area_path) for scope in actor.scopes] == [("grid_worker", world.grid.path)]


def test_leaving_yesterday_ends_the_role_at_once(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    services.post_leave(holding=holding, last_day=YESTERDAY, reason="调离", actor=SYSTEM, now=world.now)
    assert roles(li) == frozenset()
    assert selectors.post_holder(WORKER, world.grid, TODAY) is None
    assert selectors.post_holder(WORKER, world.grid, YESTERDAY) == li


def test_leaving_next_week_keeps_the_role_until_that_day(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    services.post_leave(holding=holding, last_day=date(2026, 3, 12), actor=SYSTEM, now=world.now)
    assert roles(li, date(2026, 3, 12)) == {"grid_worker"}
    assert roles(li, date(2026, 3, 13)) == frozenset()


def test_a_refused_role_leaves_no_holding_behind(world, kinds):
    """The county has no such role: neither post nor grant may stand without the other."""
    from mulin.parts.areas.models import PostKind

    PostKind.objects.filter(code=WORKER).update(role_code="nobody_has_this")
    with pytest.raises(NotFound):
        appoint(WORKER, world.grid, person("wu", world.now), world.now)
    assert not PostHolding.objects.exists()


def test_a_post_belongs_to_its_level(world, li):
    with pytest.raises(InvalidInput, match="岗位"):
        appoint(WORKER, world.community, li, world.now)


def test_nobody_holds_one_post_twice_at_a_time(world, li):
    appoint(WORKER, world.grid, li, world.now)
    with pytest.raises(Conflict):
        appoint(WORKER, world.grid, li, world.now, valid_from=TODAY)


def test_who_covers_stands_for_the_post_only_on_the_days_of_leave(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    wang = person("wang", world.now)
    services.post_cover(
        holding=holding,
        cover=wang,
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=6),
        actor=SYSTEM,
        now=world.now,
    )
    assert selectors.post_holder(WORKER, world.grid, TODAY) == wang
    assert selectors.post_holder(WORKER, world.grid, YESTERDAY) == li
    assert selectors.post_holder(WORKER, world.grid, TODAY + timedelta(days=7)) == li
    assert roles(li) == roles(wang) == {"grid_worker"}
    assert roles(wang, TODAY + timedelta(days=7)) == frozenset()


def test_cover_ends_when_the_holder_leaves(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    wang = person("wang", world.now)
    services.post_cover(
        holding=holding,
        cover=wang,
        valid_from=FIRST_DAY,
        valid_to=date(2026, 12, 31),
        actor=SYSTEM,
        now=world.now,
    )
    services.post_leave(holding=holding, last_day=YESTERDAY, actor=SYSTEM, now=world.now)
    assert roles(wang) == frozenset()


def test_nobody_covers_their_own_leave(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    with pytest.raises(InvalidInput):
        services.post_cover(
            holding=holding, cover=li, valid_from=TODAY, valid_to=TODAY, actor=SYSTEM, now=world.now
        )


def test_hand_over_leaves_no_day_without_a_holder(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    wang = person("wang", world.now)
    services.post_hand_over(
        holding=holding, to=wang, last_day=TODAY, reason="轮岗", actor=SYSTEM, now=world.now
    )
    assert selectors.post_holder(WORKER, world.grid, TODAY) == li
    assert selectors.post_holder(WORKER, world.grid, TODAY + timedelta(days=1)) == wang
    assert roles(li, TODAY + timedelta(days=1)) == frozenset()


def test_a_failed_hand_over_changes_nothing(world, li):
    holding = appoint(WORKER, world.grid, li, world.now)
    wang = person("wang", world.now)
    wang.is_active = False
    wang.save()
    with pytest.raises(WrongState):
        services.post_hand_over(holding=holding, to=wang, last_day=TODAY, actor=SYSTEM, now=world.now)
    holding.refresh_from_db()
    assert holding.valid_to is None


def test_the_nearest_post_answers_for_a_place(world, li):
    wang = person("wang", world.now)
    appoint("community_worker", world.community, wang, world.now)
    assert selectors.responsible_for(world.building, TODAY) == wang
    appoint(WORKER, world.grid, li, world.now)
    assert selectors.responsible_for(world.building, TODAY) == li
    assert selectors.responsible_for(world.other_community, TODAY) is None


def test_reads_cost_the_same_however_many_hold_a_post(world, kinds, django_assert_num_queries):
    for number in range(4):
        appoint("community_worker", world.community, person(f"cw{number}", world.now), world.now)
    with django_assert_num_queries(1):
        selectors.post_holder("community_worker", world.community, TODAY)
    with django_assert_num_queries(1):
        selectors.responsible_for(world.building, TODAY)
    with django_assert_num_queries(2):
        selectors.posts_of(world.community, TODAY)


def test_the_staffing_check_counts_holders_and_no_cover(world, li, django_assert_num_queries):
    holding = appoint(WORKER, world.grid, li, world.now)
    with django_assert_num_queries(6):
        report = selectors.staffing_gaps([world.county.path], TODAY)
    short = {(gap.area, gap.kind.code) for gap in report.gaps}
    assert (world.grid, WORKER) not in short
    assert (world.grid, "grid_party_branch") in short
    assert (world.building, "building_party_group") in short
    services.post_cover(
        holding=holding,
        cover=person("wang", world.now),
        valid_from=TODAY,
        valid_to=TODAY,
        actor=SYSTEM,
        now=world.now,
    )
    services.post_leave(holding=holding, last_day=YESTERDAY, actor=SYSTEM, now=world.now)
    report = selectors.staffing_gaps([world.county.path], TODAY, kinds=[WORKER])
    assert [(gap.area, gap.missing) for gap in report.gaps] == [(world.grid, 1)]
    assert report.by_kind == {WORKER: (1, 1)}


def test_a_closed_account_holds_a_post_in_name_only(world, li):
    appoint("full_time_grid_worker", world.grid, li, world.now)
    above = person("above", world.now)
    appoint("community_worker", world.community, above, world.now)
    assert selectors.responsible_for(world.grid, TODAY) == li
    user_deactivate(user=li, reason="调离", actor=SYSTEM, now=world.now)
    assert selectors.responsible_for(world.grid, TODAY) == above
    assert selectors.post_holder("full_time_grid_worker", world.grid, TODAY) is None
    gaps = selectors.staffing_gaps([world.grid.path], TODAY, kinds=["full_time_grid_worker"]).gaps
    assert [gap.area for gap in gaps] == [world.grid]
    (seat,) = [
        seat for seat in selectors.posts_of(world.grid, TODAY) if seat.kind.code == "full_time_grid_worker"
    ]
    assert seat.missing == 1


def test_the_staffing_check_sees_nothing_outside_its_paths(world, kinds):
    assert selectors.staffing_gaps([world.other_county.path], TODAY).gaps == []
    assert selectors.staffing_gaps([], TODAY).gaps == []


def test_a_body_belongs_to_its_level_and_ends_once(world, kinds):
    group = BodyKind.objects.get(code="building_party_group")
    common = {"name": "3号楼党小组", "valid_from": FIRST_DAY, "actor": SYSTEM, "now": world.now}
    with pytest.raises(InvalidInput):
        services.body_establish(kind=group, area=world.grid, **common)
    body = services.body_establish(kind=group, area=world.building, **common)
    services.body_dissolve(body=body, last_day=YESTERDAY, actor=SYSTEM, now=world.now)
    assert selectors.bodies_of(world.building, TODAY) == []
    with pytest.raises(WrongState):
        services.body_dissolve(body=body, last_day=TODAY, actor=SYSTEM, now=world.now)
