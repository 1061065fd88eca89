"""The workbench's queue: saved views, filters, rows; and the list that stands beside a matter."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mulin.identity.access import Actor
from mulin.parts.areas.rules import AreaKind
from mulin.parts.service_requests import selectors
from mulin.parts.service_requests.forms.work import PARAMS, Asked, query_of, queue_asked
from mulin.parts.service_requests.labels import (
    channel_choices,
    channel_label,
    status_choices,
    status_label,
    type_name,
)
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.selectors.lists import SAVED_VIEWS
from mulin.parts.service_requests.selectors.work import Place, places_for
from mulin.parts.service_requests.views.work_actions import BY_CODE, DONE_ELSEWHERE
from mulin.parts.service_requests.views.work_shown import Pages, Row, pages_of, row_of
from mulin.web import addresses
from mulin.web.addresses import AddressPattern
from mulin.web.formats import number
from mulin.web.pages import page

VIEW_NAMES = {
    "waiting": gettext_lazy("待办"),
    "mine": gettext_lazy("我的"),
    "running": gettext_lazy("办理中"),
    "overdue": gettext_lazy("超时"),
    "confirming": gettext_lazy("待确认"),
    "tell": gettext_lazy("待告知"),
    "all": gettext_lazy("全部"),
    "open": gettext_lazy("没有办结的"),
    "ended": gettext_lazy("已经结束的"),
    "handled": gettext_lazy("办理过的"),
    "in_time": gettext_lazy("按时办理的"),
    "answered": gettext_lazy("居民答复过的"),
    "solved": gettext_lazy("居民说解决了的"),
    "rated": gettext_lazy("评过分的"),
    "satisfied": gettext_lazy("评 4 分以上的"),
    "closed": gettext_lazy("办理后归档的"),
    "unanswered": gettext_lazy("没有等到答复就办结的"),
}
WHY_EMPTY = {
    "waiting": gettext_lazy("没有要受理或要派单的事，都处理完了。"),
    "mine": gettext_lazy("现在没有事在您手上。"),
    "running": gettext_lazy("没有事正等人接单或正在办理。"),
    "overdue": gettext_lazy("没有超时的事，保持下去。"),
    "confirming": gettext_lazy("没有事在等居民确认。"),
    "tell": gettext_lazy("要当面或打电话告诉的人，都告诉到了。"),
}


@dataclass(frozen=True)
class Filters:
    """The filter form: `key` holds all that it depends on, so that a form drawn before is good again."""

    asked: Asked
    places: Sequence[Place]
    types: Sequence[RequestType]

    @property
    def key(self) -> Hashable:
        kinds = tuple((kind.code, kind.name_zh, kind.name_en) for kind in self.types)
        return tuple(self.asked.params.items()), tuple(self.places), kinds

    @property
    def fields(self) -> list[dict[str, Any]]:
        return fields_shown(self.asked, self.places, self.types)


@dataclass(frozen=True)
class Queue:
    """The list, its views and its filters: what `_list.html` draws."""

    views: list[dict[str, Any]]
    filters: Filters
    active: list[dict[str, str]]
    clear_url: str
    rows: list[Row]
    pages: Pages
    empty_title: str
    empty_why: str
    waiting: int
    view_name: str
    may_take_in: bool
    may_export: bool
    params: list[tuple[str, str]]
    tail: str


@dataclass(frozen=True)
class QueuePageWords:
    """Words of service_requests/work/queue.html."""

    queue: Queue
    notices: list[dict[str, str]]


def counts_of(request: HttpRequest) -> dict[str, int]:
    """The saved views' counts, asked of the database once a page: the rail shows them, too."""
    counts: dict[str, int] | None = getattr(request, "queue_counts", None)
    if counts is None:
        counts = selectors.queue_counts(request.actor, now=request.clock.now())  # type: ignore[attr-defined]
        request.queue_counts = counts  # type: ignore[attr-defined]
    return counts


def queue_of(request: HttpRequest) -> Queue:
    """At most six queries."""
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    places = places_for(actor, "requests.view")
    types = selectors.active_types()
    asked = queue_asked(request.GET, places)
    found = selectors.queue_page(actor, asked.filter, now=now)
    counts = counts_of(request)
    view = asked.filter.view
    active = active_filters(asked, places, types)
    tail, url_of = asked.query(), AddressPattern("service_requests:work_one")
    to_tell = selectors.texts_to_tell([row.public_id for row in found.rows]) if view == "tell" else {}
    return Queue(
        views=views_shown(asked, counts),
        filters=Filters(asked, places, types),
        active=active,
        clear_url=address({"view": view}),
        rows=[
            row_of(row, url_of(row.public_id) + tail, now, to_tell.get(row.public_id)) for row in found.rows
        ],
        pages=pages_of(found, asked),
        empty_title=_("没有符合条件的事") if active else _("这里现在没有事"),
        empty_why=_("换一个条件，或者取消全部筛选再看。") if active else str(WHY_EMPTY.get(view, "")),
        waiting=counts["waiting"],
        view_name=str(VIEW_NAMES[view]),
        may_take_in=actor.may("requests.take_in"),
        may_export=actor.may("requests.export"),
        params=list(asked.params.items()),
        tail=tail,
    )


def address(params: dict[str, str]) -> str:
    """The queue with these filters."""
    return addresses.address("service_requests:work_queue") + query_of(params)


def views_shown(asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in asked.params.items() if name not in {"view", "status"}}
    codes = SAVED_VIEWS if asked.filter.view in SAVED_VIEWS else (*SAVED_VIEWS, asked.filter.view)
    return [
        {
            "label": VIEW_NAMES[code],
            "url": address(kept | {"view": code}),
            "count": number(counts[code]) if code in counts else None,
            "current": code == asked.filter.view,
            "tone": "accent" if code == "overdue" and counts[code] else "",
        }
        for code in codes
    ]


def fields_shown(asked: Asked, places: Sequence[Place], types: Sequence[RequestType]) -> list[dict[str, Any]]:
    value = asked.params.get
    anything = ("", _("不限"))
    fields: list[dict[str, Any]] = [
        {"name": "words", "kind": "search", "label": _("编号或几个字"), "value": value("words", "")},
        {"name": "status", "kind": "select", "label": _("状态"), "value": value("status", ""),
         "options": [anything, *status_choices()]},
        {"name": "type", "kind": "select", "label": _("类别"), "value": value("type", ""),
         "options": [anything, *((kind.code, type_name(kind)) for kind in types)]},
        {"name": "channel", "kind": "select", "more": True, "label": _("来源"), "value": value("channel", ""),
         "options": [anything, *channel_choices()]},
        {"name": "area", "kind": "select", "label": _("区域"), "value": value("area", ""),
         "options": [anything, *((place.public_id, indented(place)) for place in places)]},
        {"name": "from", "kind": "date", "more": True, "label": _("从哪天"), "value": value("from", "")},
        {"name": "to", "kind": "date", "more": True, "label": _("到哪天"), "value": value("to", "")},
    ]  # fmt: skip
    return fields if len(places) > 1 else [field for field in fields if field["name"] != "area"]


def indented(place: Place) -> str:
    """Smaller places stand further in, as in a tree."""
    depth = {AreaKind.COMMUNITY: 1, AreaKind.GRID: 2}.get(AreaKind(place.kind), 0)
    return "　" * depth + place.name


def active_filters(
    asked: Asked, places: Sequence[Place], types: Sequence[RequestType]
) -> list[dict[str, str]]:
    names = {place.public_id: place.name for place in places} | {kind.code: type_name(kind) for kind in types}
    worded: dict[str, Callable[[str], str]] = {
        "words": lambda value: _("“%(words)s”") % {"words": value},
        "status": lambda value: status_label(value).label,
        "type": lambda value: names.get(value, value),
        "channel": channel_label,
        "area": lambda value: names[value],
        "from": lambda value: _("%(day)s 起") % {"day": value},
        "to": lambda value: _("到 %(day)s") % {"day": value},
    }
    return [
        {
            "label": str(worded[name](value)),
            "remove_url": address({other: kept for other, kept in asked.params.items() if other != name}),
        }
        for name, value in asked.params.items()
        if name in worded
    ]


def notices_of(request: HttpRequest) -> list[dict[str, str]]:
    """What was just done, told on the page that follows it."""
    code, about = request.GET.get("done", ""), request.GET.get("of", "")[:12]
    action = BY_CODE.get(code)
    done = action.done if action else DONE_ELSEWHERE.get(code)
    if not done:
        return []
    text = (
        _("%(number)s：%(done)s。") % {"number": about, "done": done}
        if about
        else _("%(done)s。") % {"done": done}
    )
    return [{"message": text, "level_tag": "ok"}]


def next_url(request: HttpRequest, actor: Actor, done_public_id: str, done: dict[str, str]) -> str:
    """Where to after a step: on this request while it stays in the list, else to what is now first, else to the list."""
    now = request.clock.now()  # type: ignore[attr-defined]
    asked = queue_asked(request.GET, places_for(actor, "requests.view"))
    rows = selectors.queue_page(actor, asked.filter, now=now).rows
    ids = [row.public_id for row in rows]
    tail = asked.query(**done)
    if done_public_id in ids or not ids:
        to_list = not ids
        return (reverse("service_requests:work_queue") if to_list else one_url(done_public_id)) + tail
    return one_url(ids[0]) + tail


def tail_of(request: HttpRequest, **more: str) -> str:
    """The filters in the address, to be carried along; what was just done is told once."""
    return query_of({name: request.GET[name] for name in PARAMS if request.GET.get(name)} | more)


def one_url(public_id: str) -> str:
    return reverse("service_requests:work_one", args=[public_id])


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    words = QueuePageWords(queue=queue_of(request), notices=notices_of(request))
    return page(
        request, "service_requests/work/queue.html", words, fragment="service_requests/work/_queue.html"
    )
