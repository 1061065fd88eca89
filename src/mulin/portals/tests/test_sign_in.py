"""Signing in and out on our own pages."""

import pytest
from django.test import Client

from mulin.identity.access import SYSTEM
from mulin.identity.attempts import ACCOUNT_LIMIT
from mulin.identity.models import AuditEntry
from mulin.identity.services import password_reset, put_phone
from tests.support.world import PASSWORD

SIGN_IN = "/account/sign-in/"


def sign_in(client, login, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["worker", " WORKER ", "１３８ 0013-8000", "+86 13800138000"])
def test_name_or_phone_lead_in_however_they_are_typed(world, client, login):
    user = world.users["worker"]
    put_phone(user, "13800138000")
    user.save()
    answer = sign_in(client, login)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    assert AuditEntry.objects.get(act="identity.sign_in").actor == user


def test_every_wrong_pair_gets_the_same_answer_and_keeps_the_name(world, client):
    world.users["stranger"].is_active = False
    world.users["stranger"].save()
    bodies = []
    for login, password in (("worker", "wrong"), ("没有这个人", "wrong"), ("stranger", PASSWORD)):
        answer = sign_in(client, login, password)
        assert answer.status_code == 422
        assert login in answer.text
        assert password not in answer.text
        bodies.append(answer.text.split('role="alert"')[1].split("</ul>")[0])
    assert len(set(bodies)) == 1


def test_after_too_many_wrong_tries_even_the_right_password_waits(world, client):
    for _ in range(ACCOUNT_LIMIT.failures):
        sign_in(client, "worker", "wrong")
    answer = sign_in(client, "worker")
    assert answer.status_code == 429
    assert "15 分钟" in answer.text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("wish", "goes_to"),
    [("/account/", "/account/"), ("https://evil.example/", "/work/"), ("//evil.example", "/work/")],
)
def test_the_way_on_leads_to_this_site_only(world, client, wish, goes_to):
    assert sign_in(client, "worker", next=wish).headers["Location"] == goes_to


def test_empty_fields_say_what_to_do(world, client):
    answer = sign_in(client, "", "")
    assert "请输入登录名或手机号。" in answer.text
    assert "请输入密码。" in answer.text
    assert "<title>错误：" in answer.text


def test_a_first_password_opens_nothing_but_the_page_where_it_is_changed(world, client):
    first = password_reset(user=world.users["worker"], actor=SYSTEM, now=world.now)
    sign_in(client, "worker", first)
    assert client.get("/work/").headers["Location"] == "/account/password/"
    words = {"current_password": first, "password": "三月的杨柳青又青", "password_again": "三月的杨柳青又青"}
    assert client.post("/account/password/", words).headers["Location"] == "/work/"
    assert client.get("/work/").status_code == 200


def test_changing_the_password_ends_other_sessions(world, signed_in):
    here, there = signed_in("worker"), signed_in("worker")
    words = {
        "current_password": PASSWORD,
        "password": "三月的杨柳青又青",
        "password_again": "三月的杨柳青又青",
    }
    assert here.post("/account/password/", words).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"current_password": "wrong"}, "当前密码不对"),
        ({"password_again": "another one 9"}, "两次输入的新密码不一样"),
        ({"password": "1234", "password_again": "1234"}, "密码"),
    ],
)
def test_a_password_that_cannot_be_taken_says_why_and_shows_none(world, signed_in, changes, says):
    words = {
        "current_password": PASSWORD,
        "password": "三月的杨柳青又青",
        "password_again": "三月的杨柳青又青",
    }
    answer = signed_in("worker").post("/account/password/", words | changes)
    assert answer.status_code == 422
    assert says in answer.text
    assert PASSWORD not in answer.text


def test_signing_out_needs_a_post_and_ends_the_session(world, signed_in):
    client = signed_in("worker")
    assert client.get("/account/sign-out/").status_code == 405
    assert client.post("/account/sign-out/").headers["Location"] == "/"
    assert client.get("/account/").status_code == 302


def test_a_form_without_the_cross_site_mark_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "worker").status_code == 403


def test_who_is_signed_in_is_not_asked_again(world, signed_in):
    assert signed_in("worker").get(SIGN_IN).headers["Location"] == "/work/"
