"""Accounts and posts from a table, as an administrator brings them in."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mulin.base import jobs
from mulin.base.models import ImportRun
from mulin.identity.models import AuditEntry, Grant, User
from mulin.parts.areas.models import PostHolding, PostKind

HEAD = "登录名,姓名,手机,区域编码,岗位,角色"


@pytest.fixture
def post(world):
    return PostKind.objects.create(
        code="full_time_grid_worker", name_zh="专职网格员", name_en="Full-time grid worker", area_kind="grid",
        role_code="grid_worker",
    )  # fmt: skip


def bring_in(world, client, *lines):
    table = "\r\n".join((HEAD, *lines)).encode("gb18030")
    answer = client.post("/work/imports/accounts/", {"file": SimpleUploadedFile("人员.csv", table)})
    assert answer.status_code == 302, answer.text
    run = ImportRun.objects.latest("pk")
    client.get(answer.headers["Location"])
    job_page = client.post(f"/work/imports/runs/{run.public_id}/apply/").headers["Location"]
    jobs.run_waiting(world.clock)
    assert "完成" in client.get(job_page).text
    run.refresh_from_db()
    return run


GOOD = (
    "grid.one,张一,13800138001,990101001001001,专职网格员,",
    "clerk.two,李二,,990101001001,,community_worker",
)


def test_people_get_accounts_posts_and_rights_and_no_password(world, admin, post):
    run = bring_in(world, admin, *GOOD)
    assert (run.created, run.rejected) == (2, 0)
    grid_worker = User.objects.get(login_name="grid.one")
    assert not grid_worker.has_usable_password()
    assert PostHolding.objects.get(holder=grid_worker).grant.role_id == "grid_worker"
    assert Grant.objects.get(user__login_name="clerk.two").area_path == world.community.path
    assert AuditEntry.objects.filter(act="identity.user_create", actor=world.users["admin"]).count() == 2


def test_the_same_table_again_changes_nothing(world, admin, post):
    bring_in(world, admin, *GOOD)
    before = User.objects.count(), Grant.objects.count(), PostHolding.objects.count()
    run = bring_in(world, admin, *GOOD)
    assert (run.created, run.unchanged, run.rejected) == (0, 2, 0)
    assert (User.objects.count(), Grant.objects.count(), PostHolding.objects.count()) == before


def test_bad_rows_come_back_in_their_own_columns_with_the_reason(world, admin, post):
    run = bring_in(
        world, admin, GOOD[0],
        "x y,王三,,990101001001,,",
        "wang.three,王三,,000000000000,,",
        "wang.four,王四,138,990101001001,,",
        "wang.five,王五,,990202,,",
        "wang.six,王六,,990101001001,专职网格员,",
        "wang.seven,王七,,990101001001,,皇帝",
        "worker,别人,,990101001001,,",
    )  # fmt: skip
    assert (run.created, run.rejected) == (1, 7)
    sheet = admin.get(f"/work/imports/runs/{run.public_id}/rejected/").content
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.values)
    assert rows[0] == (*HEAD.split(","), "原因")
    assert len(rows) == 8
    assert all(row[-1] for row in rows[1:])
    assert not User.objects.filter(login_name__startswith="wang.").exists()


def test_rights_are_given_only_by_who_may_give_them(world, signed_in, post):
    from mulin.identity.models import Role

    Role.objects.create(
        code="keeper", name_zh="k", name_en="k", permissions=["users.manage"], home="workbench"
    )
    world.user("keeper", "keeper", world.county)
    run = bring_in(world, signed_in("keeper"), *GOOD, "plain.three,王三,,990101001001,,")
    assert (run.created, run.rejected) == (1, 2)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("人员.exe", b"MZ", "只能导入"),
        ("人员.csv", b"", "请选择"),
        ("人员.csv", "甲,乙\r\n1,2".encode(), ""),
        ("人员.xlsx", b"PK\x03\x04 not a workbook", ""),
    ],
)
def test_what_is_no_such_table_says_so_and_leaves_nothing(world, admin, name, body, says):
    answer = admin.post("/work/imports/accounts/", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 422
    assert says in answer.text
    assert not ImportRun.objects.exists()


def test_somebody_elses_import_is_not_there(world, admin, signed_in, post):
    run = bring_in(world, admin, GOOD[0])
    assert signed_in("security").get(f"/work/imports/runs/{run.public_id}/").status_code == 404


def test_the_empty_sheet_has_the_headings_that_are_understood(world, admin):
    sheet = admin.get("/work/imports/accounts/template/").content
    heading = next(openpyxl.load_workbook(io.BytesIO(sheet)).active.values)
    assert heading[:2] == ("登录名", "姓名")
