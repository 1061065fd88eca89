"""What tests of the workbench share: whoever sits at it, what is pressed, what is counted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import ServiceRequest
from tests.support.world import World


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], backend="mulin.identity.backends.NameOrPhone")
    return client


def url(name: str, *args: str, **query: str) -> str:
    tail = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    return reverse(f"service_requests:{name}", args=args) + tail


def text_of(response: Any) -> str:
    return response.content.decode()


def press(client: Client, request: ServiceRequest, code: str, **fields: Any) -> Any:
    """Press a button of the page that showed `request` as this row stands."""
    given = {
        "version": str(request.version),
        "operation_id": f"{code}-{request.number}-{request.version}",
    } | fields
    return client.post(url("work_act", request.public_id, code), given)


@contextmanager
def counting() -> Iterator[list[Any]]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        yield queries.captured_queries


def picture(name: str = "photo.jpg") -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def taken_by(world: World, name: str) -> ServiceRequest:
    """A request that a member of staff has taken."""
    request = world.raise_request()
    actor = world.actor(name)
    services.request_dispatch_to_staff(request=request, user=world.users[name], actor=actor, now=world.now)
    return request


def sheet_rows(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.active.iter_rows())
