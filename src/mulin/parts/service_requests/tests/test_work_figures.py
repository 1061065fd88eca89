"""What leaves the workbench: figures and sheets."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mulin.base import jobs
from mulin.base.models import Job
from mulin.identity.models import AuditEntry
from mulin.parts.service_requests import services
from mulin.parts.service_requests.exporting import EXPORT_JOB
from mulin.parts.service_requests.rules import Outcome
from mulin.parts.service_requests.tests.workbench import (
    sheet_rows,
    signed_in,
    taken_by,
    text_of,
    url,
)
from mulin.parts.service_requests.views import work_jobs
from tests.support.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workbench")]


def test_shares_stand_beside_what_they_are_shares_of(world: World, worker: Client) -> None:
    actor = world.actor("worker")
    for solved in (True, True, False):
        request = taken_by(world, "worker")
        services.request_handle(
            request=request, actor=actor, now=world.now, outcome=Outcome.DONE, note="换了灯泡。"
        )
        if solved:
            services.request_confirm(request=request, actor=world.actor("resident"), now=world.now, score=5)
        else:
            services.request_return(
                request=request, actor=world.actor("resident"), now=world.now, reason="又灭了"
            )
    page = text_of(worker.get(url("work_statistics")))
    assert "66.7%" in page
    assert "解决 2 / 已答复 3" in page
    assert "设施报修最多：3 件，占 100.0%" in page


def test_what_nobody_knows_is_not_a_zero(world: World, worker: Client) -> None:
    world.raise_request()
    page = text_of(worker.get(url("work_statistics")))
    assert "还不知道" in page
    assert "还没有人答复" in page


def test_a_figure_opens_exactly_its_rows(world: World, worker: Client) -> None:
    world.raise_request()
    withdrawn = world.raise_request(text="电梯停了。")
    services.request_withdraw(request=withdrawn, actor=world.actor("resident"), now=world.now)
    page = text_of(worker.get(url("work_statistics")))
    found = re.search(r'href="([^"]*view=ended[^"]*)"', page)
    assert found
    rows = text_of(worker.get(found[1].replace("&amp;", "&")))
    assert withdrawn.number in rows
    assert rows.count('class="row-card"') == 1


def test_a_place_sees_its_own_figures_only(world: World) -> None:
    world.raise_request()
    assert "这段时间没有事项" in text_of(signed_in(world, "stranger").get(url("work_statistics")))


def test_days_the_wrong_way_round_are_turned(world: World, worker: Client) -> None:
    page = text_of(worker.get(url("work_statistics", **{"from": "2026-03-31", "to": "2026-03-01"})))
    assert "已经替您调换过来" in page
    assert "2026年3月1日 至 2026年3月31日" in page


# ---- sheets


def test_the_sheet_keeps_formulas_as_text_masks_people_and_is_on_record(world: World, worker: Client) -> None:
    world.raise_request(text='=HYPERLINK("http://x.example","点我")')
    answer = worker.post(url("work_export"), {"view": "all"})
    _, row = sheet_rows(answer.content)
    cells = [cell for cell in row if isinstance(cell.value, str) and cell.value.startswith("=")]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    values = [cell.value for cell in row]
    assert "王**" in values
    assert "*******1234" in values
    assert "待受理" in values
    assert AuditEntry.objects.get(act="requests.export").data["rows"] == 1


def test_the_sheet_holds_what_the_filters_show(world: World, worker: Client) -> None:
    world.raise_request()
    world.raise_request(text="电梯停了。")
    rows = sheet_rows(worker.post(url("work_export"), {"view": "all", "words": "电梯"}).content)
    assert len(rows) == 2
    assert "words" not in AuditEntry.objects.get(act="requests.export").data["filter"]


def test_a_large_sheet_becomes_a_job_of_whoever_asked(
    world: World, worker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_jobs, "ROWS_AT_ONCE", 1)
    for _ in range(3):
        world.raise_request()
    answer = worker.post(url("work_export"), {"view": "all"})
    assert "排队中" in text_of(worker.get(answer.url))
    assert jobs.run_waiting(world.clock) == 1
    assert "下载表格" in text_of(worker.get(answer.url))
    job = Job.objects.get(kind=EXPORT_JOB)
    content = b"".join(worker.get(url("work_job_file", job.public_id)).streaming_content)
    assert len(sheet_rows(content)) == 4
    assert AuditEntry.objects.filter(act="requests.export").count() == 1
    assert signed_in(world, "manager").get(answer.url).status_code == 404
