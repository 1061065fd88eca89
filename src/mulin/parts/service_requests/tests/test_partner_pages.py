"""A partner's way: see what is offered, take it, call, record it. What the task does not need stays hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mulin.identity.middleware import Access
from mulin.identity.models import AuditEntry
from mulin.parts.partners.models import Partner
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import Offer, RequestPhoto, ServiceRequest
from mulin.parts.service_requests.tests.test_resident_pages import fresh, picture, status_of, words
from tests.support.world import PASSWORD, World

HOME = "/partner/"


@pytest.fixture
def street(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(Access, "clock", world.clock)
    return world


@pytest.fixture
def shop(client: Client, street: World) -> Client:
    assert client.login(username="shop", password=PASSWORD)
    return client


@pytest.fixture
def offered(street: World) -> ServiceRequest:
    """Offered to the shop first, then to the second one."""
    return dispatched(street)


def dispatched(street: World, **changes: Any) -> ServiceRequest:
    request = street.raise_request(**changes)
    ids = [street.partner.pk, street.second_partner.pk]
    return services.request_dispatch_to_partners(
        request=fresh(request), partner_ids=ids, actor=street.actor("worker"), now=street.now
    )


def offer_of(request: ServiceRequest) -> Offer:
    return Offer.objects.select_related("request__type", "request__area", "request__grid", "partner").get(
        request=request, state="open"
    )


@pytest.fixture
def taken(street: World, offered: ServiceRequest) -> ServiceRequest:
    services.offer_take(offer=offer_of(offered), actor=street.actor("shop"), now=street.now)
    return fresh(offered)


def work(request: ServiceRequest) -> str:
    return f"/partner/work/{request.public_id}/"


def press(request: ServiceRequest, step: str, **more: str) -> dict[str, str]:
    return {"step": step, "offer": offer_of(request).public_id, "operation_id": f"press-{step}"} | more


def test_an_offer_shows_what_where_and_until_when_but_not_who(shop, offered):
    page = words(shop.get(HOME))
    assert "路灯不亮" in page
    assert "青禾社区" in page
    assert "王**" in page
    assert "今天 10:00 前答复" in page
    assert "王秀英" not in page
    assert "13805371234" not in page


def test_one_press_takes_it_and_the_same_press_again_changes_nothing(shop, offered):
    sent = press(offered, "take")
    for _ in range(2):
        assert shop.post(HOME, sent)["Location"] == f"{work(offered)}?done=take"
    assert fresh(offered).status == "taken"
    assert "接到了" in words(shop.get(f"{work(offered)}?done=take"))


def test_a_refusal_needs_a_reason_and_the_next_partner_is_asked(shop, street, offered):
    refused = shop.post(HOME, press(offered, "decline", reason=""))
    assert refused.status_code == 422
    assert 'id="id_reason-error"' in words(refused)

    assert shop.post(HOME, press(offered, "decline", reason="今天没空", operation_id="b")).status_code == 302
    assert offer_of(offered).partner == street.second_partner
    assert "路灯" not in words(shop.get(HOME))


def test_an_offer_of_somebody_else_or_of_yesterday_is_kindly_refused(shop, street, offered):
    sent = press(offered, "take")
    street.clock.advance(timedelta(hours=1))
    services.offers_move_on(now=street.now)
    answer = shop.post(HOME, sent)
    assert answer.status_code == 422
    assert "不在您手上" in words(answer)
    assert fresh(offered).status == "dispatched"


def test_a_paused_partner_sees_no_offers_and_takes_none(shop, street, offered):
    sent = press(offered, "take")
    Partner.objects.filter(pk=street.partner.pk).update(state="suspended", state_reason="核查中")
    page = words(shop.get(HOME))
    assert "路灯" not in page
    assert "核查中" in page
    assert shop.post(HOME, sent).status_code == 422
    assert fresh(offered).status == "dispatched"


def test_the_telephone_is_shown_on_a_press_that_is_put_on_record(shop, street, taken):
    assert "13805371234" not in words(shop.get(work(taken)))

    page = words(shop.post(work(taken), {"step": "phone"}))

    assert 'href="tel:13805371234"' in page
    assert AuditEntry.objects.get(act="look.request_phone").actor == street.users["shop"]


def test_after_it_is_handled_the_telephone_is_gone(shop, taken):
    shop.post(work(taken), {"step": "handle", "outcome": "done", "note": "换了灯泡", "operation_id": "a"})
    page = words(shop.get(work(taken)))
    assert "王秀英" not in page
    assert shop.post(work(taken), {"step": "phone"}).status_code == 404
    assert not AuditEntry.objects.filter(act="look.request_phone").exists()


def test_the_service_is_recorded_with_pictures_once(shop, taken):
    for _ in range(2):
        sent = {
            "step": "handle",
            "outcome": "done",
            "note": "换了灯泡",
            "photos": [picture()],
            "operation_id": "a",
        }
        assert shop.post(work(taken), sent)["Location"] == "/partner/?done=handle"
    assert (fresh(taken).status, fresh(taken).outcome) == ("handled", "done")
    photo = RequestPhoto.objects.get()
    assert photo.step == "handle"
    assert status_of(shop, f"{work(taken)}photos/{photo.file.public_id}/") == 200


def test_a_record_without_words_keeps_its_picture(shop, taken):
    answer = shop.post(work(taken), {"step": "handle", "note": "", "photos": [picture()]})
    page = words(answer)
    assert answer.status_code == 422
    assert 'id="id_outcome-error"' in page
    assert 'id="id_note-error"' in page
    assert "照片已经收下" in page
    shop.post(work(taken), {"step": "handle", "outcome": "cannot", "note": "要换整根线"})
    assert RequestPhoto.objects.count() == 1
    assert fresh(taken).outcome == "cannot"


def test_it_can_be_given_back_with_a_reason(shop, taken):
    assert shop.post(work(taken), {"step": "give_back", "reason": ""}).status_code == 422
    assert (
        shop.post(work(taken), {"step": "give_back", "reason": "没有配件"})["Location"]
        == "/partner/?done=give_back"
    )
    assert fresh(taken).status == "accepted"
    assert shop.get(work(taken)).status_code == 404


def test_what_the_resident_returned_can_be_gone_on_with(shop, street, taken):
    shop.post(work(taken), {"step": "handle", "outcome": "done", "note": "换了灯泡"})
    services.request_return(
        request=fresh(taken), actor=street.actor("resident"), now=street.now, reason="又灭了"
    )
    assert "居民说没解决" in words(shop.get(work(taken)))
    assert shop.post(work(taken), {"step": "resume"}).status_code == 302
    assert fresh(taken).status == "taken"


def test_the_history_tells_what_residents_said(shop, street, taken):
    shop.post(work(taken), {"step": "handle", "outcome": "done", "note": "换了灯泡"})
    resident = street.actor("resident")
    services.request_confirm(request=fresh(taken), actor=resident, now=street.now, score=4, comment="来得快")
    page = words(shop.get("/partner/history/"))
    assert "平均 4.0 分" in page
    assert "来得快" in page
    assert "王秀英" not in page


@pytest.mark.parametrize("name", ["second_shop", "worker", "resident"])
def test_nobody_else_reaches_it(client: Client, taken, name):
    client.login(username=name, password=PASSWORD)
    assert client.get(work(taken)).status_code == 404
    assert client.post(work(taken), {"step": "phone"}).status_code == 404


def test_the_list_of_offers_is_sent_again_only_when_it_changed(shop, street, offered):
    seen = words(shop.get(HOME)).split("?seen=")[1].split('"')[0]
    htmx = {"HX-Request": "true"}
    assert shop.get(HOME, {"seen": seen}, headers=htmx).status_code == 204
    dispatched(street, text="水管漏水")
    fragment = words(shop.get(HOME, {"seen": seen}, headers=htmx))
    assert "水管漏水" in fragment
    assert "<html" not in fragment


def test_the_portal_asks_the_same_queries_however_much_is_offered(shop, street, offered):
    with CaptureQueriesContext(connection) as few:
        shop.get(HOME)
    for number in range(5):
        dispatched(street, text=f"第 {number} 盏灯不亮")
    with CaptureQueriesContext(connection) as many:
        shop.get(HOME)
    assert len(few) == len(many) <= 7
