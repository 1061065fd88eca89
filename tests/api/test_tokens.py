"""A key does what its scopes and its owner's grants both allow, until it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from mulin.identity.models import ApiToken, Grant
from mulin.identity.services import token_revoke, user_deactivate
from tests.api.conftest import Program, new_token
from tests.support.world import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_worker_sees_the_requests_of_the_own_community_and_no_other(standing, program):
    mine = standing.raise_request()
    theirs = standing.raise_request(area=standing.other_community, grid=None)
    found = program("worker").ask("requests").json()
    assert [row["public_id"] for row in found["items"]] == [mine.public_id]
    assert program("worker").ask(f"requests/{theirs.public_id}").status_code == 404


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer mulin-wrong", "Basic bXVsaW46eA==", "Bearer é"]
)
def test_without_a_valid_key_there_is_no_entry(client, standing, header):
    answer = client.get("/api/v1/requests", headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_key_is_refused(standing):
    token = new_token(standing, "worker", days=1)
    assert Program(token).ask("requests").status_code == 200
    standing.clock.advance(timedelta(days=1, seconds=1))
    assert Program(token).ask("requests").status_code == 401
    assert Program(token).send("requests", {}).status_code == 401


def test_a_revoked_key_is_refused_at_once(standing):
    token = new_token(standing, "worker")
    caller = Program(token)
    assert caller.ask("requests").status_code == 200
    token_revoke(token=ApiToken.objects.get(), actor=standing.actor("worker"), now=standing.now)
    assert caller.ask("requests").status_code == 401


def test_a_key_ends_with_its_owners_account(standing):
    caller = Program(new_token(standing, "worker"))
    user_deactivate(
        user=standing.users["worker"], reason="离职", actor=standing.actor("security"), now=standing.now
    )
    assert caller.ask("requests").status_code == 401


def test_a_key_ends_with_its_owners_grant(standing):
    caller = Program(new_token(standing, "worker"))
    Grant.objects.filter(user=standing.users["worker"]).update(ended_at=standing.now)
    assert caller.ask("requests").status_code == 404


def test_a_narrow_key_does_no_more_than_its_scopes(standing, program, new_request):
    narrow = program("worker", "requests.view")
    assert narrow.ask("requests").status_code == 200
    assert narrow.send("requests", new_request).status_code == 404
    assert narrow.ask("statistics/requests").status_code == 404
    assert narrow.ask("areas").status_code == 404


def test_a_page_session_needs_its_csrf_token_for_changes(standing, new_request):
    browser = Client(enforce_csrf_checks=True)
    assert browser.login(username="worker", password=PASSWORD)
    assert browser.get("/api/v1/requests").status_code == 200
    answer = browser.post("/api/v1/requests", new_request, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "form-expired")


def test_lists_show_no_person_and_no_telephone(standing, program):
    standing.raise_request()
    said = b"".join(
        program("worker").ask(path).content for path in ("requests", "partners", "areas")
    ).decode()
    assert "王秀英" not in said
    assert "13805371234" not in said


def test_areas_are_those_of_the_own_grant_in_the_order_of_the_tree(standing, program):
    found = program("worker").ask("areas").json()
    assert [area["name"] for area in found["items"]] == ["青禾社区", "青禾社区第一网格", "3号楼"]
    below = program("worker").ask("areas", parent=standing.community.code, kind="grid").json()
    assert [area["parent_code"] for area in below["items"]] == [standing.community.code]


def test_partners_are_those_of_the_own_area_page_by_page(standing, program):
    found = program("worker").ask("partners", words="修理").json()
    assert [(partner["name"], partner["area"]) for partner in found["items"]] == [("老李修理铺", "青禾社区")]
    assert (found["total"], found["has_next"]) == (1, False)
    assert program("stranger").ask("partners").json()["items"] == []


def test_pages_follow_each_other_without_gap_or_repetition(standing, program):
    raised = {standing.raise_request().public_id for _ in range(30)}
    first, second = (program("worker").ask("requests", page=page).json() for page in (1, 2))
    assert (len(first["items"]), first["has_next"], len(second["items"]), second["has_next"]) == (
        25,
        True,
        5,
        False,
    )
    assert {row["public_id"] for row in first["items"] + second["items"]} == raised


def test_a_key_reaches_what_was_handed_to_its_owner_only_by_its_own_scopes(standing, program):
    request = standing.raise_request(area=standing.other_community, grid=None)
    standing.users["worker"].held_requests.add(request)
    address = f"requests/{request.public_id}"
    assert program("worker", "requests.view").ask(address).status_code == 200
    assert program("worker", "requests.take_in").ask(address).status_code == 404
    assert (
        program("worker", "requests.view").send(f"{address}/notes", {"note": "不该写下"}).status_code == 404
    )


def test_who_may_only_look_writes_nothing_into_the_timeline(standing, program):
    request = standing.raise_request()
    address = f"requests/{request.public_id}"
    assert program("manager").ask(address).status_code == 200
    answer = program("manager").send(f"{address}/notes", {"note": "不该写下", "is_public": True})
    assert answer.status_code == 404
    assert not request.events.filter(step="note").exists()
