"""A resident's way through the pages: raise, keep, find, answer. Everything over HTTP, nothing with a script."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mulin.base.files import open_bytes
from mulin.base.models import OutboxMessage, StoredFile
from mulin.identity.middleware import Access
from mulin.parts.service_requests import services
from mulin.parts.service_requests.links import link_secret
from mulin.parts.service_requests.models import RequestPhoto, RequestType, ServiceRequest
from mulin.parts.service_requests.rules import Outcome
from mulin.parts.service_requests.services.photo_drafts import photos_remove_unused
from tests.support.world import PASSWORD, World

CODE = "RJM9-QJCH"
GRID_CODE = "FX93-Q8H6"
NEW = f"/c/{CODE}/new/"
NOT_WORK = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def picture(name: str = "lamp.jpg", kind: str = "JPEG") -> SimpleUploadedFile:
    body = BytesIO()
    Image.new("RGB", (64, 48), "green").save(body, kind)
    return SimpleUploadedFile(name, body.getvalue(), content_type="image/jpeg")


def form(**changes: Any) -> dict[str, Any]:
    return {
        "type": "repair",
        "text": "三号楼门口的路灯不亮，晚上老人不敢出门。",
        "place": "3 号楼门口",
        "requester_name": "王秀英",
        "phone": "＋86 138 0537 1234",
        "operation_id": "7b1f0c5e2d4a4b6c8e9f0a1b2c3d4e5f",
    } | changes


@pytest.fixture
def home(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(Access, "clock", world.clock)
    for area, code in ((world.community, CODE), (world.grid, GRID_CODE)):
        area.page_code = code
        area.save()
    return world


@pytest.fixture
def matter(home: World) -> ServiceRequest:
    return home.raise_request()


def link(request: ServiceRequest) -> str:
    return reverse("service_requests:by_secret", args=[link_secret(request.public_id)])


def fresh(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.select_related("type", "area", "grid").get(pk=request.pk)


def handled(home: World, request: ServiceRequest) -> ServiceRequest:
    """A worker took it and says that it is done."""
    worker = home.actor("worker")
    services.request_dispatch_to_staff(
        request=fresh(request), user=home.users["worker"], actor=worker, now=home.now
    )
    services.request_handle(
        request=fresh(request), actor=worker, now=home.now, outcome=Outcome.DONE, note="换了灯泡"
    )
    return fresh(request)


def status_of(client: Client, address: str) -> int:
    """Of a picture, read to its end so that its file is closed."""
    answer = client.get(address)
    answer.getvalue()
    return int(answer.status_code)


def words(answer: Any) -> str:
    return str(answer.content.decode())


# ---- the poster ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [CODE, "rjm9qjch", " RJM9 QJCH"])
def test_the_code_on_the_poster_opens_the_communitys_page_however_it_is_typed(client: Client, home, code):
    page = words(client.get(f"/c/{code}/"))
    assert "青禾社区" in page
    assert 'href="tel:05372000001"' in page
    assert NEW in page


def test_an_unknown_code_is_answered_kindly_with_ways_on(client: Client, home):
    answer = client.get("/c/ABCD-EFGH/")
    assert answer.status_code == 404
    assert "选我的社区" in words(answer)
    assert client.get("/c/ABCD-EFGH/new/").status_code == 404


def test_who_has_no_poster_picks_the_community_or_types_the_code(client: Client, home):
    assert f"/c/{CODE}/" in words(client.get("/c/"))
    assert client.get("/c/?code=rjm9qjch")["Location"] == f"/c/{CODE}/"
    assert client.get("/c/?code=nothing").status_code == 422


# ---- raising ---------------------------------------------------------------------------------------------------


def test_a_matter_raised_on_a_phone_gets_a_number_a_link_and_the_next_step(client: Client, home):
    assert client.get(f"{NEW}?type=repair").status_code == 200

    answer = client.post(NEW, form(photos=[picture()]))

    request = ServiceRequest.objects.get()
    assert answer["Location"] == f"{link(request)}?new=1"
    assert (request.phone, request.area, request.channel) == ("13805371234", home.community, "code_page")
    assert RequestPhoto.objects.get(request=request).step == "raise"
    page = words(client.get(answer["Location"]))
    assert request.number in page
    assert "今天 10:30 前" in page
    assert "<svg" in page
    assert 'style="' not in page


def test_the_grid_of_a_poster_in_a_grid_is_kept(client: Client, home):
    client.post(f"/c/{GRID_CODE}/new/", form())
    assert ServiceRequest.objects.get().grid == home.grid


def test_sent_twice_it_happens_once_and_leaves_no_second_picture(client: Client, home):
    first = client.post(NEW, form(photos=[picture()]))
    second = client.post(NEW, form(photos=[picture()]))
    assert first["Location"] == second["Location"]
    assert ServiceRequest.objects.count() == 1
    assert StoredFile.objects.count() == 1


def test_a_mistake_keeps_words_and_pictures_even_when_the_page_is_opened_anew(client: Client, home):
    answer = client.post(NEW, form(text="", phone="138", place="井边 𠮷", photos=[picture()]))

    page = words(answer)
    assert answer.status_code == 422
    assert page.index('href="#id_text"') < page.index('id="id_text-error"')
    assert 'href="#id_phone"' in page
    assert "错误：" in page
    assert "井边 𠮷" in page
    again = words(client.get(NEW))
    assert "井边 𠮷" in again
    thumbnail = re.search(r"/requests/draft-photos/[^\"]+", again)
    assert thumbnail
    assert status_of(client, thumbnail[0]) == 200
    assert status_of(Client(), thumbnail[0]) == 404

    assert client.post(NEW, form()).status_code == 302
    assert RequestPhoto.objects.get().request == ServiceRequest.objects.get()
    assert "井边" not in words(client.get(NEW))


def test_a_kept_picture_can_be_left_out(client: Client, home):
    client.post(NEW, form(text="", photos=[picture(), picture()]))
    unwanted = StoredFile.objects.first()
    client.post(NEW, form(photos_remove=[unwanted.public_id]))
    assert RequestPhoto.objects.count() == 1
    assert photos_remove_unused(home.now + timedelta(seconds=1)) == 1
    assert StoredFile.objects.count() == 1


def test_a_disguised_picture_is_named_and_costs_nothing_else(client: Client, home):
    fake = SimpleUploadedFile("photo.jpg", b"#!/bin/sh\necho", content_type="image/jpeg")
    answer = client.post(NEW, form(photos=[fake, picture()]))
    assert answer.status_code == 422
    assert 'id="id_photos-error"' in words(answer)
    assert StoredFile.objects.count() == 1
    assert not ServiceRequest.objects.exists()


def test_more_than_three_pictures_are_too_many(client: Client, home):
    answer = client.post(NEW, form(photos=[picture() for _ in range(4)]))
    assert answer.status_code == 422
    assert StoredFile.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "unknown"}, "type"),
        ({"text": "长" * 100_000}, "text"),
        ({"phone": "86-12"}, "phone"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(client: Client, home, changes, field):
    answer = client.post(NEW, form(**changes))
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in words(answer)
    assert not ServiceRequest.objects.exists()


def test_emoji_direction_marks_and_rare_characters_come_through_whole(client: Client, home):
    text = "灯 💡 坏了 \u202e反 𠮷 =SUM(A1) <script>"
    client.post(NEW, form(text=text, longitude="NaN", latitude="91"))
    request = ServiceRequest.objects.get()
    assert request.text == text
    assert request.longitude is None
    assert "<script>" not in words(client.get(link(request))).replace("<script src", "")


def test_without_a_telephone_it_is_taken_too_and_the_link_is_the_way_back(client: Client, home):
    client.post(NEW, form(phone=""))
    assert "没有留电话" in words(client.get(link(ServiceRequest.objects.get())))


def test_a_kind_for_which_somebody_calls_first_needs_the_telephone(client: Client, home):
    RequestType.objects.filter(pk=home.kind.pk).update(needs_phone=True)
    assert "设施报修请一定留" in words(client.get(NEW))
    refused = client.post(NEW, form(phone=" "))
    assert refused.status_code == 422
    assert 'id="id_phone-error"' in words(refused)
    assert client.post(NEW, form()).status_code == 302


def test_somebody_signed_in_is_not_asked_again_and_owns_the_matter(client: Client, home):
    client.login(username="resident", password=PASSWORD)
    assert 'value="resident某"' in words(client.get(NEW))
    client.post(NEW, form())
    assert ServiceRequest.objects.get().requester == home.users["resident"]


def test_raising_costs_no_more_queries_than_allowed(client: Client, home):
    with CaptureQueriesContext(
        connection,
    ) as spent:
        assert client.post(NEW, form()).status_code == 302
    work = [query["sql"] for query in spent if not query["sql"].startswith(NOT_WORK)]
    assert len(work) <= 12, "\n".join(work)


def test_a_heic_picture_becomes_one_that_every_browser_shows(client: Client, home):
    pillow_heif.register_heif_opener()
    body = BytesIO()
    Image.new("RGB", (64, 48), "green").save(body, "HEIF")
    client.post(NEW, form(photos=[SimpleUploadedFile("IMG_1.HEIC", body.getvalue())]))
    assert open_bytes(RequestPhoto.objects.get().file)[1] == "image/jpeg"


# ---- the matter behind its link ------------------------------------------------------------------------------------


def test_a_wrong_secret_opens_nothing(client: Client, matter):
    assert client.get("/r/not-the-secret/").status_code == 404
    assert client.get(f"/r/{matter.public_id}/").status_code == 404


def test_a_secret_page_is_kept_by_no_cache_and_told_to_no_other_site(client: Client, matter):
    answer = client.get(link(matter))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_pictures_open_behind_the_link_only(client: Client, home):
    client.post(NEW, form(photos=[picture()]))
    request = ServiceRequest.objects.get()
    address = f"{link(request)}photos/{RequestPhoto.objects.get().file.public_id}/"
    assert status_of(client, address) == 200
    assert status_of(client, f"{address}?small=1") == 200
    other = home.raise_request()
    assert status_of(client, address.replace(link(request), link(other))) == 404


def test_the_track_shows_who_has_it_and_until_when(client: Client, home, matter):
    services.request_dispatch_to_partners(
        request=fresh(matter), partner_ids=[home.partner.pk], actor=home.actor("worker"), now=home.now
    )
    page = words(client.get(link(matter)))
    assert "已派给 老李修理铺，等待接单" in page
    assert "今天 10:00 前" in page


def test_the_resident_confirms_and_rates(client: Client, home, matter):
    handled(home, matter)
    assert "解决了吗" in words(client.get(link(matter)))

    sent = {"step": "confirm", "score": "5", "comment": "谢谢", "operation_id": "press-1"}
    for _ in range(2):
        assert client.post(link(matter), sent)["Location"] == f"{link(matter)}?done=confirm"

    row = fresh(matter)
    assert (row.status, row.is_solved, row.score, row.comment) == ("confirmed", True, 5, "谢谢")
    assert "很满意" in words(client.get(link(matter)))


def test_not_solved_needs_a_word_and_goes_back(client: Client, home, matter):
    handled(home, matter)
    refused = client.post(link(matter), {"step": "return", "reason": "", "operation_id": "a"})
    assert refused.status_code == 422
    assert 'id="id_reason-error"' in words(refused)
    assert (
        client.post(link(matter), {"step": "return", "reason": "又灭了", "operation_id": "b"}).status_code
        == 302
    )
    assert fresh(matter).status == "returned"


def test_confirmed_it_can_be_rated_later_and_reopened_for_some_days(client: Client, home, matter):
    handled(home, matter)
    client.post(link(matter), {"step": "confirm"})
    page = words(client.get(link(matter)))
    assert 'value="rate"' in page
    assert 'value="reopen"' in page
    assert client.post(link(matter), {"step": "rate"}).status_code == 422
    assert client.post(link(matter), {"step": "rate", "score": "2"}).status_code == 302
    home.clock.advance(timedelta(days=8))
    assert 'value="reopen"' not in words(client.get(link(matter)))
    assert client.post(link(matter), {"step": "reopen", "reason": "又坏了"}).status_code == 422
    home.clock.advance(timedelta(days=-2))
    assert client.post(link(matter), {"step": "reopen", "reason": "又坏了"}).status_code == 302


def test_the_resident_withdraws_what_is_not_needed_any_more(client: Client, matter):
    assert client.post(link(matter), {"step": "withdraw"})["Location"].endswith("?done=withdraw")
    assert fresh(matter).outcome == "no_longer_needed"
    late = client.post(link(matter), {"step": "confirm"})
    assert late.status_code == 422
    assert "现在的状态不能办这一步" in words(late)


def test_a_step_that_does_not_exist_is_not_found(client: Client, matter):
    assert client.post(link(matter), {"step": "close"}).status_code == 404


def test_the_page_refreshes_itself_only_when_something_changed(client: Client, home, matter):
    htmx = {"HX-Request": "true"}
    seen = re.search(r"\?seen=([\w.]+)", words(client.get(link(matter))))[1]
    assert client.get(link(matter), {"seen": seen}, headers=htmx).status_code == 204

    home.clock.advance(timedelta(minutes=10))
    fragment = client.get(link(matter), {"seen": seen}, headers=htmx)
    assert fragment.status_code == 200
    assert "<html" not in words(fragment)

    services.request_accept(request=fresh(matter), actor=home.actor("worker"), now=home.now)
    assert client.get(link(matter), {"seen": seen}, headers=htmx)["HX-Refresh"] == "true"


def test_the_slip_prints_with_its_code(client: Client, matter):
    page = words(client.get(f"{link(matter)}slip/"))
    assert matter.number in page
    assert "<svg" in page
    assert "0537-2000001" in page


def test_the_page_asks_the_same_queries_however_long_the_story(client: Client, home, matter):
    with CaptureQueriesContext(connection) as short:
        client.get(link(matter))
    handled(home, matter)
    for _ in range(5):
        services.request_note(
            request=fresh(matter), actor=home.actor("worker"), now=home.now, note="又问了一次", is_public=True
        )
    with CaptureQueriesContext(connection) as long:
        client.get(link(matter))
    assert len(short) == len(long) <= 4


# ---- finding it again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", ["1234", "１２３４", " 12 34"])
def test_number_and_last_four_digits_lead_back(client: Client, matter, tail):
    sent = {"number": matter.number.lower().replace("-", " "), "phone_tail": tail}
    assert client.post("/requests/find/", sent)["Location"] == link(matter)


def test_unknown_number_and_wrong_digits_have_one_answer(client: Client, matter):
    answers = [
        client.post("/requests/find/", {"number": matter.number, "phone_tail": "9999"}),
        client.post("/requests/find/", {"number": GRID_CODE, "phone_tail": "9999"}),
        client.post("/requests/find/", {"number": "!", "phone_tail": ""}),
    ]
    assert {answer.status_code for answer in answers} == {422}
    summaries = {re.search(r'<ul role="list">.*?</ul>', words(answer), re.DOTALL)[0] for answer in answers}
    assert len(summaries) == 1


def test_guessing_the_digits_of_one_number_is_stopped(client: Client, home, matter):
    for guess in range(5):
        client.post("/requests/find/", {"number": matter.number, "phone_tail": f"000{guess}"})
    stopped = client.post("/requests/find/", {"number": matter.number, "phone_tail": "1234"})
    assert stopped.status_code == 422
    assert "试的次数多了" in words(stopped)
    home.clock.advance(timedelta(minutes=16))
    assert client.post("/requests/find/", {"number": matter.number, "phone_tail": "1234"}).status_code == 302


# ---- one's own home -----------------------------------------------------------------------------------------------------


def test_the_home_of_a_resident_greets_and_shows_what_waits_for_her_word(client: Client, home):
    user = home.users["resident"]
    user.area_path = home.grid.path
    user.save()
    mine = home.raise_request(for_user_id=user.pk)
    handled(home, mine)
    home.raise_request(for_user_id=user.pk, text="上门理发，明天上午方便")
    client.login(username="resident", password=PASSWORD)

    page = words(client.get("/me/"))

    assert "resident某，上午好" in page
    assert page.index("等您确认") < page.index("上门理发")
    assert f"/c/{GRID_CODE}/new/" in page
    assert link(mine) in page


def test_the_home_asks_the_same_queries_however_many_matters(client: Client, home):
    client.login(username="resident", password=PASSWORD)
    home.raise_request(for_user_id=home.users["resident"].pk)
    with CaptureQueriesContext(connection) as few:
        client.get("/me/")
    for _ in range(6):
        home.raise_request(for_user_id=home.users["resident"].pk)
    with CaptureQueriesContext(connection) as many:
        client.get("/me/")
    assert len(few) == len(many)


def test_who_is_not_signed_in_is_asked_to(client: Client, home):
    assert "next=/me/" in client.get("/me/")["Location"]


def test_the_message_about_a_new_matter_carries_its_link(client: Client, home):
    client.post(NEW, form())
    message = OutboxMessage.objects.get(channel="sms")
    assert link(ServiceRequest.objects.get()) in message.body


@pytest.mark.parametrize("path", ["/c/", f"/c/{CODE}/", NEW, "/requests/find/"])
def test_pages_speak_english_when_asked(client: Client, home, path):
    client.get(path, headers={"Accept-Language": "en"})
    assert client.get(path, headers={"Accept-Language": "en"})["Content-Language"] == "en"


def test_the_kinds_offered_are_those_residents_may_raise(client: Client, home):
    RequestType.objects.create(
        code="hotline",
        name_zh="热线转办",
        name_en="Hotline",
        clocks=home.kind.clocks,
        residents_may_raise=False,
    )
    assert "热线转办" not in words(client.get(NEW))
    assert client.post(NEW, form(type="hotline")).status_code == 422
