"""The pages of areas: what each person sees, and what a form does when it is sent."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mulin.identity.access import SYSTEM
from mulin.identity.middleware import Access
from mulin.parts.areas import selectors, services
from mulin.parts.areas.models import Body, PostHolding
from mulin.parts.areas.policies import POLICIES
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY, appoint, load_kinds, person, square
from mulin.parts.areas.urls import urlpatterns
from tests.support.world import area as bare_area
from tests.support.world import role

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(world, client, monkeypatch):
    """Signed in as an organiser of the county, who may do everything here; the clock is the world's."""
    load_kinds()
    monkeypatch.setattr(Access, "clock", world.clock)
    role("organiser", ["areas.view", "areas.manage", "posts.manage"])
    client.force_login(world.user("organiser", "organiser", world.county))
    return client


def at(route, *words):
    return reverse(f"areas:{route}", args=words)


def test_every_page_has_a_policy():
    assert {f"areas:{pattern.name}" for pattern in urlpatterns} == set(POLICIES)


def test_the_tree_opens_at_ones_own_area_and_leads_downwards(world, pages):
    assert world.county.name in pages.get(at("list")).text
    text = pages.get(at("area", world.community.public_id)).text
    assert at("area", world.grid.public_id) in text
    assert at("area", world.subdistrict.public_id) in text


def test_areas_are_found_by_name_or_code_within_ones_own(world, pages):
    text = pages.get(at("list"), {"q": "柳园"}).text
    assert world.other_community.name in text
    assert world.other_county.name not in pages.get(at("list"), {"q": "99020"}).text


def test_what_lies_elsewhere_does_not_exist(world, pages):
    for route in ("area", "create", "appoint", "establish", "notice"):
        assert pages.get(at(route, world.other_county.public_id)).status_code == 404
    assert pages.get(at("change", world.other_county.public_id, "rename")).status_code == 404
    assert pages.get(at("change", world.grid.public_id, "explode")).status_code == 404


def test_who_may_only_look_is_offered_no_change(world, pages):
    pages.force_login(world.users["worker"])
    text = pages.get(at("area", world.grid.public_id)).text
    assert "变更" not in text
    assert pages.get(at("appoint", world.grid.public_id)).status_code == 404
    assert pages.post(at("change", world.grid.public_id, "rename"), {"name": "坏"}).status_code == 404


def test_the_page_shows_posts_bodies_boundary_and_history(world, pages):
    appoint("full_time_grid_worker", world.grid, person("li", world.now), world.now)
    services.boundary_set(area=world.grid, geometry=square(116.5, 35.4), actor=SYSTEM, now=world.now)
    services.area_rename(area=world.grid, name="幸福网格", on=TODAY, actor=SYSTEM, now=world.now)
    text = pages.get(at("area", world.grid.public_id)).text
    for words in ("li某", "青禾社区第一网格改名为幸福网格", "还没有建立", "data-map", "红色管家"):
        assert words in text


def test_an_area_page_costs_the_same_however_much_stands_there(world, pages, django_assert_max_num_queries):
    for number in range(20):
        bare_area(f"990101001001001C{number}", f"{number}号楼", "building", world.grid)
        appoint("full_time_grid_worker", world.grid, person(f"w{number}", world.now), world.now)
    with django_assert_max_num_queries(15):
        pages.get(at("area", world.grid.public_id))


def test_appointing_by_phone_or_login_name(world, pages):
    li = person("li", world.now)
    sent = {
        "kind": "full_time_grid_worker",
        "holder": "li",
        "valid_from": "2026-03-05",
        "operation_id": "once",
    }
    answer = pages.post(at("appoint", world.grid.public_id), sent)
    assert answer.status_code == 302
    assert selectors.post_holder("full_time_grid_worker", world.grid, TODAY) == li
    pages.post(at("appoint", world.grid.public_id), sent)
    assert PostHolding.objects.count() == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world, pages):
    sent = {
        "kind": "full_time_grid_worker",
        "holder": "nobody",
        "valid_from": "2026-03-05",
        "reason": "轮岗文件3号",
    }
    answer = pages.post(at("appoint", world.grid.public_id), sent)
    assert answer.status_code == 422
    assert 'id="id_holder-error"' in answer.text
    assert "轮岗文件3号" in answer.text
    assert not PostHolding.objects.exists()


def test_leaving_covering_and_handing_over_by_form(world, pages):
    holding = appoint("full_time_grid_worker", world.grid, person("li", world.now), world.now)
    person("wang", world.now)
    cover = {"holder": "wang", "valid_from": "2026-03-05", "valid_to": "2026-03-07"}
    assert pages.post(at("cover", holding.public_id), cover).status_code == 302
    assert selectors.post_holder("full_time_grid_worker", world.grid, TODAY).login_name == "wang"
    person("zhao", world.now)
    handed = {"holder": "zhao", "last_day": "2026-03-05"}
    assert pages.post(at("hand_over", holding.public_id), handed).status_code == 302
    last = PostHolding.objects.get(holder__login_name="zhao")
    assert str(last.valid_from) == "2026-03-06"
    assert pages.post(at("leave", last.public_id), {"last_day": "2026-03-31"}).status_code == 302
    for route in ("leave", "cover", "hand_over"):
        assert pages.get(at(route, holding.public_id)).status_code == 200


def test_changing_an_area_by_form(world, pages):
    def change(step, **sent):
        answer = pages.post(at("change", world.grid.public_id, step), {"on": "2026-03-05", **sent})
        world.grid.refresh_from_db()
        return answer.status_code

    assert change("rename", name="幸福网格") == 302
    assert (
        change(
            "describe", telephone="0537-2222222", household_count="321", longitude="116.5", latitude="35.4"
        )
        == 302
    )
    assert change("recode", code="990101001001009") == 302
    assert change("move", parent=world.other_community.code) == 302
    assert (world.grid.name, world.grid.household_count) == ("幸福网格", 321)
    assert world.grid.path.startswith(world.other_community.path)
    assert change("move", parent=world.other_county.code) == 422
    assert change("describe", longitude="sideways") == 422
    assert change("end", reason="撤销") == 422
    assert world.grid.valid_to is None
    for step in ("describe", "rename", "recode", "move", "merge", "split", "end"):
        assert pages.get(at("change", world.grid.public_id, step)).status_code == 200


def test_merging_and_splitting_by_form(world, pages):
    sent = {
        "parts": f"990101001007 北社区 {world.grid.code}\n990101001008 南社区",
        "rest_to": "990101001008",
        "on": "2026-03-05",
    }
    assert pages.post(at("change", world.community.public_id, "split"), sent).status_code == 302
    south = selectors.area_by_code("990101001008")
    south.valid_from = FIRST_DAY
    south.save()
    merged = pages.post(
        at("change", south.public_id, "merge"), {"into": world.other_community.code, "on": "2026-03-05"}
    )
    assert merged.status_code == 302
    assert selectors.area_by_code("990101001008") is None


def test_founding_an_area_and_a_body(world, pages):
    sent = {"kind": "grid", "code": "990101001002001", "name": "第一网格", "valid_from": "2026-03-05"}
    assert pages.post(at("create", world.other_community.public_id), sent).status_code == 302
    grid = selectors.area_by_code("990101001002001")
    assert pages.post(at("create", world.other_community.public_id), sent).status_code == 422
    sent = {"kind": "grid_party_branch", "name": "第一网格党支部", "valid_from": "2026-03-05"}
    assert pages.post(at("establish", grid.public_id), sent).status_code == 302
    body = Body.objects.get()
    assert pages.post(at("dissolve", body.public_id), {"last_day": "2026-03-05"}).status_code == 302
    assert pages.get(at("create_top")).status_code == 404


def test_the_staffing_page_lists_gaps_and_narrows_them(world, pages):
    text = pages.get(at("staffing")).text
    assert "专职网格员" in text
    assert f"{at('appoint', world.grid.public_id)}?kind=full_time_grid_worker" in text
    narrowed = pages.get(at("staffing"), {"kind": "building_party_group"}).text
    assert world.building.name in narrowed
    assert at("area", world.grid.public_id) not in narrowed
    assert pages.get(at("staffing"), {"page": "x", "kind": "nothing"}).status_code == 200


def test_the_staffing_page_costs_the_same_however_many_gaps(world, pages, django_assert_max_num_queries):
    for number in range(60):
        bare_area(f"990101001001C{number}", f"{number}格", "grid", world.community)
    with django_assert_max_num_queries(12):
        text = pages.get(at("staffing"), {"page": "2"}).text
    assert "26–50" in text


def test_addresses_outside_grids_have_their_page(world, pages):
    text = pages.get(at("points")).text
    assert world.building.name in text
    assert "还没有标注位置" in text
    assert world.building.name not in pages.get(at("points"), {"problem": "outside"}).text


def test_boundaries_come_by_file(world, pages):
    geojson = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": world.grid.code}, "geometry": square(116.5, 35.4)},
        {"type": "Feature", "properties": {"code": world.other_county.code}, "geometry": square(116.5, 35.4)},
    ]}  # fmt: skip
    file = SimpleUploadedFile("b.geojson", json.dumps(geojson).encode())
    text = pages.post(at("boundaries"), {"file": file, "crs": "wgs84"}).text
    assert "保存了 1 个边界" in text
    assert world.other_county.code in text
    assert selectors.grid_at(116.505, 35.405) == world.grid
    broken = pages.post(at("boundaries"), {"file": SimpleUploadedFile("b.png", b"\x89PNG")})
    assert broken.status_code == 422
    assert pages.post(at("boundaries"), {}).status_code == 422


def test_the_notice_names_worker_range_and_both_telephones(world, pages):
    appoint("full_time_grid_worker", world.grid, person("li", world.now), world.now)
    services.area_describe(
        area=world.community, facts={"supervision_telephone": "0537-2000009"}, actor=SYSTEM, now=world.now
    )
    text = pages.get(at("notice", world.grid.public_id)).text
    for words in (world.grid.name, "li某", world.building.name, "0537-2000001", "0537-2000009"):
        assert words in text
    assert "<svg" in pages.get(at("notice", world.community.public_id)).text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(world, pages, language):
    holding = appoint("full_time_grid_worker", world.grid, person("li", world.now), world.now)
    pages.cookies["mulin-language"] = language
    grid = world.grid.public_id
    for address in (
        at("list"), at("staffing"), at("points"), at("boundaries"), at("area", grid), at("notice", grid),
        at("create", grid), at("appoint", grid), at("establish", grid), at("leave", holding.public_id),
    ):  # fmt: skip
        assert pages.get(address).status_code == 200
