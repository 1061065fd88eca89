"""What stands in the inbox also goes by mail to whoever left an address, and says no more than it must."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mulin.base.models import OutboxMessage
from mulin.identity.notifying import notify
from mulin.identity.services import user_email_set
from mulin.kernel.errors import InvalidInput
from tests.support.world import World

pytestmark = pytest.mark.django_db


def tell(world: World, *names: str, **changes: Any) -> None:
    given = {
        "subject": "新事项 KW5T 待受理",
        "body": "三号楼的路灯不亮",
        "link": "/work/requests/abc/",
        "about": "service_requests:abc",
        "once_key": "told",
    }
    notify(user_ids=[world.users[name].pk for name in names], now=world.now, **given | changes)


def set_email(world: World, name: str, email: str) -> None:
    user_email_set(user=world.users[name], email=email, actor=world.actor(name), now=world.now)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(channel="email"))


def test_who_left_no_address_gets_a_line_in_the_inbox_alone(world: World) -> None:
    tell(world, "worker")
    assert [message.channel for message in OutboxMessage.objects.all()] == ["inbox"]


def test_who_left_an_address_gets_the_same_by_mail_once(world: World, settings: Any) -> None:
    settings.MULIN_PUBLIC_ADDRESS = "https://mulin.example"
    set_email(world, "worker", "xiaoli@example.com")
    for _ in range(2):
        tell(world, "worker", "grid_worker")
    assert OutboxMessage.objects.filter(channel="inbox").count() == 2
    (mail,) = mails()
    assert (mail.address, mail.subject) == ("xiaoli@example.com", "新事项 KW5T 待受理")
    assert "https://mulin.example/work/requests/abc/" in mail.body
    assert mail.once_key.endswith(":mail")


def test_a_mail_says_nothing_of_the_matter_itself(world: World) -> None:
    set_email(world, "worker", "xiaoli@example.com")
    tell(world, "worker")
    assert "路灯" not in mails()[0].body


def test_a_mail_ends_in_the_language_of_its_reader(world: World) -> None:
    world.users["worker"].language = "en"
    world.users["worker"].save()
    set_email(world, "worker", "xiaoli@example.com")
    tell(world, "worker")
    assert "sign in" in mails()[0].body


def test_a_closed_account_gets_no_mail(world: World) -> None:
    set_email(world, "worker", "xiaoli@example.com")
    world.users["worker"].is_active = False
    world.users["worker"].save()
    tell(world, "worker")
    assert not mails()


def test_addresses_are_read_by_one_query_for_all(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        tell(world, "worker", "grid_worker", "manager")
    assert len([query for query in queries if query["sql"].startswith("SELECT")]) == 1


def test_an_address_is_encrypted_in_the_database(world: World) -> None:
    set_email(world, "worker", "xiaoli@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM identity_user")
        assert "example" not in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("typed", "kept"), [(" xiaoli＠example.com ", "xiaoli@example.com"), ("", ""), ("  ", "")]
)
def test_an_address_is_kept_as_it_can_be_written_to(world: World, typed: str, kept: str) -> None:
    set_email(world, "worker", typed)
    world.users["worker"].refresh_from_db()
    assert world.users["worker"].email == kept


@pytest.mark.parametrize(
    "typed",
    ["xiaoli", "a@b", "a b@example.com", "a@example.com\nBcc: c@example.com", "x" * 300 + "@example.com"],
)
def test_what_is_no_address_is_refused(world: World, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_email(world, "worker", typed)
    assert refused.value.field == "email"
