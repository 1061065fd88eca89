"""The gate's clock is the world's; somebody signed in is one call away."""

import pytest
from django.test import Client

from mulin.identity.middleware import Access
from mulin.identity.models import Role


@pytest.fixture
def world(world, monkeypatch):
    monkeypatch.setattr(Access, "clock", world.clock)
    return world


@pytest.fixture
def signed_in(world):
    """`signed_in("worker")` is that person's browser."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.users[name])
        return client

    return sign_in


@pytest.fixture
def admin(world, signed_in):
    """The browser of somebody who may do everything with accounts and operations in the county."""
    permissions = [
        "users.view", "users.manage", "grants.manage", "audit.view", "areas.view", "posts.manage",
        "operations.view", "operations.manage",
    ]  # fmt: skip
    Role.objects.create(code="all", name_zh="总管", name_en="All", permissions=permissions, home="workbench")
    world.user("admin", "all", world.county)
    return signed_in("admin")
