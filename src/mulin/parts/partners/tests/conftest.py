"""A street officer who decides about partners, and somebody who applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mulin.identity.middleware import Access
from mulin.identity.models import Role
from mulin.parts.partners.models import ServiceCategory
from mulin.parts.partners.services import Application
from tests.support.world import PASSWORD, World

CREDIT_CODE = "91350100M000100Y43"


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The standing world with two kinds of service and `officer`, who holds partners.manage over the subdistrict."""
    monkeypatch.setattr(Access, "clock", world.clock)
    Role.objects.create(
        code="subdistrict_officer",
        name_zh="街道干部",
        name_en="Officer",
        permissions=["partners.view", "partners.look", "partners.manage"],
    )
    world.user("officer", "subdistrict_officer", world.subdistrict)
    world.user("clerk", "community_worker", world.community)
    ServiceCategory.objects.create(code="haircut", name_zh="上门理发", name_en="Haircuts at home", order=1)
    ServiceCategory.objects.create(code="repair", name_zh="水电维修", name_en="Repairs", order=2)
    return world


@pytest.fixture
def application(office: World) -> Callable[..., Application]:
    """A sound application of a shop; whatever is given replaces its field."""

    def build(**changes: Any) -> Application:
        sound = Application(
            name="青禾理发店",
            kind="market_entity",
            area=office.community,
            categories=["haircut"],
            contact_name="李建国",
            phone="13905371111",
            uscc=CREDIT_CODE,
        )
        return replace(sound, **changes)

    return build


@pytest.fixture
def signed_in(client: Client, office: World) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        assert client.login(username=name, password=PASSWORD)
        return client

    return sign_in
