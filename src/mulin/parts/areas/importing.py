"""Tables that this part takes in: the tree, grids with their workers, people in posts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from mulin.base.imports import Applied, Column, ImportContext, ImportKind, Row
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import InvalidInput, MulinError, Text
from mulin.kernel.identifiers import normalise_phone
from mulin.parts.areas import services
from mulin.parts.areas.rules import checked_code, checked_name, kind_in_words
from mulin.parts.areas.services import GridRow, PostRow, Rejected, TreeRow

MANAGE_AREAS, MANAGE_POSTS = "areas.manage", "posts.manage"


def common(context: ImportContext, permission: str) -> dict[str, Any]:
    """What every service of this part is told: from which day, by whom, where."""
    actor: Actor = context.actor
    today = context.now.astimezone(COUNTY_TIME_ZONE).date()
    return {
        "valid_from": today,
        "actor": actor,
        "now": context.now,
        "within_paths": actor.paths(permission),
    }


def problems(rows: Sequence[Row], *checks: Callable[[dict[str, str]], object]) -> list[Text | None]:
    """The first thing wrong with each row, as its checks say it."""
    return [first_problem(row.values, checks) for row in rows]


def first_problem(
    values: dict[str, str], checks: Sequence[Callable[[dict[str, str]], object]]
) -> Text | None:
    try:
        for check in checks:
            check(values)
    except MulinError as error:
        return error.text
    return None


def reasons(rejected: Sequence[Rejected]) -> dict[int, Text]:
    return {one.line: one.reason for one in rejected}


def tree_check(rows: Sequence[Row], context: ImportContext) -> list[Text | None]:
    return problems(
        rows,
        lambda values: checked_code(values["code"]),
        lambda values: checked_name(values["name"]),
        lambda values: values["level"].strip() and kind_in_words(values["level"]),
    )


def tree_apply(rows: Sequence[Row], context: ImportContext) -> Applied:
    report = services.tree_import(
        rows=[
            TreeRow(
                row.values["code"], row.values["name"], row.values["parent"], row.values["level"], row.number
            )
            for row in rows
        ],
        **common(context, MANAGE_AREAS),
    )
    return Applied(report.created, report.unchanged + report.renamed, reasons(report.rejected))


def grids_check(rows: Sequence[Row], context: ImportContext) -> list[Text | None]:
    return problems(
        rows,
        lambda values: checked_code(values["code"]),
        lambda values: checked_name(values["name"]),
        lambda values: count_of(values["household_count"]),
        check_phone,
    )


def grids_apply(rows: Sequence[Row], context: ImportContext) -> Applied:
    report = services.grids_import(
        rows=[
            GridRow(
                code=row.values["code"],
                name=row.values["name"],
                community_code=row.values["community"],
                household_count=count_of(row.values["household_count"]),
                telephone=row.values["telephone"],
                supervision_telephone=row.values["supervision_telephone"],
                worker_name=row.values["worker"],
                worker_phone=row.values["phone"],
                line=row.number,
            )
            for row in rows
        ],
        **common(context, MANAGE_AREAS),
    )
    return Applied(report.created, report.unchanged, reasons(report.rejected))


def posts_check(rows: Sequence[Row], context: ImportContext) -> list[Text | None]:
    return problems(
        rows, lambda values: checked_code(values["area"]), check_phone, lambda values: day_of(values["from"])
    )


def posts_apply(rows: Sequence[Row], context: ImportContext) -> Applied:
    report = services.posts_import(
        rows=[
            PostRow(
                area_code=row.values["area"],
                post=row.values["post"],
                holder_name=row.values["name"],
                phone=row.values["phone"],
                login_name=row.values["login_name"],
                valid_from=day_of(row.values["from"]),
                line=row.number,
            )
            for row in rows
        ],
        **common(context, MANAGE_POSTS),
    )
    return Applied(report.created, report.unchanged, reasons(report.rejected))


def check_phone(values: dict[str, str]) -> None:
    if values["phone"].strip():
        normalise_phone(values["phone"])


def count_of(text: str) -> int | None:
    """A count of households; a spreadsheet may have made a decimal of it."""
    number = text.strip().removesuffix(".0")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        raise InvalidInput(
            zh="户数请填整数，例如 320。",
            en="Please give the number of households as a whole number, such as 320.",
            code="count-invalid",
        )
    return int(number)


def day_of(text: str) -> date | None:
    """A day such as 2026-03-05, 2026/3/5 or 2026年3月5日."""
    words = (
        text.strip()
        .split(" ")[0]
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    if not words:
        return None
    try:
        year, month, day = (int(part) for part in words.split("-"))
        return date(year, month, day)
    except ValueError:
        raise InvalidInput(
            zh="日期请写成 2026-03-05 这样。",
            en="Please write the date as in 2026-03-05.",
            code="date-invalid",
        ) from None


TREE = ImportKind(
    code="areas.tree",
    title=Text(zh="区域", en="Areas"),
    columns=(
        Column("code", "编码", "Code", ("区划代码", "统计用区划代码", "区域编码"), required=True),
        Column("name", "名称", "Name", ("区域名称", "单位名称"), required=True),
        Column(
            "parent", "上级编码", "Parent", ("上级", "父级编码", "parent_code", "pcode"),
            help=Text(zh="官方编码可以不填，从编码里看出来。", en="May be empty for official codes, which contain it."),
        ),
        Column(
            "level", "级别", "Level", ("类型", "层级", "kind"),
            help=Text(zh="省、市、县、街道、社区、小区、网格、楼栋、单元", en="province, city, county, subdistrict, community, …"),
        ),
    ),
    permission=MANAGE_AREAS,
    check_rows=tree_check,
    apply_rows=tree_apply,
    chunk_rows=5000,
)  # fmt: skip

GRIDS = ImportKind(
    code="areas.grids",
    title=Text(zh="网格和专职网格员", en="Grids and their full-time workers"),
    columns=(
        Column("code", "网格编码", "Grid code", ("网格编号", "编码", "code"), required=True),
        Column("name", "网格名称", "Grid name", ("名称", "网格"), required=True),
        Column("community", "社区编码", "Community code", ("所属社区编码", "上级编码", "parent")),
        Column("household_count", "户数", "Households", ("住户数",)),
        Column("telephone", "公开电话", "Public telephone", ("服务电话",)),
        Column("supervision_telephone", "监督电话", "Supervision telephone"),
        Column("worker", "专职网格员", "Full-time grid worker", ("网格员", "网格员姓名", "姓名")),
        Column("phone", "手机号", "Phone", ("网格员电话", "联系电话", "手机")),
    ),
    permission=MANAGE_AREAS,
    check_rows=grids_check,
    apply_rows=grids_apply,
)

POSTS = ImportKind(
    code="areas.posts",
    title=Text(zh="岗位任职", en="People in posts"),
    columns=(
        Column("area", "区域编码", "Area code", ("编码", "网格编码", "社区编码"), required=True),
        Column("post", "岗位", "Post", ("职务",), required=True),
        Column("name", "姓名", "Name", required=True),
        Column("phone", "手机号", "Phone", ("联系电话", "手机", "电话")),
        Column("login_name", "登录名", "Login name", ("账号", "用户名")),
        Column("from", "任职日期", "From", ("开始日期", "到岗日期")),
    ),
    permission=MANAGE_POSTS,
    check_rows=posts_check,
    apply_rows=posts_apply,
)

KINDS: tuple[ImportKind, ...] = (TREE, GRIDS, POSTS)
