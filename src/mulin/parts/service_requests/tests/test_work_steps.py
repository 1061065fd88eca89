"""What a press in the workbench does, and what becomes of bad input."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mulin.base.models import StoredFile
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import Offer, RequestEvent, RequestPhoto, RequestType, ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Status
from mulin.parts.service_requests.tests.workbench import (
    picture,
    press,
    signed_in,
    taken_by,
    text_of,
    url,
)
from tests.support.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workbench")]


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
