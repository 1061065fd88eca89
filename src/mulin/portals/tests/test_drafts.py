"""An expired session or an old page loses nothing that was typed."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client

from mulin.base.models import Draft
from tests.support.world import PASSWORD

TYPED = {"display_name": "赵𠮷祥", "login_name": "zhao.jx", "phone": "13800138000", "area": ""}
NEW_USER = "/work/users/new/"


def sign_in(client, name):
    return client.post("/account/sign-in/", {"login": name, "password": PASSWORD, "next": NEW_USER})


def test_after_signing_in_again_all_fields_are_there(world, admin):
    admin.cookies.pop("mulin")
    answer = admin.post(NEW_USER, TYPED, headers={"Referer": f"http://testserver{NEW_USER}"})
    assert answer.headers["Location"] == "/account/sign-in/?next=/work/users/new/"
    assert "已经替您存着" in admin.get("/account/sign-in/").text
    assert sign_in(admin, "admin").headers["Location"] == NEW_USER
    page = admin.get(NEW_USER).text
    for text in ("赵𠮷祥", "zhao.jx", "13800138000"):
        assert f'value="{text}"' in page


def test_what_is_kept_is_encrypted_and_its_cookie_hidden_from_scripts(world, client):
    answer = client.post(NEW_USER, TYPED)
    cookie = answer.cookies["mulin-draft"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    row = str(Draft.objects.extra(select={"raw": "fields"}).values("raw", "token_digest", "form").get())
    assert "zhao.jx" not in row
    assert cookie.value not in row


def test_passwords_are_never_kept(world, client):
    client.post("/account/password/", {"current_password": "old one", "password": "new one", "note": "x"})
    kept = Draft.objects.get(form="portals:change_password")
    assert "one" not in kept.fields
    assert "note" in kept.fields


def test_the_draft_goes_when_the_form_is_sent(world, admin):
    admin.cookies.pop("mulin")
    admin.post(NEW_USER, TYPED)
    admin.force_login(world.users["admin"])
    assert admin.post(NEW_USER, {**TYPED, "area": world.community.public_id}).status_code == 200
    assert not Draft.objects.exists()
    assert "zhao.jx" not in admin.get(NEW_USER).text


def test_a_draft_is_shown_to_the_browser_that_typed_it_alone(world, admin, client):
    client.post(NEW_USER, TYPED)
    assert "zhao.jx" not in admin.get(NEW_USER).text


def test_on_a_shared_machine_the_next_person_does_not_see_it(world, admin):
    world.user("other", "security_administrator", world.county)
    Session.objects.update(expire_date=world.now - timedelta(days=365))
    assert admin.post(NEW_USER, TYPED).status_code == 302
    kept = {name: admin.cookies[name].value for name in ("mulin", "mulin-draft")}
    sign_in(admin, "other")
    assert "zhao.jx" not in admin.get(NEW_USER).text
    admin.cookies["mulin"] = kept["mulin"]
    sign_in(admin, "admin")
    assert "zhao.jx" in admin.get(NEW_USER).text


def test_an_old_page_is_told_plainly_and_its_words_come_back(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.user("admin", "security_administrator", world.county))
    answer = client.post(NEW_USER, TYPED, headers={"Referer": f"http://testserver{NEW_USER}"})
    assert answer.status_code == 403
    assert f'href="{NEW_USER}"' in answer.text
    assert 'value="zhao.jx"' in client.get(NEW_USER).text


def test_a_fragment_asked_for_without_a_session_sends_the_whole_page_to_sign_in(world, client):
    answer = client.get(
        "/work/users/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/work/"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/account/sign-in/?next=/work/")


def test_a_page_of_another_site_is_never_gone_back_to(world, client):
    answer = client.post(NEW_USER, TYPED, headers={"Referer": "https://evil.example/x"})
    assert answer.headers["Location"] == "/account/sign-in/?next=/work/users/new/"
