"""Programs that call the API with a token of somebody in the standing world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from mulin.config.api_access import meter
from mulin.identity.middleware import Access
from mulin.identity.services import token_create
from tests.support.world import ROLES, World

ROOT = "/api/v1/"


class Program:
    """Calls the API with one token; `ask` and `send` give the raw answer."""

    def __init__(self, token: str, language: str = "zh-CN") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def ask(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def send(
        self, path: str, body: Any, *, media_type: str = "application/json", **headers: str
    ) -> HttpResponse:
        return self.client.post(ROOT + path, body, content_type=media_type, headers=self.headers | headers)


def new_token(
    world: World,
    name: str,
    scopes: Sequence[str] | None = None,
    *,
    days: int = 30,
    now: datetime | None = None,
) -> str:
    """The secret of a key of that person, for everything they may do unless `scopes` are given."""
    user = world.users[name]
    return token_create(
        user=user,
        name="测试程序",
        scopes=scopes or ROLES[user.grants.get().role_id],
        days=days,
        actor=world.actor(name),
        now=now or world.now,
        today=(now or world.now).date(),
    )[1]


@pytest.fixture
def standing(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The standing world on its own clock; nobody has called in this minute."""
    monkeypatch.setattr(Access, "clock", world.clock)
    meter.calls.clear()
    return world


@pytest.fixture
def program(standing: World) -> Callable[..., Program]:
    """`program("worker")`: a program with a key of that person."""

    def build(name: str, *scopes: str, language: str = "zh-CN") -> Program:
        return Program(new_token(standing, name, scopes), language)

    return build


@pytest.fixture
def new_request(standing: World) -> dict[str, Any]:
    """The body of a request that a worker of the community may take in."""
    return {
        "type": standing.kind.code,
        "area_code": standing.grid.code,
        "text": "三号楼门口的路灯不亮，晚上老人不敢出门。",
        "requester_name": "王秀英",
        "phone": "13805371234",
    }
