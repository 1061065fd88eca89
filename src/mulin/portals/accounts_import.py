"""Accounts, their posts and their first rights from a table.

One row is one person in one place; the same login name in several rows holds several posts. Nobody gets a password
here: those are given out afterwards on a sheet. The same table again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from mulin.base.import_kinds import Applied, Column, ImportContext, ImportKind, Row
from mulin.identity.access import Actor
from mulin.identity.models import Role, User
from mulin.identity.rules import normalise_login_name
from mulin.identity.selectors import grants_of, roles, user_by_login_name
from mulin.identity.services import grant_give, name_of_person, user_create
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import Conflict, MulinError, Text
from mulin.kernel.identifiers import normalise_phone
from mulin.parts.areas.selectors import area_by_code, post_kinds_for, posts_of
from mulin.parts.areas.services import post_appoint

if TYPE_CHECKING:
    from mulin.parts.areas.models import Area, PostKind

COLUMNS = (
    Column("login_name", "登录名", "Login name", ("账号", "用户名", "帐号"), required=True),
    Column("display_name", "姓名", "Name", ("名字",), required=True),
    Column("phone", "手机号", "Phone", ("手机", "电话", "联系电话")),
    Column(
        "area_code", "区域编码", "Area code", ("社区编码", "网格编码", "区划代码"), required=True,
        help=Text(zh="12 位社区编码或 15 位网格编码", en="12 digits for a community, 15 for a grid"),
    ),
    Column(
        "post", "岗位", "Post", ("职务",),
        help=Text(zh="写岗位名称，例如“专职网格员”；任职同时得到岗位的权限", en="The post's name; its rights come with it"),
    ),
    Column(
        "role", "角色", "Role", (),
        help=Text(zh="不任岗位时才填；需要授权的权限", en="Only without a post; needs the right to give grants"),
    ),
)  # fmt: skip


def day_of(context: ImportContext) -> date:
    return context.now.astimezone(COUNTY_TIME_ZONE).date()


def check_rows(rows: Sequence[Row], context: ImportContext) -> list[Text | None]:
    """What is wrong with each row; places and roles are looked up once each."""
    known_roles = role_by_word()
    places = {code: area_by_code(code) for code in {row.values["area_code"].strip() for row in rows} if code}
    found: list[Text | None] = []
    for row in rows:
        try:
            check_row(row.values, context.actor, known_roles, places)
        except MulinError as error:
            found.append(error.text)
        else:
            found.append(None)
    return found


def check_row(
    values: dict[str, str], actor: Actor, known_roles: dict[str, Role], places: dict[str, Area | None]
) -> None:
    normalise_login_name(values["login_name"])
    name_of_person(values["display_name"])
    if values["phone"].strip():
        normalise_phone(values["phone"])
    area = places.get(values["area_code"].strip())
    if area is None:
        raise Conflict(
            zh="没有这个区域编码，请对照区域表核对；编码列要设为“文本”。",
            en="There is no area with this code; check it, and format the column as text.",
        )
    path = area.path
    if not actor.may("users.manage", path):
        raise Conflict(zh="这个区域不归您管理，不能在这里建账号。", en="This area is not yours to manage.")
    post, role = values["post"].strip(), values["role"].strip()
    if post and post_named(post, area) is None:
        raise Conflict(
            zh=f"这一级区域没有“{post}”这个岗位，请写岗位的全名。",
            en=f"Areas of this level have no post “{post}”; write its full name.",
        )
    if post and not actor.may("posts.manage", path):
        raise Conflict(
            zh="您没有任免岗位的权限，请去掉岗位一栏。",
            en="You may not appoint; leave the post column empty.",
        )
    if role and role.lower() not in known_roles:
        raise Conflict(zh=f"没有“{role}”这个角色。", en=f"There is no role “{role}”.")
    if role and not actor.may("grants.manage", path):
        raise Conflict(
            zh="您没有授权的权限：请去掉角色一栏，导入后由安全管理员授权。",
            en="You may not give grants: leave the role empty and let the security administrator give it.",
        )


def apply_rows(rows: Sequence[Row], context: ImportContext) -> Applied:
    """One row creates an account, or only what it lacks; a row that adds nothing is unchanged."""
    known_roles = role_by_word()
    created = sum(apply_row(row.values, context, known_roles) for row in rows)
    return Applied(created=created, unchanged=len(rows) - created)


def apply_row(values: dict[str, str], context: ImportContext, known_roles: dict[str, Role]) -> bool:
    """Whether anything was stored."""
    area = area_by_code(values["area_code"])
    assert area is not None, "check_rows has seen the area"
    user, is_new = account(values, area.path, context)
    has_post = appoint(user, values["post"].strip(), area, context) if values["post"].strip() else False
    role = known_roles.get(values["role"].strip().lower())
    has_role = grant(user, role, area.path, context) if role else False
    return is_new or has_post or has_role


def account(values: dict[str, str], path: str, context: ImportContext) -> tuple[User, bool]:
    """The account of that login name, made if it is not there. Raises Conflict when it is somebody else's."""
    user = user_by_login_name(values["login_name"])
    if user is not None:
        if user.display_name != name_of_person(values["display_name"]) or not user.is_active:
            raise Conflict(
                zh="这个登录名已经属于别人，或账号已停用，请换一个登录名。",
                en="This login name belongs to somebody else or to a closed account; choose another.",
            )
        return user, False
    user = user_create(
        login_name=values["login_name"],
        display_name=values["display_name"],
        phone=values["phone"],
        area_path=path,
        actor=context.actor,
        now=context.now,
    )
    return user, True


def appoint(user: User, post: str, area: Area, context: ImportContext) -> bool:
    """Whether the post is new to the person."""
    kind = post_named(post, area)
    assert kind is not None, "check_rows has seen the post"
    seats = posts_of(area, day_of(context))
    if any(holding.holder_id == user.pk for seat in seats if seat.kind == kind for holding in seat.holdings):
        return False
    post_appoint(
        kind=kind,
        area=area,
        holder=user,
        valid_from=day_of(context),
        reason=context.source_name,
        actor=context.actor,
        now=context.now,
    )
    return True


def grant(user: User, role: Role, path: str, context: ImportContext) -> bool:
    """Whether the right is new to the person."""
    held = [one for one in grants_of(user) if one.ended_at is None and one.valid_to is None]
    if any(one.role_id == role.code and one.area_path == path for one in held):
        return False
    grant_give(
        user=user,
        role_code=role.code,
        area_path=path,
        valid_from=day_of(context),
        reason=context.source_name,
        actor=context.actor,
        now=context.now,
    )
    return True


def post_named(text: str, area: Area) -> PostKind | None:
    """The kind of post by its code or either name, among those that areas of this level have."""
    kinds = post_kinds_for(area)
    wanted = text.lower()
    return next(
        (kind for kind in kinds if wanted in {kind.code, kind.name_zh.lower(), kind.name_en.lower()}), None
    )


def role_by_word() -> dict[str, Role]:
    """Roles by code and by both names, in lower case."""
    return {word.lower(): role for role in roles() for word in (role.code, role.name_zh, role.name_en)}


accounts_kind = ImportKind(
    code="accounts",
    title=Text(zh="账号和岗位", en="Accounts and posts"),
    columns=COLUMNS,
    permission="users.manage",
    check_rows=check_rows,
    apply_rows=apply_rows,
    chunk_rows=100,
)
