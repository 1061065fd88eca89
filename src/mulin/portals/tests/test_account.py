"""One's own account, inbox and keys."""

import pytest
from django.conf import settings

from mulin.base import outbox
from mulin.base.models import Notice
from mulin.identity.models import ApiToken


@pytest.fixture
def notice(world):
    outbox.queue(
        channel="inbox", subject="有一件事派给您", body="路灯不亮", now=world.now, once_key="n1",
        recipient_user_id=world.users["worker"].pk, link="/account/",
    )  # fmt: skip
    message = Notice.objects.model._meta.get_field("message").related_model.objects.get(once_key="n1")
    return Notice.objects.create(
        recipient=world.users["worker"], message=message, subject="有一件事派给您", body="路灯不亮",
        link="/account/", created_at=world.now,
    )  # fmt: skip


def test_the_account_says_what_one_may_do_and_where(world, signed_in):
    page = signed_in("worker").get("/account/").text
    assert "青禾社区" in page
    assert "community_worker" in page


def test_a_language_chosen_is_kept_and_comes_back_at_sign_in(world, signed_in, client):
    answer = signed_in("worker").post("/account/", {"language": "en"})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    signing_in = client.post("/account/sign-in/", {"login": "worker", "password": "correct horse 8 battery"})
    assert signing_in.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_an_address_for_copies_of_the_inbox_is_kept_and_can_be_taken_back(world, signed_in):
    client = signed_in("worker")
    assert client.post("/account/", {"email": "xiaoli@example.com"}).status_code == 302
    assert 'value="xiaoli@example.com"' in client.get("/account/").text
    client.post("/account/", {"email": ""})
    world.users["worker"].refresh_from_db()
    assert world.users["worker"].email == ""


def test_what_is_no_address_comes_back_with_the_reason_and_the_old_one_stays(world, signed_in):
    client = signed_in("worker")
    client.post("/account/", {"email": "xiaoli@example.com"})
    refused = client.post("/account/", {"email": "小李<b>"})
    assert refused.status_code == 422
    assert "邮箱地址不完整" in refused.text
    assert 'value="小李&lt;b&gt;"' in refused.text
    world.users["worker"].refresh_from_db()
    assert world.users["worker"].email == "xiaoli@example.com"


def test_opening_a_notice_marks_it_read_and_leads_on(world, signed_in, notice):
    client = signed_in("worker")
    assert "有一件事派给您" in client.get("/account/notices/").text
    answer = client.post(f"/account/notices/{notice.public_id}/")
    assert answer.headers["Location"] == "/account/"
    notice.refresh_from_db()
    assert notice.read_at == world.now


def test_a_notice_never_leads_to_another_site(world, signed_in, notice):
    notice.link = "https://evil.example/"
    notice.save()
    answer = signed_in("worker").post(f"/account/notices/{notice.public_id}/")
    assert answer.headers["Location"] == "/account/notices/"


def test_somebody_elses_notice_is_not_there(world, signed_in, notice):
    client = signed_in("stranger")
    assert "有一件事派给您" not in client.get("/account/notices/").text
    assert client.post(f"/account/notices/{notice.public_id}/").status_code == 404


def test_all_can_be_marked_read_at_once(world, signed_in, notice):
    signed_in("worker").post("/account/notices/read/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_key_is_shown_once_and_can_be_closed(world, signed_in):
    client = signed_in("worker")
    words = {"name": "周报", "scopes": ["requests.view"], "days": "30"}
    secret = client.post("/account/tokens/", words).text.split('id="token-secret">')[1].split("<")[0]
    assert secret.startswith("mulin_")
    assert secret not in client.get("/account/tokens/").text
    token = ApiToken.objects.get()
    assert signed_in("stranger").post(f"/account/tokens/{token.public_id}/revoke/").status_code == 404
    assert client.post(f"/account/tokens/{token.public_id}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_key_that_makes_no_sense_keeps_what_was_typed(world, signed_in):
    answer = signed_in("worker").post(
        "/account/tokens/", {"name": "周报", "days": "99999", "scopes": ["requests.view"]}
    )
    assert answer.status_code == 422
    assert 'value="周报"' in answer.text
    assert not ApiToken.objects.exists()
