"""The workbench as it stands in every test of its pages: on the world's clock, with its jobs and tables known."""

from __future__ import annotations

import pytest
from django.test import Client

from mulin.base import import_kinds, jobs
from mulin.identity.middleware import Access
from mulin.parts.service_requests.importing import messages_kind
from mulin.parts.service_requests.jobs import HANDLERS
from mulin.parts.service_requests.tests.workbench import signed_in
from tests.support.world import World


@pytest.fixture
def workbench(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Access, "clock", world.clock)
    for kind, handler in HANDLERS.items():
        jobs.register(kind, handler)
    import_kinds.register(messages_kind)


@pytest.fixture
def worker(world: World) -> Client:
    return signed_in(world, "worker")
