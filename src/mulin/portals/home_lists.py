"""The lists of the first page that belong to no part: what troubles the house, and whose rights need a look."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mulin.identity.access import Actor
from mulin.portals.names import PERIODIC
from mulin.portals.places import area_names
from mulin.portals.selectors import Troubles, accounts_without_grant, grants_ending, troubles_at
from mulin.web.contributions import HomeList, ListProvider, ListRow
from mulin.web.formats import day, is_english, number, when

ROWS = 5
ENDING_SOON = timedelta(days=14)


def troubles(request: HttpRequest) -> HomeList | None:
    """For who watches operations: processes that fell silent, tasks not done, messages not delivered."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may("operations.view"):
        return None
    rows = trouble_rows(troubles_at(request.clock.now(), ROWS), request)  # type: ignore[attr-defined]
    return HomeList(
        code="operations.troubles",
        title=_("要处理的故障"),
        rows=rows,
        empty_text=_("都正常：后台程序在工作，定时任务按时，通知都发出去了。"),
        more_url=reverse("portals:operations"),
        more_text=_("运行状况"),
    )


def trouble_rows(found: Troubles, request: HttpRequest) -> list[ListRow]:
    now = request.clock.now()  # type: ignore[attr-defined]
    address = reverse("portals:operations")
    rows = []
    if not found.is_worker_alive:
        rows.append(
            ListRow(
                title=_("后台程序没有动静"),
                url=address,
                meta=[_("通知发不出去，定时任务停着。请在服务器上运行 mulin worker。")],
                status=mark(_("没有动静"), "danger"),
            )
        )
    for task in found.periodic:
        last = when(task.last_finished_at, now) if task.last_finished_at else _("还没跑过")
        rows.append(
            ListRow(
                title=str(PERIODIC.get(task.name, task.name)),
                url=f"{address}#periodic",
                meta=[_("上次：%(time)s") % {"time": last}, *([task.last_error] if task.last_error else [])],
                status=mark(_("出错"), "danger") if task.last_error else mark(_("到点没跑"), "warn"),
            )
        )
    rows += [
        ListRow(
            title=job.title,
            url=reverse("portals:job", args=[job.public_id]),
            meta=[when(job.finished_at or job.created_at, now)],
            status=mark(_("没有做完"), "danger"),
        )
        for job in found.failed_jobs
    ]
    if found.dead_messages:
        count = {"count": number(found.dead_messages)}
        rows.append(
            ListRow(
                title=_("%(count)s 条通知没发出去") % count,
                url=f"{address}#outbox",
                meta=[_("可以看原因并重发。")],
                status=mark(_("没发出去"), "danger"),
            )
        )
    return rows


def mark(label: str, tone: str) -> dict[str, str]:
    """A state as the status chip draws it."""
    return {"label": label, "tone": tone}


def ungranted(request: HttpRequest) -> HomeList | None:
    """For who gives grants: accounts that can sign in and do nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may("grants.manage"):
        return None
    found = accounts_without_grant(actor, request.clock.today(), ROWS)  # type: ignore[attr-defined]
    return HomeList(
        code="users.ungranted",
        title=_("还没有授权的账号"),
        rows=[
            ListRow(
                title=user.display_name,
                url=reverse("portals:user", args=[user.public_id]),
                meta=[user.login_name, _("%(day)s 开通") % {"day": day(user.created_at)}],
            )
            for user in found.rows
        ],
        empty_text=_("每个在用的账号都有授权。"),
        hint=_("共 %(count)s 个：能登录，但还没有人说他们负责哪里。") % {"count": number(found.total)},
        more_url=reverse("portals:users"),
        more_text=_("去看账号"),
    )


def ending(request: HttpRequest) -> HomeList | None:
    """For who gives grants: those that run out within two weeks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may("grants.manage"):
        return None
    today = request.clock.today()  # type: ignore[attr-defined]
    found = grants_ending(actor, today, today + ENDING_SOON, ROWS)
    names = area_names(grant.area_path for grant in found)
    language = "en" if is_english() else "zh-hans"
    return HomeList(
        code="grants.ending",
        title=_("14 天内到期的授权"),
        rows=[
            ListRow(
                title=grant.user.display_name,
                url=reverse("portals:user", args=[grant.user.public_id]),
                meta=[
                    grant.role.name_in(language),
                    names[grant.area_path],
                    _("%(day)s 到期") % {"day": day(grant.valid_to)},
                ],
            )
            for grant in found
        ],
        empty_text=_("近两周没有授权到期。"),
    )


PROVIDERS = (
    ListProvider("operations.troubles", troubles, order=60),
    ListProvider("users.ungranted", ungranted, order=70),
    ListProvider("grants.ending", ending, order=75),
)
