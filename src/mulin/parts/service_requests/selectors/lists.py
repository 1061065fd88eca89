"""Lists of requests. Rows are read as plain columns; the number of queries does not grow with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Subquery, Value

from mulin.base.paths import outermost, path_range, within
from mulin.base.prepared import Prepared
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers import mask_name, normalise_short_code
from mulin.parts.service_requests.models import Offer, RequestEvent, RequestType, ServiceRequest, Telling
from mulin.parts.service_requests.rules import AWAITING_COMMUNITY, FINAL, OPEN, OfferState, Status

PAGE_ROWS = 25
LAST_PAGE = 400
SATISFIED_FROM = 4


@dataclass(frozen=True)
class View:
    """A named set of rows and its order. `is_saved`: shown with its count above the queue; others open from figures."""

    code: str
    rows: Callable[[Actor, datetime], Q]
    order: tuple[str, ...]
    is_saved: bool = True


def overdue(actor: Actor, now: datetime) -> Q:
    return Q(status__in=OPEN - {Status.CONFIRMED, Status.HANDLED}, due_at__lte=now)


def to_tell(actor: Actor, now: datetime) -> Q:
    """Asked of the tellings, of which few are open, so that no other request need be read."""
    return Q(pk__in=Telling.objects.filter(told_at__isnull=True).values("request_id"))


# What the statistics count, by name, so that a figure opens exactly the rows behind it.
COUNTED: dict[str, Q] = {
    "open": Q(status__in=OPEN),
    "ended": Q(status__in=FINAL),
    "handled": Q(handled_at__isnull=False),
    "in_time": Q(handled_at__isnull=False, handled_at__lt=F("handle_due_at")),
    "answered": Q(is_solved__isnull=False),
    "solved": Q(is_solved=True),
    "rated": Q(score__isnull=False),
    "satisfied": Q(score__gte=SATISFIED_FROM),
    "closed": Q(status=Status.CLOSED, handled_at__isnull=False),
    "unanswered": Q(status=Status.CLOSED, is_solved__isnull=True, handled_at__isnull=False),
}

VIEWS: dict[str, View] = {
    view.code: view
    for view in (
        View("waiting", lambda actor, now: Q(status__in=AWAITING_COMMUNITY), ("due_at", "id")),
        View(
            "mine", lambda actor, now: Q(holder_user_id=actor.user_id or 0, status__in=OPEN), ("due_at", "id")
        ),
        View("running", lambda actor, now: Q(status__in=[Status.DISPATCHED, Status.TAKEN]), ("due_at", "id")),
        View("overdue", overdue, ("due_at", "id")),
        View("confirming", lambda actor, now: Q(status=Status.HANDLED), ("due_at", "id")),
        View("tell", to_tell, ("tell_since", "id")),
        View("all", lambda actor, now: Q(), ("-raised_at", "-id")),
        *(
            View(code, lambda actor, now, rows=rows: rows, ("-raised_at", "-id"), is_saved=False)  # type: ignore[misc]
            for code, rows in COUNTED.items()
        ),
    )
}
SAVED_VIEWS = tuple(view.code for view in VIEWS.values() if view.is_saved)
COUNTED_VIEWS = tuple(code for code in SAVED_VIEWS if code != "all")


@dataclass(frozen=True)
class QueueFilter:
    """What a worker asked to see. Empty means no condition."""

    view: str = "waiting"
    status: str = ""
    type: str = ""
    channel: str = ""
    area_path: str = ""
    words: str = ""
    raised_from: datetime | None = None
    raised_to: datetime | None = None
    page: int = 1


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue; the requester's name is masked."""

    public_id: str
    number: str
    title: str
    type: str
    type_en: str
    status: str
    area: str
    place: str
    requester: str
    holder: str
    raised_at: datetime
    due_at: datetime | None
    channel: str
    return_count: int


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and whether another follows."""

    rows: list[QueueRow]
    page: int
    has_next: bool
    filter: QueueFilter = field(default_factory=QueueFilter)


COLUMNS = (
    "public_id", "number", "title", "type__name_zh", "type__name_en", "status", "area__name", "place",
    "requester_name", "holder_label", "raised_at", "due_at", "channel", "return_count",
)  # fmt: skip


def visible(actor: Actor, permission: str = "requests.view") -> Q:
    """What the actor may see by its grants, and whatever was handed to it."""
    mine = Q(holder_user_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    return actor.filter(permission) | mine


def condition(actor: Actor, asked: QueueFilter, now: datetime) -> Q:
    """The rows that `asked` speaks of, whoever may see them."""
    rows = VIEWS.get(asked.view, VIEWS["all"]).rows(actor, now)
    if asked.status:
        rows &= Q(status=asked.status)
    if asked.type:
        rows &= Q(type_id=asked.type)
    if asked.channel:
        rows &= Q(channel=asked.channel)
    if asked.area_path:
        rows &= within([asked.area_path])
    if asked.raised_from:
        rows &= Q(raised_at__gte=asked.raised_from)
    if asked.raised_to:
        rows &= Q(raised_at__lt=asked.raised_to)
    return rows & matching(asked.words)


def matching(words: str) -> Q:
    """A number finds its request; anything else is looked for in titles and places."""
    words = words.strip()
    if not words:
        return Q()
    try:
        return Q(number=normalise_short_code(words))
    except InvalidInput:
        return Q(title__icontains=words) | Q(place__icontains=words)


def queue_page(actor: Actor, asked: QueueFilter, *, now: datetime) -> QueuePage:
    """One page of what the actor may see. One query."""
    page = min(max(asked.page, 1), LAST_PAGE)
    start = (page - 1) * PAGE_ROWS
    if asked == QueueFilter(view=asked.view):
        view = asked.view if asked.view in VIEWS else "all"
        found = FIRST_PAGES.rows(view, asked_by(actor, now))
    else:
        rows_asked = page_rows(asked.view, condition(actor, asked, now) & visible(actor))
        found = list(rows_asked[start : start + PAGE_ROWS + 1])
    rows = [queue_row(row) for row in found[:PAGE_ROWS]]
    return QueuePage(rows, page, len(found) > PAGE_ROWS, asked)


def page_rows(view: str, condition: Q) -> QuerySet[ServiceRequest, tuple[Any, ...]]:
    order = VIEWS.get(view, VIEWS["all"]).order
    return ServiceRequest.objects.filter(condition).order_by(*order).values_list(*COLUMNS)


def asked_by(actor: Actor, now: datetime) -> dict[str, Any]:
    """The values of a prepared query: who asks, when, and each of their areas as a range of paths."""
    values: dict[str, Any] = {"user_id": actor.user_id or 0, "now": now}
    for number, path in enumerate(outermost(actor.paths("requests.view"))):
        values[f"low{number}"], values[f"high{number}"] = path_range(path)
    return values


def prepared_condition(view: str, values: dict[str, Any]) -> Q:
    """As `condition` and `visible` for somebody who asks for nothing but a view."""
    shown = Q(holder_user_id=values["user_id"])
    for number in range((len(values) - 2) // 2):
        shown |= Q(area_path__gte=values[f"low{number}"], area_path__lt=values[f"high{number}"])
    return VIEWS[view].rows(Actor(user_id=values["user_id"]), values["now"]) & shown


def counts_of_views(shape: None, values: dict[str, Any]) -> QuerySet[ServiceRequest, tuple[Any, ...]]:
    everyone = Actor(user_id=values["user_id"])
    counts: dict[str, Any] = {
        code: Count("pk", filter=VIEWS[code].rows(everyone, values["now"]))
        for code in COUNTED_VIEWS
        if code != "tell"
    }
    # Who was refused must be told, too, though nothing is open any more: counted apart.
    waiting = ServiceRequest.objects.filter(prepared_condition("tell", values)).annotate(all=Value(1))
    counts["tell"] = Subquery(waiting.values("all").annotate(count=Count("pk")).values("count"))
    rows = ServiceRequest.objects.filter(prepared_condition("all", values), status__in=OPEN)
    return rows.annotate(all=Value(1)).values("all").annotate(**counts).values_list(*COUNTED_VIEWS)


FIRST_PAGES = Prepared(
    lambda view, values: page_rows(view, prepared_condition(view, values))[: PAGE_ROWS + 1],
    may_ignore=["now"],
)
COUNTS = Prepared(counts_of_views)


def queue_row(row: tuple[Any, ...]) -> QueueRow:
    """A row of COLUMNS with the requester's name masked."""
    values = dict(zip(COLUMNS, row, strict=True))
    return QueueRow(*(values | {"requester_name": mask_name(values["requester_name"])}).values())


def queue_counts(actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many rows each saved view holds for the actor ("all" is left uncounted). One query over open requests."""
    (counts,) = COUNTS.rows(None, asked_by(actor, now))
    return dict(zip(COUNTED_VIEWS, counts, strict=True))


def active_types(*, for_residents: bool = False) -> list[RequestType]:
    """Types that can be raised now, in their order."""
    return [RequestType.from_db(connection.alias, TYPE_COLUMNS, row) for row in TYPES.rows(for_residents, {})]


TYPE_COLUMNS = tuple(field.attname for field in RequestType._meta.concrete_fields)


def types_offered(for_residents: bool, values: dict[str, Any]) -> QuerySet[RequestType, tuple[Any, ...]]:
    rows = RequestType.objects.filter(is_active=True)
    rows = rows.filter(residents_may_raise=True) if for_residents else rows
    return rows.order_by("order", "code").values_list(*TYPE_COLUMNS)


TYPES = Prepared(types_offered)


def timeline(request: ServiceRequest, *, public_only: bool) -> list[RequestEvent]:
    """The lines of a request's timeline, oldest first. One query."""
    rows = RequestEvent.objects.filter(request=request)
    return list((rows.filter(is_public=True) if public_only else rows).order_by("sequence"))


def resident_requests(actor: Actor, *, limit: int = 50) -> list[ServiceRequest]:
    """What the signed-in resident raised: open ones first, newest first."""
    if actor.user_id is None:
        return []
    rows = list(
        ServiceRequest.objects.filter(requester_id=actor.user_id)
        .select_related("type", "area")
        .order_by("-raised_at")[:limit]
    )
    return sorted(rows, key=lambda row: row.status in FINAL)


def partner_offers(partner_id: int) -> list[Offer]:
    """Open offers to a partner, the most urgent first."""
    return list(
        Offer.objects.filter(partner_id=partner_id, state=OfferState.OPEN)
        .select_related("request__type", "request__area", "request__grid")
        .order_by("answer_by")
    )


def partner_work(partner_id: int, *, ended: bool = False, limit: int = 100) -> list[ServiceRequest]:
    """What a partner has taken and not finished, or, with `ended`, what came of its earlier work."""
    took = Q(offers__partner_id=partner_id, offers__state=OfferState.TAKEN)
    rows = ServiceRequest.objects.select_related("type", "area", "grid")
    if ended:
        done = rows.filter(
            took, status__in=[Status.HANDLED, Status.CONFIRMED, Status.CLOSED, Status.RETURNED]
        )
        return list(done.distinct().order_by("-handled_at")[:limit])
    held = rows.filter(holder_partner_id=partner_id, status__in=[Status.TAKEN, Status.RETURNED])
    return list(held.order_by("due_at")[:limit])
