"""What somebody may do is read anew for each page, in one query, and ends with the very next one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mulin.identity.access import SYSTEM
from mulin.identity.middleware import Access
from mulin.identity.models import Grant
from mulin.identity.selectors import actor_for, user_with_grants
from mulin.identity.services import grant_end, password_reset, user_deactivate

WORK = "/work/requests/"


@pytest.fixture
def world(world, monkeypatch):
    monkeypatch.setattr(Access, "clock", world.clock)
    return world


def end_grants(world, user):
    for grant in Grant.objects.filter(user=user):
        grant_end(grant=grant, actor=SYSTEM, now=world.clock.now(), reason="调离")


def deactivate(world, user):
    user_deactivate(user=user, reason="离职", actor=SYSTEM, now=world.clock.now())


def reset(world, user):
    password_reset(user=user, actor=SYSTEM, now=world.clock.now())


@pytest.mark.parametrize(("end", "status"), [(end_grants, 404), (deactivate, 302), (reset, 302)])
def test_the_next_page_is_refused(world, end, status):
    client = Client()
    client.force_login(world.users["worker"], backend="mulin.identity.backends.NameOrPhone")
    assert client.get(WORK).status_code == 200
    end(world, world.users["worker"])
    assert client.get(WORK).status_code == status


def test_a_page_asks_once_who_it_is_and_what_they_may_do(world):
    client = Client()
    client.force_login(world.users["worker"], backend="mulin.identity.backends.NameOrPhone")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(WORK)
    assert sum('"identity_grant"' in query["sql"] for query in asked.captured_queries) == 1


def test_grants_read_with_the_user_are_used_once(world):
    user = user_with_grants(world.users["worker"].pk)
    assert user is not None
    today = world.clock.today()
    assert actor_for(user, today=today).scopes
    end_grants(world, user)
    assert not actor_for(user, today=today).scopes
