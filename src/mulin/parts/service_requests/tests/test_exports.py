"""A sheet that had to end early says so; one that was made as a job goes when its time is over."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from mulin.base import jobs, settings_store
from mulin.base.files import path_of
from mulin.base.models import Job, StoredFile
from mulin.identity.middleware import Access
from mulin.parts.service_requests import exporting, services
from mulin.parts.service_requests.jobs import HANDLERS
from mulin.parts.service_requests.services.exports import KEPT_DAYS_KEY
from mulin.parts.service_requests.views import work_jobs
from tests.support.world import World

pytestmark = pytest.mark.django_db
CUT = "一次最多导出 2 行"
DELETED = "存放期满"


@pytest.fixture
def worker(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(Access, "clock", world.clock)
    monkeypatch.setattr(work_jobs, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(exporting, "ROWS_MAX", 2)
    for kind, handler in HANDLERS.items():
        jobs.register(kind, handler)
    client = Client()
    client.force_login(world.users["worker"], backend="mulin.identity.backends.NameOrPhone")
    return client


def exported(world: World, worker: Client, rows: int) -> str:
    """Export so many requests by a job; returns the address of its page."""
    for _ in range(rows):
        world.raise_request()
    answer = worker.post(reverse("service_requests:work_export"), {"view": "all"})
    jobs.run_waiting(world.clock)
    return str(answer.url)


def sheet(worker: Client) -> list[list[Any]]:
    there = reverse("service_requests:work_job_file", args=[Job.objects.get().public_id])
    book = openpyxl.load_workbook(io.BytesIO(b"".join(worker.get(there).streaming_content)))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_a_sheet_cut_at_its_limit_says_so_in_its_last_line_and_on_the_page(
    world: World, worker: Client
) -> None:
    page = exported(world, worker, rows=3)
    rows = sheet(worker)
    assert len(rows) == 1 + 2 + 1
    assert rows[-1][0].startswith(CUT)
    assert CUT in worker.get(page).content.decode()
    assert Job.objects.get().result["rows"] == 2


def test_a_sheet_that_just_fits_says_nothing_of_a_limit(world: World, worker: Client) -> None:
    page = exported(world, worker, rows=2)
    assert len(sheet(worker)) == 1 + 2
    assert CUT not in worker.get(page).content.decode()


def test_a_sheet_goes_after_seven_days_and_its_page_says_so(
    world: World, worker: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = exported(world, worker, rows=2)
    stored = StoredFile.objects.get()
    world.clock.advance(timedelta(days=7))
    assert services.exports_remove_old(now=world.now) == 0
    world.clock.advance(timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.exports_remove_old(now=world.now) == 1
    assert services.exports_remove_old(now=world.now) == 0
    assert not StoredFile.objects.exists()
    assert not path_of(stored.public_id).exists()
    shown = worker.get(page).content.decode()
    assert DELETED in shown
    assert "下载表格" not in shown
    gone = worker.get(reverse("service_requests:work_job_file", args=[Job.objects.get().public_id]))
    assert gone.status_code == 404
    assert DELETED in gone.content.decode()


def test_how_long_a_sheet_is_kept_is_a_setting(world: World, worker: Client) -> None:
    exported(world, worker, rows=2)
    settings_store.put(key=KEPT_DAYS_KEY, value=1, valid_from=world.clock.today(), source="县里规定")
    world.clock.advance(timedelta(days=2))
    assert services.exports_remove_old(now=world.now) == 1


def test_other_files_stay(world: World, worker: Client) -> None:
    exported(world, worker, rows=2)
    StoredFile.objects.update(purpose="service_request")
    world.clock.advance(timedelta(days=30))
    assert services.exports_remove_old(now=world.now) == 0
