"""The lists of requests on the workbench's first page, each for whoever can do something about it.

A community's people see what presses and what residents have yet to confirm; who looks after several communities sees
where it is late and what residents sent back; who works in a grid sees their own matters and those around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mulin.identity.access import Actor
from mulin.parts.service_requests.labels import clock_label, status_label
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.selectors import first_page
from mulin.parts.service_requests.selectors.lists import QueueRow
from mulin.parts.service_requests.views.work_lists import address, counts_of
from mulin.web.contributions import HomeList, ListProvider, ListRow
from mulin.web.formats import is_english, number, span

ROWS = 5
COMMUNITIES = 8


def urgent(request: HttpRequest) -> HomeList | None:
    actor, now = asked_by(request)
    if not actor.may("requests.dispatch"):
        return None
    return HomeList(
        code="requests.urgent",
        title=_("最急的事"),
        rows=rows_of(first_page.most_urgent(actor, ROWS), now),
        empty_text=_("没有等您受理、派单或办理的事，都处理完了。"),
        more_url=address({"view": "waiting"}),
        more_text=_("全部待办 %(count)s 件") % {"count": number(counts_of(request)["waiting"])},
    )


def mine(request: HttpRequest) -> HomeList | None:
    actor, now = asked_by(request)
    if actor.may("requests.dispatch") or not actor.may("requests.handle"):
        return None
    return HomeList(
        code="requests.mine",
        title=_("我手上最急的"),
        rows=rows_of(first_page.in_own_hands(actor, ROWS), now, is_mine=True),
        empty_text=_("现在没有事在您手上。社区派给您的事会出现在这里。"),
        more_url=address({"view": "mine"}),
        more_text=_("我手上的 %(count)s 件") % {"count": number(counts_of(request)["mine"])},
    )


def nearby(request: HttpRequest) -> HomeList | None:
    """For grid workers and heads of buildings: what others are doing on their patch."""
    actor, now = asked_by(request)
    if not actor.may("requests.view") or actor.may_any(["requests.dispatch", "requests.statistics"]):
        return None
    return HomeList(
        code="requests.nearby",
        title=_("我这一片正在办的"),
        rows=rows_of(first_page.around(actor, ROWS), now),
        empty_text=_("您这一片现在没有别人在办的事。"),
        more_url=address({"view": "open"}),
        more_text=_("这一片没办结的事"),
    )


def confirming(request: HttpRequest) -> HomeList | None:
    actor, now = asked_by(request)
    if not actor.may("requests.close") or is_wide(request):
        return None
    return HomeList(
        code="requests.confirming",
        title=_("等居民确认"),
        rows=rows_of(first_page.awaiting_residents(actor, ROWS), now),
        empty_text=_("没有办好了还等居民答复的事。"),
        hint=_("不方便用手机的居民，可以打个电话问一声。"),
        more_url=address({"view": "confirming"}),
        more_text=_("全部 %(count)s 件") % {"count": number(counts_of(request)["confirming"])},
    )


def deciding(request: HttpRequest) -> HomeList | None:
    actor, now = asked_by(request)
    if not actor.may("requests.close") or not is_wide(request):
        return None
    return HomeList(
        code="requests.deciding",
        title=_("等您拍板"),
        rows=rows_of(first_page.sent_back(actor, ROWS), now),
        empty_text=_("没有居民说“没解决”的事。"),
        hint=_("居民说没解决，要决定接着办还是怎么答复。"),
        more_url=address({"view": "waiting", "status": "returned"}),
        more_text=_("全部退回的"),
    )


def late(request: HttpRequest) -> HomeList | None:
    """Where it is late, for who looks after several communities."""
    actor, now = asked_by(request)
    if not actor.may("requests.statistics") or not is_wide(request):
        return None
    return HomeList(
        code="requests.late",
        title=_("哪里超时了"),
        columns=[_("社区"), _("超时"), _("最久的一件")],
        rows=[
            ListRow(
                title=found.name,
                url=address({"view": "overdue", "area": found.public_id}),
                cells=[
                    _("%(count)s 件") % {"count": number(found.count)},
                    _("超了 %(span)s") % {"span": span(now - found.late_since)},
                ],
            )
            for found in first_page.late_communities(actor, COMMUNITIES, now=now)
        ],
        empty_text=_("没有超时的事，每个社区都在时限之内。"),
        more_url=address({"view": "overdue"}),
        more_text=_("全部超时 %(count)s 件") % {"count": number(counts_of(request)["overdue"])},
    )


PROVIDERS = (
    ListProvider("requests.mine", mine, order=10),
    ListProvider("requests.late", late, order=15),
    ListProvider("requests.urgent", urgent, order=20),
    ListProvider("requests.deciding", deciding, order=30),
    ListProvider("requests.confirming", confirming, order=40),
    ListProvider("requests.nearby", nearby, order=50),
)


def asked_by(request: HttpRequest) -> tuple[Actor, datetime]:
    return request.actor, request.clock.now()  # type: ignore[attr-defined]


def is_wide(request: HttpRequest) -> bool:
    """Asked of the database once a page."""
    known: bool | None = getattr(request, "looks_after_several", None)
    if known is None:
        known = first_page.is_wide(request.actor)  # type: ignore[attr-defined]
        request.looks_after_several = known  # type: ignore[attr-defined]
    return known


def rows_of(found: Sequence[QueueRow], now: datetime, *, is_mine: bool = False) -> list[ListRow]:
    return [row_of(row, now, is_mine=is_mine) for row in found]


def row_of(row: QueueRow, now: datetime, *, is_mine: bool) -> ListRow:
    kind = row.type_en if is_english() else row.type
    place = row.place if row.area == row.holder else " ".join(part for part in (row.area, row.place) if part)
    return ListRow(
        title=row.title,
        url=reverse("service_requests:work_one", args=[row.public_id]),
        meta=[words for words in ("" if is_mine else holder_text(row), kind, place) if words],
        status=status_label(row.status),
        clock=clock_label(row.status, row.due_at, now),
    )


def holder_text(row: QueueRow) -> str:
    """Who has it; of what waits for the resident's word, who did it."""
    words = _("%(holder)s 办的") if row.status == Status.HANDLED else _("%(holder)s 手上")
    return words % {"holder": row.holder} if row.holder else ""
