"""The first page of the workbench: for each what matters today, out of what they may see."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mulin.base import periodic
from mulin.base.models import Heartbeat, Job, PeriodicRun
from mulin.identity.models import Grant, User
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status


@pytest.fixture
def request_in(world):
    """`request_in(area, status=..., due_in=hours)` raises a request there and puts it into that state."""

    def put(area, *, title="路灯不亮", status=Status.RAISED, due_in=1, holder=None):
        row = world.raise_request(area=area, grid=None, text=title)
        changes = {"status": status, "due_at": world.now + timedelta(hours=due_in)}
        if holder:
            changes |= {"holder_user": world.users[holder], "holder_label": holder}
        ServiceRequest.objects.filter(pk=row.pk).update(**changes)
        return row

    return put


def section(page: str, title: str) -> str:
    """The part of the page under one heading of a list."""
    assert f">{title}</h2>" in page, f"no list {title}"
    return page.split(f">{title}</h2>")[1].split("</section>", maxsplit=1)[0]


def test_the_most_urgent_stands_first_and_opens_its_matter(world, signed_in, request_in):
    request_in(world.community, title="明天再说也行", due_in=30)
    late = request_in(world.community, title="水管爆了", due_in=-3)
    urgent = section(signed_in("worker").get("/work/").text, "最急的事")
    assert urgent.index("水管爆了") < urgent.index("明天再说也行")
    assert f"/work/requests/{late.public_id}/" in urgent
    assert "超时 3 小时" in urgent


def test_lists_hold_five_rows_and_say_how_many_there_are(world, signed_in, request_in):
    for _ in range(7):
        request_in(world.community)
    urgent = section(signed_in("worker").get("/work/").text, "最急的事")
    assert urgent.count('class="row-card"') == 5
    assert "全部待办 7 件" in urgent


def test_nobody_sees_the_next_communitys_matters(world, signed_in, request_in):
    request_in(world.community, title="只给青禾社区看")
    request_in(world.community, title="办好等确认", status=Status.HANDLED)
    page = signed_in("stranger").get("/work/").text
    assert "只给青禾社区看" not in page
    assert "办好等确认" not in page
    assert "没有等您受理、派单或办理的事" in page


def test_the_community_waits_for_residents_the_county_decides_what_was_sent_back(
    world, signed_in, request_in
):
    request_in(world.community, title="等她点头", status=Status.HANDLED)
    request_in(world.community, title="说没解决", status=Status.RETURNED)
    Grant.objects.filter(user=world.users["manager"]).update(role_id="community_worker")
    assert "等她点头" in section(signed_in("worker").get("/work/").text, "等居民确认")
    page = signed_in("manager").get("/work/").text
    assert "说没解决" in section(page, "等您拍板")
    assert ">等居民确认</h2>" not in page


def test_a_grid_worker_sees_their_own_and_what_others_do_around(world, signed_in, request_in):
    request_in(world.grid, title="不在网格里的挂在社区", status=Status.TAKEN)
    mine = world.raise_request(text="我来办的", grid=world.grid)
    ServiceRequest.objects.filter(pk=mine.pk).update(
        holder_user=world.users["grid_worker"], status=Status.TAKEN
    )
    other = world.raise_request(text="别人在办的", grid=world.grid)
    ServiceRequest.objects.filter(pk=other.pk).update(status=Status.TAKEN)
    page = signed_in("grid_worker").get("/work/").text
    assert "我来办的" in section(page, "我手上最急的")
    around = section(page, "我这一片正在办的")
    assert "别人在办的" in around
    assert "我来办的" not in around
    assert ">最急的事</h2>" not in page


def test_a_manager_sees_where_it_is_late(world, signed_in, request_in):
    for hours in (-1, -50):
        request_in(world.community, due_in=hours)
    request_in(world.other_community, due_in=-5)
    request_in(world.other_county, due_in=-5)
    late = section(signed_in("manager").get("/work/").text, "哪里超时了")
    assert late.index("青禾社区") < late.index("柳园社区")
    assert "超了 2 天" in late
    assert "别县" not in late
    assert "全部超时 3 件" in late


def test_it_says_so_when_nothing_is_late(world, signed_in):
    assert "没有超时的事" in section(signed_in("manager").get("/work/").text, "哪里超时了")


@pytest.mark.parametrize("name", ["worker", "grid_worker", "manager"])
def test_more_matters_cost_no_more_queries(world, signed_in, request_in, name):
    def queries() -> int:
        client = signed_in(name)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/work/")
        return len(found)

    empty = queries()
    for status in (Status.RAISED, Status.RETURNED, Status.HANDLED, Status.TAKEN):
        for area in (world.community, world.other_community):
            request_in(area, status=status, due_in=-1)
            request_in(area, status=status, holder=name)
    assert queries() == empty <= 14


def test_operations_are_calm_or_say_what_is_wrong(world, admin, monkeypatch):
    monkeypatch.setattr(periodic, "_registered", {})
    Heartbeat.objects.create(name="w", kind="worker", started_at=world.now, seen_at=world.now)
    assert "都正常" in section(admin.get("/work/").text, "要处理的故障")
    periodic.register("areas.count", 60, lambda clock: "")
    PeriodicRun.objects.create(
        name="areas.count", interval_seconds=60, next_due_at=world.now - timedelta(hours=1)
    )
    Job.objects.create(kind="x", title="导出事项", state="failed", created_at=world.now)
    world.clock.advance(timedelta(minutes=5))
    troubles = section(admin.get("/work/").text, "要处理的故障")
    for words in ("后台程序没有动静", "areas.count", "到点没跑", "导出事项", "没有做完"):
        assert words in troubles


def test_rights_that_end_soon_and_accounts_without_any_are_named(world, admin):
    Grant.objects.filter(user=world.users["worker"]).update(valid_to=date(2026, 3, 12))
    Grant.objects.filter(user=world.users["stranger"]).update(valid_to=date(2026, 3, 30))
    Grant.objects.filter(user=world.users["foreigner"]).update(valid_to=date(2026, 3, 12))
    User.objects.create(
        login_name="new", display_name="新来的", created_at=world.now, area_path=world.community.path
    )
    page = admin.get("/work/").text
    ending = section(page, "14 天内到期的授权")
    assert "worker某" in ending
    assert "stranger某" not in ending
    assert "foreigner某" not in ending
    assert "新来的" in section(page, "还没有授权的账号")


def test_who_gives_no_grants_sees_no_accounts(world, signed_in):
    page = signed_in("worker").get("/work/").text
    assert "还没有授权的账号" not in page
    assert "要处理的故障" not in page
