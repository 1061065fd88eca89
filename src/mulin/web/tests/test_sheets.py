"""Pages for paper, also as PDF."""

from __future__ import annotations

import subprocess

import pytest
from django.test import Client
from django.urls import reverse

from mulin.base import printing
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(client: Client, world: World) -> Client:
    client.force_login(world.users["worker"])
    return client


def text_of(content: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def test_the_notice_of_a_grid_comes_as_pdf_with_its_words(worker: Client, world: World) -> None:
    response = worker.get(reverse("areas:notice", args=[world.grid.public_id]), {"format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert world.grid.name in "".join(text_of(response.content).split())


def test_the_slip_comes_as_pdf_with_number_and_code(worker: Client, world: World) -> None:
    request = world.raise_request()
    response = worker.get(reverse("service_requests:work_slip", args=[request.public_id]), {"format": "pdf"})
    assert response.content.startswith(b"%PDF")
    assert request.number in text_of(response.content)


def test_without_the_libraries_the_page_prints_from_the_browser_and_says_so(
    worker: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "is_available", lambda: False)
    address = reverse("areas:notice", args=[world.grid.public_id])
    assert "format=pdf" not in worker.get(address).content.decode()
    refused = worker.get(address, {"format": "pdf"})
    assert refused.status_code == 503
    assert "浏览器" in refused.content.decode()


def test_a_page_that_asks_for_other_files_gets_none_of_them(tmp_path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>hush</text></svg>')
    html = f'<p>plain</p><img src="file://{secret}"><img src="/static/../secret.svg"><img src="http://127.0.0.1:1/x.svg">'
    content = printing.pdf_of(html, "/static/", tmp_path / "static")
    assert "hush" not in text_of(content)
    assert "plain" in text_of(content)
