"""Where somebody is signed in, and how that ends: at once, everywhere but here, or altogether."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from mulin.identity.access import SYSTEM
from mulin.identity.middleware import Access
from mulin.identity.models import AuditEntry, SignedInSession
from mulin.identity.rules import device_name, device_of
from mulin.identity.services import password_reset, user_deactivate
from tests.support.world import PASSWORD

COMPUTER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.44"


@pytest.fixture
def world(world, monkeypatch):
    monkeypatch.setattr(Access, "clock", world.clock)
    return world


def signed_in(name: str = "worker", device: str = COMPUTER) -> Client:
    client = Client(headers={"User-Agent": device})
    client.post("/account/sign-in/", {"login": name, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (COMPUTER, "Windows 电脑 · Chrome 浏览器"),
        (PHONE, "苹果手机 · 微信"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
            "Linux 电脑 · 火狐浏览器",
        ),
        ("curl/8.0", "不认得的设备"),
        ("", "不认得的设备"),
    ],
)
def test_a_device_is_named_as_people_call_it(user_agent, words):
    assert device_name(device_of(user_agent)).zh == words


def test_the_account_lists_devices_and_knows_this_one(world):
    signed_in(device=PHONE)
    world.clock.advance(timedelta(minutes=10))
    page = signed_in().get("/account/").text
    assert page.index("Windows 电脑 · Chrome 浏览器") < page.index("苹果手机 · 微信")
    assert page.count("这台设备") == 1


def test_neither_address_nor_user_agent_is_kept(world):
    signed_in(device=PHONE)
    kept = " ".join(str(value) for value in SignedInSession.objects.values_list()[0])
    assert "Mozilla" not in kept
    assert "127.0.0.1" not in kept


def test_signing_out_elsewhere_works_at_once_and_leaves_this_one_and_others_people(world):
    here, there, somebody_else = signed_in(), signed_in(device=PHONE), signed_in("stranger")
    assert here.post("/account/sessions/end/").status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(somebody_else)
    assert "没有在别的设备上登录" in here.get("/account/").text
    assert AuditEntry.objects.get(act="identity.sessions_end").data == {"count": 1}


def test_a_new_password_ends_every_other_session(world):
    here, there = signed_in(), signed_in(device=PHONE)
    words = {
        "current_password": PASSWORD,
        "password": "another horse 9 battery",
        "password_again": "another horse 9 battery",
    }
    assert here.post("/account/password/", words).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert [row.device for row in SignedInSession.objects.all()] == ["windows chrome"]


def test_a_password_set_by_an_administrator_ends_all_sessions(world):
    here = signed_in()
    password_reset(user=world.users["worker"], actor=SYSTEM, now=world.now)
    assert not is_signed_in(here)
    assert not Session.objects.filter(signed_in__isnull=False).exists()


def test_closing_an_account_ends_its_sessions_for_good(world):
    here = signed_in()
    user_deactivate(user=world.users["worker"], reason="离职", actor=SYSTEM, now=world.now)
    assert not is_signed_in(here)
    type(world.users["worker"]).objects.filter(pk=world.users["worker"].pk).update(is_active=True)
    assert not is_signed_in(here)


def test_the_last_use_is_kept_to_five_minutes(world):
    here = signed_in()
    world.clock.advance(timedelta(minutes=4))
    here.get("/account/")
    assert SignedInSession.objects.get().seen_at == world.now - timedelta(minutes=4)
    world.clock.advance(timedelta(minutes=1))
    here.get("/account/")
    assert SignedInSession.objects.get().seen_at == world.now


def test_signing_out_removes_the_row(world):
    signed_in().post("/account/sign-out/")
    assert not SignedInSession.objects.exists()
