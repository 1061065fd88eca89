"""Front page, switches, home, search, audit, operations, jobs, health."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mulin.base import jobs
from mulin.base.models import Heartbeat, Job, OutboxMessage
from mulin.identity import audit
from mulin.portals import homes


def test_the_front_page_lists_communities_with_their_page_and_telephone(world, client):
    page = client.get("/").text
    assert 'href="/c/K7QM-4XWT/"' in page
    assert 'href="tel:05372000001"' in page
    assert "柳园社区" in page


def test_a_community_is_found_by_its_name_and_not_found_says_what_to_do(world, client):
    assert "青禾社区" not in client.get("/?q=柳园").text
    assert "没有叫“东山”的社区" in client.get("/?q=东山").text


def test_the_front_page_costs_few_queries(world, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get("/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_elder_mode_is_a_cookie_and_leads_back(world, client, method):
    answer = getattr(client, method)("/display/size/", {"size": "26", "next": "/?q=柳园"})
    assert answer.headers["Location"] == "/?q=%E6%9F%B3%E5%9B%AD"
    assert 'class="elder text-26"' in client.get("/").text
    client.get("/display/size/", {"size": "off"})
    assert 'class="elder' not in client.get("/").text


@pytest.mark.parametrize("size", ["", "17", "999", "<b>"])
def test_an_unknown_size_changes_nothing(world, client, size):
    answer = client.get("/display/size/", {"size": size, "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
    assert not answer.cookies


def test_the_language_switch_turns_the_page(world, client):
    client.get("/display/language/", {"language": "en"})
    assert '<html lang="en"' in client.get("/").text


def test_each_lands_where_their_work_is(world, signed_in):
    assert signed_in("worker").get("/work/").status_code == 200
    assert signed_in("resident").get("/work/").headers["Location"] == "/account/"
    assert signed_in("shop").get("/work/").status_code == 302


def test_a_tile_is_counted_for_who_may_see_it_alone(world, signed_in, monkeypatch):
    monkeypatch.setattr(homes, "_tiles", {})
    homes.register(homes.Tile("x", "等您派的", "requests.dispatch", lambda request: 12, lambda: "/work/x/"))
    assert "等您派的" in signed_in("worker").get("/work/").text
    assert "等您派的" not in signed_in("grid_worker").get("/work/").text


def test_search_asks_by_post_and_finds_what_one_may_see(world, admin):
    page = admin.post("/work/search/", {"text": "worker"}).text
    assert reverse("portals:user", args=[world.users["worker"].public_id]) in page
    assert world.users["foreigner"].public_id not in admin.post("/work/search/", {"text": "foreigner"}).text
    assert "请至少输入两个字" in admin.post("/work/search/", {"text": "李"}).text
    assert "没有找到" in admin.post("/work/search/", {"text": "<script>𠮷"}).text


def test_the_record_shows_25_rows_of_ones_own_area(world, admin, django_assert_max_num_queries):
    from django.db import transaction

    with transaction.atomic():
        for number in range(30):
            audit.record(
                actor=world.actor("worker"), act="registry.look", about=f"registry.person:{number}", now=world.now,
                area_path=world.community.path, reason="核对",
            )  # fmt: skip
        audit.record(
            actor=world.actor("worker"),
            act="registry.secret",
            now=world.now,
            area_path=world.other_county.path,
        )
    with django_assert_max_num_queries(5):
        page = admin.get("/work/audit/?act=registry.").text
    assert page.count("<tr data-row") == 25
    assert "共 30 条" in page
    assert "registry.secret" not in page
    assert admin.get("/work/audit/?act=registry.&page=2").text.count("<tr data-row") == 5
    assert admin.get("/work/audit/?until=2026-03-04").text.count("<tr data-row") == 0
    assert (
        admin.get("/work/audit/?since=2026-03-05&until=2026-03-05&act=registry.").text.count("<tr data-row")
        == 25
    )


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=x", "?page=99999999999", "?since=yesterday", "?since=9999-12-31&until=9999-12-31"],
)
def test_a_strange_address_is_still_answered(world, admin, query):
    assert admin.get(f"/work/audit/{query}").status_code == 200


@pytest.fixture
def job(world, monkeypatch):
    monkeypatch.setitem(jobs._handlers, "slow", lambda context: None)
    job = jobs.ask(kind="slow", title="导出事项", payload={}, actor=world.actor("worker"), now=world.now)
    Job.objects.filter(pk=job.pk).update(state="running", started_at=world.now, done=25, total=100)
    world.clock.advance(timedelta(minutes=5))
    return job


def test_a_job_tells_its_asker_how_far_it_is(world, signed_in, job):
    client = signed_in("worker")
    page = client.get(f"/operations/jobs/{job.public_id}/").text
    assert "25%" in page
    assert "大约还要 15 分钟" in page
    part = client.get(f"/operations/jobs/{job.public_id}/", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part


def test_a_job_is_not_there_for_others_but_for_who_watches_operations(world, signed_in, job, admin):
    address = f"/operations/jobs/{job.public_id}/"
    assert signed_in("stranger").get(address).status_code == 404
    assert signed_in("stranger").post(f"{address}cancel/").status_code == 404
    assert admin.get(address).status_code == 200
    assert signed_in("worker").post(f"{address}cancel/").status_code == 302
    job.refresh_from_db()
    assert job.cancel_asked_at is not None


def test_a_jobs_links_lead_to_this_site_only(world, signed_in, job):
    links = [{"label": "下载", "url": "/work/"}, {"label": "坏", "url": "https://evil.example"}, "nonsense"]
    Job.objects.filter(pk=job.pk).update(state="done", result={"links": links})
    page = signed_in("worker").get(f"/operations/jobs/{job.public_id}/").text
    assert "下载" in page
    assert "evil.example" not in page


def test_operations_say_who_is_silent_and_what_was_not_delivered(
    world, admin, job, django_assert_max_num_queries
):
    Heartbeat.objects.create(
        name="w1", kind="worker", started_at=world.now, seen_at=world.now - timedelta(hours=1)
    )
    OutboxMessage.objects.create(
        channel="sms", body="您的事办好了", address="13800138000", once_key="k", state="dead", about="requests:abc",
        created_at=world.now, not_before=world.now, last_error="no gateway",
    )  # fmt: skip
    with django_assert_max_num_queries(12):
        page = admin.get("/operations/").text
    assert "后台程序停了" in page
    assert "no gateway" in page
    assert "13800138000" not in page
    assert "您的事办好了" not in page


def test_a_dead_message_is_sent_again_once_and_written_down(world, admin):
    message = OutboxMessage.objects.create(
        channel="sms", body="x", once_key="k", state="dead", created_at=world.now, not_before=world.now
    )
    address = f"/operations/outbox/{message.public_id}/resend/"
    assert admin.post(address).status_code == 302
    assert admin.post(address).status_code == 409
    message.refresh_from_db()
    assert message.state == "waiting"
    assert audit.AuditEntry.objects.filter(act="base.outbox_resend").count() == 1


def test_health_says_how_old_the_workers_last_sign_is(world, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get("/healthz").json()["worker"] == "unknown"
    Heartbeat.objects.create(
        name="w1", kind="worker", started_at=world.now, seen_at=world.now - timedelta(seconds=3)
    )
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["worker_age_seconds"]) == (
        200,
        "ok",
        3,
    )


def test_health_says_so_when_the_database_is_gone(world, client, monkeypatch):
    from django.db import DatabaseError

    def gone():
        raise DatabaseError("secret words of the server")

    monkeypatch.setattr("mulin.portals.views.health.worker_seen_at", gone)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "secret words" not in answer.text


@pytest.mark.parametrize("name", ["", "resident/", "workbench/", "partner/", "sheet/"])
def test_the_style_guide_draws_every_page(world, client, name):
    assert client.get(f"/styleguide/{name}").status_code == 200


def test_an_unknown_page_of_the_style_guide_is_not_there(world, client):
    assert client.get("/styleguide/nothing/").status_code == 404


PAGES = (
    "/work/", "/work/users/", "/work/users/new/", "/work/users/first-passwords/", "/work/audit/", "/work/search/",
    "/work/imports/", "/work/imports/accounts/", "/operations/", "/account/", "/account/notices/", "/account/tokens/",
    "/account/password/",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_heading_and_a_title_of_its_own(world, admin, address):
    page = admin.get(address).text
    assert page.count("<h1") == 1
    assert "<title>睦邻</title>" not in page
    assert "style=" not in page.split("<body")[1]
