"""The office through which a county brings its tables in and looks at what is short: the product's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from mulin.base import jobs
from mulin.base.models import ImportRun
from mulin.identity.middleware import Access
from mulin.parts.areas.tests.helpers import load_kinds
from tests.support.world import World, role


@dataclass
class Office:
    """An organiser of the county at the screen."""

    world: World
    client: Client

    def at(self, route: str, *words: str, **query: str) -> HttpResponse:
        return self.client.get(reverse(f"areas:{route}", args=words), query)

    def send(self, route: str, *words: str, **fields: Any) -> HttpResponse:
        return self.client.post(reverse(f"areas:{route}", args=words), fields)

    def bring_in(self, kind: str, heading: str, lines: Sequence[str]) -> ImportRun:
        """Upload a table, look at it, press the button, let a worker store it; the finished run."""
        table = SimpleUploadedFile("table.csv", "\n".join([heading, *lines]).encode("utf-8-sig"))
        preview = self.client.post(reverse("portals:import_upload", args=[kind]), {"file": table})
        assert self.client.get(preview.url).status_code == 200
        run = ImportRun.objects.latest("pk")
        self.client.post(reverse("portals:apply_import", args=[run.public_id]))
        assert jobs.run_waiting(self.world.clock) == 1
        run.refresh_from_db()
        return run


@pytest.fixture
def office(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The standing world, emptied of its one grid, with the kinds of post and body that every county gets."""
    load_kinds()
    monkeypatch.setattr(Access, "clock", world.clock)
    role("organiser", ["areas.view", "areas.manage", "posts.manage"])
    client.force_login(world.user("organiser", "organiser", world.county))
    world.building.delete()
    world.grid.delete()
    return Office(world, client)
