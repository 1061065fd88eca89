"""Accounts and grants as administrators see them."""

import io

import openpyxl
import pytest

from mulin.identity.access import SYSTEM
from mulin.identity.models import AuditEntry, Grant, User
from mulin.identity.services import user_create


@pytest.fixture
def fang(world):
    return user_create(
        login_name="fang", display_name="王芳", phone="13800138000", area_path=world.community.path,
        actor=SYSTEM, now=world.now,
    )  # fmt: skip


def grant_words(world, **changes):
    return {
        "role": "grid_worker", "area": world.grid.public_id, "valid_from": "2026-03-05", "valid_to": "",
        "reason": "任命", "operation_id": "op-1",
    } | changes  # fmt: skip


def test_a_new_account_shows_its_password_once_and_must_change_it(world, admin, client):
    words = {"display_name": "李四", "login_name": "li.si", "phone": "", "area": world.community.public_id}
    answer = admin.post("/work/users/new/", words)
    user = User.objects.get(login_name="li.si")
    password = answer.text.split('id="first-password">')[1].split("<")[0]
    assert user.check_password(password)
    assert user.must_change_password
    assert user.area_path == world.community.path
    assert password not in admin.get(f"/work/users/{user.public_id}/").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"login_name": "worker"}, "这个登录名已经有人用了"),
        ({"phone": "1380013"}, "手机号应为 11 位"),
        ({"area": ""}, "请选择区域"),
        ({"display_name": ""}, "请填写姓名"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world, admin, changes, says):
    words = {
        "display_name": "李四",
        "login_name": "li.si",
        "phone": "",
        "area": world.community.public_id,
    } | changes
    answer = admin.post("/work/users/new/", words)
    assert answer.status_code == 422
    assert says in answer.text
    for text in filter(None, (words["display_name"], words["login_name"], words["phone"])):
        assert f'value="{text}"' in answer.text
    assert not User.objects.filter(login_name="li.si").exists()


def test_looking_for_an_area_keeps_the_other_fields_and_stores_nothing(world, admin):
    words = {"display_name": "李四", "login_name": "li.si", "area_text": "柳园", "look": "1"}
    answer = admin.post("/work/users/new/", words)
    assert answer.status_code == 200
    assert "柳园社区" in answer.text
    assert 'value="li.si"' in answer.text
    assert not User.objects.filter(login_name="li.si").exists()


def test_an_area_of_another_county_cannot_be_chosen(world, admin):
    words = {"display_name": "李四", "login_name": "li.si", "phone": "", "area": world.other_county.public_id}
    assert admin.post("/work/users/new/", words).status_code == 422
    assert not User.objects.filter(login_name="li.si").exists()


def test_a_grant_sent_twice_is_given_once(world, admin, fang):
    for _ in range(2):
        answer = admin.post(f"/work/users/{fang.public_id}/grant/", grant_words(world))
        assert answer.status_code == 302
    assert Grant.objects.filter(user=fang).count() == 1
    assert "网格" in admin.get(f"/work/users/{fang.public_id}/").text


def test_a_grant_ends_with_a_reason(world, admin, fang):
    admin.post(f"/work/users/{fang.public_id}/grant/", grant_words(world))
    grant = Grant.objects.get(user=fang)
    assert admin.post(f"/work/grants/{grant.public_id}/end/", {"reason": " "}).status_code == 422
    assert admin.post(f"/work/grants/{grant.public_id}/end/", {"reason": "调岗"}).status_code == 302
    assert AuditEntry.objects.get(act="identity.grant_end").reason == "调岗"


def test_grants_of_another_county_cannot_be_ended(world, admin):
    grant = Grant.objects.get(user=world.users["foreigner"])
    assert admin.post(f"/work/grants/{grant.public_id}/end/", {"reason": "x"}).status_code == 404
    grant.refresh_from_db()
    assert grant.ended_at is None


def test_an_account_that_reaches_further_cannot_be_taken_over(world, signed_in, admin):
    """Somebody who looks after one community must not reset the password of a county manager who lives there."""
    manager = world.users["manager"]
    manager.area_path = world.community.path
    manager.save()
    world.user("clerk", "security_administrator", world.community)
    clerk = signed_in("clerk")
    assert clerk.get(f"/work/users/{manager.public_id}/").status_code == 200
    assert clerk.post(f"/work/users/{manager.public_id}/password/").status_code == 404
    assert clerk.post(f"/work/users/{manager.public_id}/deactivate/", {"reason": "x"}).status_code == 404
    assert admin.post(f"/work/users/{manager.public_id}/password/").status_code == 200


def test_nobody_resets_or_closes_their_own_account(world, admin):
    own = world.users["admin"].public_id
    assert admin.post(f"/work/users/{own}/password/").status_code == 404
    assert admin.post(f"/work/users/{own}/deactivate/", {"reason": "x"}).status_code == 404


def test_a_closed_account_cannot_go_on(world, admin, signed_in):
    worker = signed_in("worker")
    assert worker.get("/account/").status_code == 200
    public_id = world.users["worker"].public_id
    assert admin.post(f"/work/users/{public_id}/deactivate/", {"reason": "离职"}).status_code == 302
    assert worker.get("/account/").status_code == 302


def test_whom_one_looks_for_stands_in_no_address(world, admin, fang):
    answer = admin.post("/work/users/", {"text": "13800138000"})
    assert answer.headers["Location"] == "/work/users/"
    page = admin.get("/work/users/").text
    assert "王芳" in page
    assert "worker某" not in page
    admin.post("/work/users/", {})
    assert "worker某" in admin.get("/work/users/").text


def test_first_passwords_come_as_a_sheet_that_opens_the_door(world, admin, fang, client):
    page = admin.get("/work/users/first-passwords/")
    assert "王芳" in page.text
    sheet = admin.post("/work/users/first-passwords/")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    password = next(row[4] for row in rows if row[1] == "fang")
    answer = client.post("/account/sign-in/", {"login": "fang", "password": password})
    assert answer.status_code == 302
    assert "王芳" not in admin.get("/work/users/first-passwords/").text


def test_the_list_costs_the_same_whatever_its_length(world, admin, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert admin.get("/work/users/").status_code == 200
