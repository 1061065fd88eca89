"""Matters come in: by telephone and at the desk, and as tables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mulin.base import imports, jobs
from mulin.base.models import ImportRun, Job, StoredFile
from mulin.identity.access import SYSTEM
from mulin.parts.service_requests.importing import messages_kind, moment_of
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.tests.workbench import (
    counting,
    picture,
    sheet_rows,
    signed_in,
    text_of,
    url,
)
from tests.support.world import CLOCKS, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workbench")]


def taken_down(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "operation_id": "new-1", "channel": "telephone", "type": "repair", "area": world.grid.public_id,
        "place": "3号楼2单元", "text": "𠮷奶奶说灯不亮🔦", "requester_name": "𠮷秀英", "phone": "１３８ ０５３７ １２３４",
        "wants_visit": "1", **changes,
    }  # fmt: skip


def test_a_clerk_takes_a_call_and_prints_the_slip(world: World, worker: Client) -> None:
    answer = worker.post(url("work_new"), taken_down(world, photos=[picture()]))
    request = ServiceRequest.objects.get()
    assert (request.text, request.requester_name, request.phone) == (
        "𠮷奶奶说灯不亮🔦",
        "𠮷秀英",
        "13805371234",
    )
    assert (request.channel, request.grid, request.area, request.wants_visit) == (
        "telephone", world.grid, world.community, True,
    )  # fmt: skip
    assert request.photos.count() == 1
    slip = text_of(worker.get(answer.url))
    assert request.number in slip
    assert "0537-2000001" in slip
    assert "打电话或上门" in slip
    code = worker.get(url("work_slip_qr", request.public_id))
    assert code.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content


def test_the_same_form_sent_twice_is_one_request(world: World, worker: Client) -> None:
    first, second = (worker.post(url("work_new"), taken_down(world)) for _ in range(2))
    assert first.url == second.url
    assert ServiceRequest.objects.count() == 1


def test_a_text_beyond_reading_is_refused_and_kept_in_the_form(world: World, worker: Client) -> None:
    words = "长" * 100_000
    answer = worker.post(url("work_new"), taken_down(world, text=words))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "文字太长了（100000 字）" in page
    assert words in page
    assert not ServiceRequest.objects.exists()


def test_every_mistake_is_told_at_once_and_nothing_typed_is_lost(world: World, worker: Client) -> None:
    given = taken_down(world, type="", area="", text=" ", phone="123", requester_name="王秀英")
    page = text_of(worker.post(url("work_new"), given))
    for words in ("请选择事项类别", "请选择社区或网格", "请写一两句话", 'value="王秀英"', 'value="123"'):
        assert words in page


def test_nobody_takes_in_for_a_place_that_is_not_theirs(world: World, worker: Client) -> None:
    answer = worker.post(url("work_new"), taken_down(world, area=world.other_community.public_id))
    assert answer.status_code == 422
    assert not ServiceRequest.objects.exists()


def test_a_grid_worker_is_offered_her_own_grid_alone(world: World) -> None:
    page = text_of(signed_in(world, "grid_worker").get(url("work_new")))
    assert world.grid.public_id in page
    assert world.community.public_id not in page


# ---- bringing in


HEADING = "留言编号,留言用户,留言主题,留言时间,留言详情,反对数,点赞数\n"
GOOD = (
    "188006,A000102948,路灯不亮,2019/2/28 11:25:05,三号楼的灯坏了很久,0,5\n"
    '188007,A0002,𠮷路路牌,2019-02-14 20:00:00,"=1+1 路牌倒了🔦",0,0\n'
)


def upload(client: Client, world: World, rows: str, **changes: Any) -> Any:
    file = SimpleUploadedFile("留言.csv", (HEADING + rows).encode(), "text/csv")
    return client.post(
        url("work_import"), {"file": file, "area": world.community.public_id, "type": "repair", **changes}
    )


def brought_in(client: Client, world: World, rows: str) -> ImportRun:
    run = ImportRun.objects.get(public_id=upload(client, world, rows).url.rstrip("/").rsplit("/", 1)[1])
    client.post(url("work_import_start", run.public_id))
    jobs.run_waiting(world.clock)
    run.refresh_from_db()
    return run


def test_messages_are_looked_at_before_they_come_in(world: World, worker: Client) -> None:
    page = text_of(worker.get(upload(worker, world, GOOD).url))
    assert "都能进来" in page
    assert "路灯不亮" in page
    assert "开始导入" in page
    assert not ServiceRequest.objects.exists()


def test_messages_come_in_once_with_their_own_time_and_a_clock_from_now(world: World, worker: Client) -> None:
    run = brought_in(worker, world, GOOD)
    assert (run.created, run.unchanged, run.rejected) == (2, 0, 0)
    request = ServiceRequest.objects.get(source_key="188006")
    assert request.raised_at == moment_of("2019/2/28 11:25:05")
    assert request.due_at == world.now + timedelta(minutes=CLOCKS["accept_minutes"] or 0)
    assert (request.channel, request.status, request.area) == ("import", Status.RAISED, world.community)
    assert request.events.get().note == "点赞 5，反对 0"
    again = brought_in(worker, world, GOOD + "188008,A3,新的,2019/3/1 8:00:00,又有一件,0,0\n")
    assert (again.created, again.unchanged) == (1, 2)


def test_rows_that_cannot_come_in_are_given_back_with_the_reason(world: World, worker: Client) -> None:
    run = brought_in(
        worker, world, GOOD + ",A1,没有编号,2019/2/28 11:25:05,内容够长,0,0\n5,A1,x,昨天,内容够长,0,0\n"
    )
    assert (run.created, run.rejected) == (2, 2)
    page = text_of(worker.get(url("work_import_run", run.public_id)))
    assert "没有进来" in page
    rows = [
        [cell.value for cell in row]
        for row in sheet_rows(worker.get(url("work_import_rejects", run.public_id)).content)
    ]
    assert rows[0][-1] == "原因"
    assert "留言时间看不懂" in rows[2][-1]
    assert rows[2][0] == "5"


def test_pressing_start_twice_asks_for_one_job(world: World, worker: Client) -> None:
    run = ImportRun.objects.get(public_id=upload(worker, world, GOOD).url.rstrip("/").rsplit("/", 1)[1])
    for _ in range(2):
        worker.post(url("work_import_start", run.public_id))
    assert Job.objects.count() == 1


def test_a_table_goes_only_where_its_sender_may_bring_in(world: World, worker: Client) -> None:
    assert upload(worker, world, GOOD, area=world.other_community.public_id).status_code == 422
    run = ImportRun.objects.get(public_id=upload(worker, world, GOOD).url.rstrip("/").rsplit("/", 1)[1])
    assert signed_in(world, "stranger").get(url("work_import_run", run.public_id)).status_code == 404


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02not a table", "姓名,年龄\n王,8\n".encode()])
def test_a_file_that_is_no_such_table_is_refused_in_words(
    world: World, worker: Client, content: bytes
) -> None:
    file = SimpleUploadedFile("x.csv", content, "text/csv")
    given = {"file": file, "area": world.community.public_id, "type": "repair"}
    assert worker.post(url("work_import"), given).status_code == 422
    assert not ImportRun.objects.exists()
    assert not StoredFile.objects.exists()


def test_an_import_costs_few_statements_however_many_the_rows(world: World, worker: Client) -> None:
    rows = "".join(
        f"{number},A{number},主题,2019/2/28 11:25:05,内容 {number} 够长,0,0\n" for number in range(200)
    )
    run = ImportRun.objects.get(public_id=upload(worker, world, rows).url.rstrip("/").rsplit("/", 1)[1])
    worker.post(url("work_import_start", run.public_id))
    with counting() as queries:
        jobs.run_waiting(world.clock)
    run.refresh_from_db()
    assert run.created == 200
    assert len(queries) < 80


def test_messages_for_a_whole_county_are_given_back_with_what_to_choose(world: World, tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_text(
        "留言编号,留言用户,留言主题,留言时间,留言详情\n1,A1,路灯,2019/2/28 11:25:05,路灯不亮\n", "utf-8"
    )
    run = imports.stage(
        path,
        messages_kind,
        actor=SYSTEM,
        now=world.now,
        area_path=world.county.path,
        options={"type": world.kind.code},
    )
    done = imports.apply(run, actor=SYSTEM, clock=world.clock)
    ((_line, _cells, reason),) = imports.rejected_rows(done)
    assert (done.created, "请选择一个社区" in reason.zh) == (0, True)
