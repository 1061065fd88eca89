"""Requests of the demo county live as the rules say, and their columns are what the services would have left."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from django.test import TestCase

from mulin.base.models import StoredFile
from mulin.config.demo.texts import MESSAGES, at_home, writer
from mulin.config.tests.conftest import NOW, load
from mulin.kernel.clock import SeededRandomness
from mulin.parts.service_requests.models import Offer, RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import FINAL, Status, Step, next_status

pytestmark = pytest.mark.django_db


class TestRequests(TestCase):
    """Reads of one small county, loaded once."""

    @classmethod
    def setUpTestData(cls):
        load()

    def test_every_timeline_is_a_legal_path_that_ends_where_the_request_stands(self):
        for request in ServiceRequest.objects.prefetch_related("events"):
            assert replayed(request) == request.status
            assert [event.sequence for event in request.events.order_by("sequence")] == list(
                range(1, request.version + 1)
            )

    def test_time_runs_forward_and_never_into_the_future(self):
        for request in ServiceRequest.objects.prefetch_related("events"):
            moments = [event.at for event in request.events.order_by("sequence")]
            assert moments == sorted(moments)
            assert moments[0] == request.raised_at
            assert moments[-1] <= NOW

    def test_columns_agree_with_the_timeline(self):
        for request in ServiceRequest.objects.prefetch_related("events"):
            last = {event.step: event.at for event in request.events.order_by("sequence")}
            is_final = request.status in FINAL
            assert (request.due_at is None) == is_final
            assert (request.closed_at is not None) == is_final
            assert bool(request.holder_label) != is_final
            assert request.dispatched_at == last.get(Step.DISPATCH)
            # Whoever is asked anew has not answered yet.
            asked_at = last.get(Step.HANDLE)
            answers = [at for step in (Step.CONFIRM, Step.RETURN) if (at := last.get(step)) and at > asked_at]
            assert request.answered_at == max(answers, default=None)
            assert request.return_count == sum(event.step == Step.RETURN for event in request.events.all())
            if request.status == Status.HANDLED:
                assert request.handled_at == last[Step.HANDLE]

    def test_a_request_has_an_open_offer_exactly_while_a_partner_is_asked(self):
        for request in ServiceRequest.objects.prefetch_related("offers"):
            open_offers = [offer for offer in request.offers.all() if offer.state == "open"]
            is_asked = request.status == Status.DISPATCHED and request.holder_partner_id is not None
            assert len(open_offers) == is_asked
            assert not is_asked or open_offers[0].partner_id == request.holder_partner_id

    def test_offers_go_to_partners_that_serve_the_place(self):
        for offer in Offer.objects.select_related("partner", "request"):
            places = offer.partner.service_areas.values_list("area_path", flat=True)
            assert any(offer.request.area_path.startswith(path) for path in places)

    def test_pictures_are_drawn_and_stored_like_uploads(self):
        photo = RequestPhoto.objects.select_related("file").first()
        assert (photo.step, photo.file.media_type) == ("raise", "image/jpeg")
        assert StoredFile.objects.get(pk=photo.file_id).has_thumbnail


def replayed(request: ServiceRequest) -> Status:
    """Where the timeline leads when each step is taken by the rules."""
    status = Status.RAISED
    events = list(request.events.order_by("sequence"))
    assert events[0].step == Step.RAISE
    for event in events[1:]:
        status = next_status(Step(event.step), status)
    return status


def test_every_screen_has_something_to_show():
    load(people=4_000)
    requests = ServiceRequest.objects.all()
    assert set(requests.values_list("status", flat=True)) == {status.value for status in Status}
    assert {"", "done", "cannot", "no_longer_needed"} <= set(requests.values_list("outcome", flat=True))
    assert Counter(requests.values_list("channel", flat=True)).keys() >= {
        "code_page",
        "web",
        "telephone",
        "desk",
        "visit",
    }
    assert requests.filter(due_at__lt=NOW).exists()
    assert set(requests.exclude(score=None).values_list("score", flat=True)) == {1, 2, 3, 4, 5}
    assert set(requests.values_list("type_id", flat=True)) >= {
        "community_order",
        "repair",
        "neighbours",
        "hotline_12345",
    }


def test_texts_are_generated_where_the_real_messages_are_absent(tmp_path):
    message = writer(tmp_path, SeededRandomness(1)).message("repair", "3号楼", "禾苑小区")
    assert message.text
    assert message.title == ""


def test_real_messages_move_into_the_county(tmp_path):
    file = tmp_path / MESSAGES
    file.parent.mkdir(parents=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["msg_id", "user_code", "topic", "time", "detail", "downvotes", "upvotes"])
        topic, text = "A市A3区路灯不亮", "A市A3区联丰路幸福花园门口的路灯坏了一个月，晚上很黑。"
        lines.writerows([[number, "A1", topic, "2019/1/1 8:00:00", text, 0, 0] for number in range(20)])
    written = writer(tmp_path, SeededRandomness(1))
    texts = {written.message("repair", "3号楼", "禾苑小区").text for _ in range(20)}
    assert "健康路禾苑小区门口的路灯坏了一个月，晚上很黑。" in texts


@pytest.mark.parametrize(
    ("far", "near"),
    [
        ("A市A3区联丰路路灯不亮", "健康路路灯不亮"),
        ("我们小区垃圾没人清", "我们小区垃圾没人清"),
        ("西地省A7县某处积水", "某处积水"),
    ],
)
def test_far_places_become_places_of_the_county(far, near):
    assert at_home(far, "3号楼", "禾苑小区") == near
