"""The workbench pages of requests: who sees which, what a press does, and what becomes of bad input."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mulin.base import import_kinds, jobs
from mulin.base.models import ImportRun, Job, StoredFile
from mulin.identity.middleware import Access
from mulin.identity.models import AuditEntry
from mulin.parts.service_requests import services
from mulin.parts.service_requests.exporting import EXPORT_JOB
from mulin.parts.service_requests.importing import messages_kind, moment_of
from mulin.parts.service_requests.jobs import HANDLERS
from mulin.parts.service_requests.models import Offer, RequestEvent, RequestPhoto, RequestType, ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Status
from mulin.parts.service_requests.views import work_jobs
from tests.support.world import CLOCKS, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Access, "clock", world.clock)


@pytest.fixture(autouse=True)
def _handlers() -> None:
    for kind, handler in HANDLERS.items():
        jobs.register(kind, handler)
    import_kinds.register(messages_kind)


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], backend="mulin.identity.backends.NameOrPhone")
    return client


@pytest.fixture
def worker(world: World) -> Client:
    return signed_in(world, "worker")


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


# ---- the queue


def test_the_queue_shows_what_waits_and_its_title_says_how_many(world: World, worker: Client) -> None:
    world.raise_request()
    page = text_of(worker.get(url("work_queue")))
    assert "<title>待办 1 件" in page
    assert "三号楼门口的路灯不亮" in page
    assert "待受理" in page
    assert "还剩" in page
    assert "王秀英" not in page
    assert "王**" in page


def test_the_queue_costs_the_same_queries_whatever_the_rows(world: World, worker: Client) -> None:
    world.raise_request()
    with counting() as few:
        worker.get(url("work_queue"))
    for _ in range(30):
        world.raise_request()
    with counting() as many:
        response = worker.get(url("work_queue"))
    assert "第 1–25 件" in text_of(response)
    assert len(many) == len(few) <= 8


def test_an_empty_queue_says_so(world: World, worker: Client) -> None:
    page = text_of(worker.get(url("work_queue")))
    assert "这里现在没有事" in page
    assert "待办 0 件" in page


def test_filters_narrow_the_queue_and_unknown_values_are_left_out(world: World, worker: Client) -> None:
    lamp, lift = world.raise_request(), world.raise_request(text="电梯停了。")
    found = text_of(worker.get(url("work_queue", words="电梯")))
    assert lift.number in found
    assert lamp.number not in found
    by_number = text_of(worker.get(url("work_queue", words=lamp.number.lower().replace("-", ""))))
    assert lamp.number in by_number
    assert lift.number not in by_number
    assert (
        worker.get(
            url("work_queue", status="nonsense", area="x", page="-3", **{"from": "yesterday"})
        ).status_code
        == 200
    )


def test_a_filter_without_a_hit_offers_a_way_out(world: World, worker: Client) -> None:
    page = text_of(worker.get(url("work_queue", words="没有这样的事")))
    assert "没有符合条件的事" in page
    assert "全部取消" in page


def test_htmx_gets_the_list_alone(world: World, worker: Client) -> None:
    world.raise_request()
    part = text_of(worker.get(url("work_queue"), headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert 'id="work"' in part
    assert "<title>待办 1 件" in part


@pytest.mark.parametrize("name", ["resident", "shop", "security"])
def test_who_has_no_business_with_requests_finds_no_queue(world: World, name: str) -> None:
    assert signed_in(world, name).get(url("work_queue")).status_code == 404


# ---- one request


def test_a_worker_sees_the_matter_with_its_history_and_nothing_unmasked(world: World, worker: Client) -> None:
    request = world.raise_request()
    page = text_of(worker.get(url("work_one", request.public_id)))
    for words in ("老人不敢出门", "青禾社区第一网格", "*******1234", "王**", "提出", "受理", "派单"):
        assert words in page
    assert "13805371234" not in page
    assert "王秀英" not in page


def test_one_request_costs_the_same_queries_whatever_its_history(world: World, worker: Client) -> None:
    request = world.raise_request()
    with counting() as few:
        worker.get(url("work_one", request.public_id))
    for number in range(10):
        services.request_note(
            request=request,
            actor=world.actor("worker"),
            now=world.now,
            note=f"第 {number} 次",
            is_public=False,
        )
    with counting() as many:
        worker.get(url("work_one", request.public_id))
    assert len(many) == len(few) <= 15


@pytest.mark.parametrize("name", ["stranger", "foreigner", "resident", "shop"])
def test_a_stranger_gets_the_same_answer_as_for_nothing(world: World, name: str) -> None:
    request, client = world.raise_request(), signed_in(world, name)
    for route in ("work_one", "work_slip", "work_slip_qr", "work_dispatch"):
        assert client.get(url(route, request.public_id)).status_code == 404
    assert press(client, request, "accept").status_code == 404
    assert client.post(url("work_look", request.public_id), {"reason_note": "想看看"}).status_code == 404
    request.refresh_from_db()
    assert request.status == Status.RAISED


def test_a_manager_may_look_but_is_offered_nothing_to_press(world: World) -> None:
    request, client = world.raise_request(), signed_in(world, "manager")
    assert "action-bar" not in text_of(client.get(url("work_one", request.public_id)))
    assert press(client, request, "accept").status_code == 404


def test_looking_at_the_phone_needs_a_reason_and_is_recorded(world: World, worker: Client) -> None:
    request = world.raise_request()
    refused = worker.post(url("work_look", request.public_id), {"reason_note": ""})
    assert refused.status_code == 422
    assert "13805371234" not in text_of(refused)
    assert not AuditEntry.objects.filter(act="look.request_phone").exists()
    shown = text_of(worker.post(url("work_look", request.public_id), {"reason_note": "回电话约时间"}))
    assert "13805371234" in shown
    assert "王秀英" in shown
    assert AuditEntry.objects.get(act="look.request_phone").reason == "回电话约时间"


def test_markup_and_rare_characters_are_shown_as_they_were_written(world: World, worker: Client) -> None:
    request = world.raise_request(text="𠮷家的<script>灯</script>坏了🔦，\u202e请看看")
    page = text_of(worker.get(url("work_one", request.public_id)))
    assert "𠮷家的&lt;script&gt;灯&lt;/script&gt;坏了🔦" in page


# ---- steps


def test_accepting_a_request_moves_it_and_says_so(world: World, worker: Client) -> None:
    request = world.raise_request()
    answer = press(worker, request, "accept")
    request.refresh_from_db()
    assert request.status == Status.ACCEPTED
    assert f"{request.number}：已受理" in text_of(worker.get(answer.url))


def test_the_same_press_sent_twice_happens_once(world: World, worker: Client) -> None:
    request = world.raise_request()
    first, second = press(worker, request, "accept"), press(worker, request, "accept")
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, first.url)
    assert RequestEvent.objects.filter(request=request, step="accept").count() == 1


def test_a_request_that_changed_meanwhile_is_not_touched_and_the_words_are_kept(
    world: World, worker: Client
) -> None:
    request = world.raise_request()
    seen = ServiceRequest.objects.get(pk=request.pk)
    services.request_accept(request=request, actor=world.actor("worker"), now=world.now)
    answer = press(worker, seen, "reject", outcome="not_ours", reason="请找物业，电话在单元门口。")
    assert answer.status_code == 409
    assert "别人刚办过这件事" in text_of(answer)
    assert "请找物业，电话在单元门口。" in text_of(answer)
    request.refresh_from_db()
    assert request.status == Status.ACCEPTED


def test_refusing_needs_a_kind_and_a_reason_which_the_resident_reads(world: World, worker: Client) -> None:
    request = world.raise_request()
    empty = press(worker, request, "reject", operation_id="a", outcome="", reason="请找物业。")
    assert empty.status_code == 422
    assert "请选择为什么不受理" in text_of(empty)
    assert "请找物业。" in text_of(empty)
    no_reason = press(worker, request, "reject", operation_id="b", outcome="duplicate", reason=" ")
    assert no_reason.status_code == 422
    assert "请写明原因" in text_of(no_reason)
    press(worker, request, "reject", operation_id="c", outcome="duplicate", reason="和昨天报的是同一件。")
    request.refresh_from_db()
    assert (request.status, request.outcome) == (Status.REJECTED, Outcome.DUPLICATE)


def test_every_button_carries_an_id_of_its_page_and_the_version_seen(world: World, worker: Client) -> None:
    request = world.raise_request()
    pages = [text_of(worker.get(url("work_one", request.public_id))) for _ in range(2)]
    ids = [set(re.findall(r'name="operation_id" value="([0-9a-f]{32})"', page)) for page in pages]
    assert len(ids[0]) == len(ids[1]) == 1
    assert ids[0] != ids[1]
    assert 'name="version" value="1"' in pages[0]


def test_whoever_accepts_a_request_goes_on_with_it(world: World, worker: Client) -> None:
    first, _second = world.raise_request(), world.raise_request(text="电梯停了。")
    assert first.public_id in press(worker, first, "accept").url


def test_after_a_step_the_next_in_the_list_opens(world: World, worker: Client) -> None:
    first, second = world.raise_request(), world.raise_request(text="电梯停了。")
    answer = press(worker, first, "self")
    assert second.public_id in answer.url
    assert url("work_queue") in press(worker, second, "self").url


def test_a_holder_records_what_was_done_with_a_picture(world: World, worker: Client) -> None:
    request = taken_by(world, "worker")
    press(worker, request, "handle", outcome="done", note="换了灯泡，亮了。", photos=[picture()])
    request.refresh_from_db()
    assert (request.status, request.outcome) == (Status.HANDLED, Outcome.DONE)
    photo = RequestPhoto.objects.select_related("file").get(request=request)
    picture_url = url("work_photo", request.public_id, photo.file.public_id)
    shown = worker.get(picture_url)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert signed_in(world, "stranger").get(picture_url).status_code == 404


def test_a_disguised_picture_is_refused_beside_its_field_and_nothing_stays(
    world: World, worker: Client
) -> None:
    request = taken_by(world, "worker")
    fake = SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = press(worker, request, "handle", outcome="done", note="换了灯泡。", photos=[picture(), fake])
    assert answer.status_code == 422
    assert "换了灯泡。" in text_of(answer)
    assert 'id="id_photos-error"' in text_of(answer)
    request.refresh_from_db()
    assert request.status == Status.TAKEN
    assert not StoredFile.objects.exists()


def test_a_conflict_leaves_no_picture_behind(world: World, worker: Client) -> None:
    request = taken_by(world, "worker")
    seen = ServiceRequest.objects.get(pk=request.pk)
    services.request_note(
        request=request, actor=world.actor("worker"), now=world.now, note="等配件", is_public=True
    )
    assert press(worker, seen, "handle", outcome="done", note="好了。", photos=[picture()]).status_code == 409
    assert not StoredFile.objects.exists()


def test_only_the_holder_may_record_what_was_done(world: World) -> None:
    request = taken_by(world, "worker")
    assert (
        press(signed_in(world, "grid_worker"), request, "handle", outcome="done", note="好了。").status_code
        == 404
    )


def test_a_note_for_colleagues_is_kept_from_the_resident(world: World, worker: Client) -> None:
    request = world.raise_request()
    press(worker, request, "note", text="住户脾气急，先打电话。", is_public="0")
    assert not RequestEvent.objects.get(request=request, step="note").is_public


@pytest.mark.parametrize(
    ("code", "fields", "status"),
    [
        ("give_back", {"reason": "缺配件，要等一周。"}, Status.ACCEPTED),
        ("handle", {"outcome": "cannot", "note": "要报维修资金。"}, Status.HANDLED),
    ],
)
def test_a_holder_gives_back_or_says_that_it_cannot_be_done(
    world: World, worker: Client, code: str, fields: dict[str, str], status: Status
) -> None:
    request = taken_by(world, "worker")
    press(worker, request, code, **fields)
    request.refresh_from_db()
    assert request.status == status


def test_a_dispatched_request_can_be_taken_back_and_a_returned_one_taken_up_again(
    world: World, worker: Client
) -> None:
    request = world.raise_request()
    services.request_dispatch_to_partners(
        request=request, partner_ids=[world.partner.pk], actor=world.actor("worker"), now=world.now
    )
    press(worker, request, "recall", reason="师傅今天来不了。")
    request.refresh_from_db()
    assert request.status == Status.ACCEPTED
    press(worker, request, "self")
    request.refresh_from_db()
    press(worker, request, "handle", outcome="done", note="换了灯泡。")
    request.refresh_from_db()
    services.request_return(request=request, actor=world.actor("resident"), now=world.now, reason="又灭了")
    press(worker, request, "resume")
    request.refresh_from_db()
    assert request.status == Status.TAKEN


def test_a_confirmed_request_is_filed_away(world: World, worker: Client) -> None:
    request = taken_by(world, "worker")
    actor = world.actor("worker")
    services.request_handle(
        request=request, actor=actor, now=world.now, outcome=Outcome.DONE, note="换了灯泡。"
    )
    services.request_confirm(request=request, actor=world.actor("resident"), now=world.now, score=5)
    press(worker, request, "close")
    request.refresh_from_db()
    assert request.status == Status.CLOSED


# ---- dispatching


def test_dispatching_suggests_who_fits_and_says_why(world: World, worker: Client) -> None:
    from mulin.parts.partners.models import ServiceCategory

    category = ServiceCategory.objects.create(code="repair", name_zh="水电维修", name_en="Repairs")
    world.second_partner.categories.add(category)
    RequestType.objects.filter(pk=world.kind.pk).update(category="repair")
    page = text_of(worker.get(url("work_dispatch", world.raise_request().public_id)))
    assert page.index("邻里维修队") < page.index("老李修理铺")
    assert "对口" in page
    assert "能做：水电维修" in page
    assert "手上 0 件" in page
    assert "还没有人评分" in page


def test_partners_are_asked_in_the_order_written_beside_them(world: World, worker: Client) -> None:
    request = world.raise_request()
    fields = {f"order-{world.partner.public_id}": "2", f"order-{world.second_partner.public_id}": "1"}
    worker.post(
        url("work_dispatch", request.public_id),
        {"version": "1", "operation_id": "d1", "to": "partners", "note": "老人在家", **fields},
    )
    asked = list(
        Offer.objects.filter(request=request).order_by("position").values_list("partner__name", flat=True)
    )
    assert asked == ["邻里维修队", "老李修理铺"]


@pytest.mark.parametrize("orders", [("1", "1"), ("x", "1"), ("0", ""), ("", "")])
def test_an_order_that_is_none_is_refused_with_what_was_written(
    world: World, worker: Client, orders: tuple[str, str]
) -> None:
    request = world.raise_request()
    fields = {
        f"order-{world.partner.public_id}": orders[0],
        f"order-{world.second_partner.public_id}": orders[1],
    }
    given = {"version": "1", "operation_id": "d1", "to": "partners", "note": "老人在家", **fields}
    answer = worker.post(url("work_dispatch", request.public_id), given)
    assert answer.status_code == 422
    assert 'value="老人在家"' in text_of(answer)
    assert not Offer.objects.filter(request=request).exists()


def test_a_colleague_who_may_work_here_can_be_sent(world: World, worker: Client) -> None:
    request = world.raise_request()
    given = {
        "version": "1",
        "operation_id": "d1",
        "to": "staff",
        "user": world.users["grid_worker"].public_id,
    }
    worker.post(url("work_dispatch", request.public_id), given)
    request.refresh_from_db()
    assert (request.status, request.holder_user) == (Status.DISPATCHED, world.users["grid_worker"])


def test_a_stranger_to_the_place_cannot_be_sent(world: World, worker: Client) -> None:
    request = world.raise_request()
    given = {"version": "1", "operation_id": "d1", "to": "staff", "user": world.users["stranger"].public_id}
    answer = worker.post(url("work_dispatch", request.public_id), given)
    assert answer.status_code == 422
    assert "请选择一位工作人员" in text_of(answer)


# ---- taking in


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


# ---- statistics


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


def sheet_rows(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.active.iter_rows())


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


# ---- every page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(world: World, worker: Client, language: str) -> None:
    request = world.raise_request()
    pages = [url(name) for name in ("work_queue", "work_new", "work_statistics", "work_import")]
    pages += [url(name, request.public_id) for name in ("work_one", "work_dispatch", "work_slip")]
    for page in pages:
        assert worker.get(page, {"lang": language}).status_code == 200


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
