"""The workbench pages of requests: who sees which, and what they cost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mulin.identity.models import AuditEntry
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.tests.workbench import (
    counting,
    press,
    signed_in,
    text_of,
    url,
)
from tests.support.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workbench")]


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


def test_two_workers_are_offered_their_own_places_and_what_they_chose_themselves(world: World) -> None:
    worker, stranger = signed_in(world, "worker"), signed_in(world, "stranger")
    own = [text_of(client.get(url("work_queue"))) for client in (worker, stranger, worker, stranger)]
    options = [re.findall(r'<option value="([0-9a-z]{20,})"', page) for page in own]
    assert options[0] == options[2]
    assert options[1] == options[3]
    assert options[0]
    assert not set(options[0]) & set(options[1])
    assert "电梯" in text_of(worker.get(url("work_queue", words="电梯")))
    assert "电梯" not in text_of(worker.get(url("work_queue")))


def test_the_filters_speak_the_reader_s_language_and_know_a_type_that_was_just_renamed(
    world: World, worker: Client
) -> None:
    chinese, english = (
        text_of(worker.get(url("work_queue"))),
        text_of(worker.get(url("work_queue", lang="en"))),
    )
    assert "更多条件" in chinese
    assert "更多条件" not in english
    kind = RequestType.objects.filter(is_active=True).first()
    assert kind is not None
    kind.name_zh = "新的名字"
    kind.save()
    worker.cookies.clear()
    worker.force_login(world.users["worker"], backend="mulin.identity.backends.NameOrPhone")
    assert ">新的名字</option>" in text_of(worker.get(url("work_queue")))


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


# ---- every page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(world: World, worker: Client, language: str) -> None:
    request = world.raise_request()
    pages = [url(name) for name in ("work_queue", "work_new", "work_statistics", "work_import")]
    pages += [url(name, request.public_id) for name in ("work_one", "work_dispatch", "work_slip")]
    for page in pages:
        assert worker.get(page, {"lang": language}).status_code == 200
