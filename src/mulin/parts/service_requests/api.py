"""The API of requests: the same services and doorways as the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja import Status as Answer
from pydantic import AwareDatetime, TypeAdapter

from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.kernel.identifiers import mask_name
from mulin.parts.areas.selectors import area_by_code, community_and_grid
from mulin.parts.partners.selectors import partner_ids
from mulin.parts.service_requests import schemas, selectors, services
from mulin.parts.service_requests.models import RequestType, ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.selectors import QueueFilter, QueueRow, StatisticsFilter
from mulin.parts.service_requests.selectors.lists import SAVED_VIEWS
from mulin.parts.service_requests.services.telling import public_link
from mulin.web.api import (
    CHANGING,
    LAST_PAGE,
    READING,
    ChangeIn,
    CodeWanted,
    OperationKey,
    PageNumber,
    PublicId,
    SearchWords,
    actor_of,
    moment,
    once,
)

STATISTICS_DAYS = 30
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
ViewName = StrEnum("ViewName", [(code.upper(), code) for code in SAVED_VIEWS])  # type: ignore[misc]
router = Router(tags=["requests"])


@dataclass(frozen=True)
class Page:
    """One page as it is sent: the rows as the selector gave them."""

    items: list[QueueRow]
    page: int
    has_next: bool


PAGE = TypeAdapter(Page)


@router.get(
    "/request-types",
    response={200: list[schemas.RequestTypeOut], **READING},
    operation_id="request_types_list",
)
def request_types(request: HttpRequest) -> list[RequestType]:
    """Kinds of requests that can be raised."""
    return selectors.active_types()


@router.get("/requests", response={200: schemas.RequestPageOut, **READING}, operation_id="requests_list")
def requests_list(
    request: HttpRequest,
    view: ViewName = ViewName("all"),  # noqa: B008 (an enumeration's member never changes)
    status: Status | None = None,
    type: CodeWanted = "",
    area: CodeWanted = "",
    words: SearchWords = "",
    raised_from: AwareDatetime | None = None,
    raised_to: AwareDatetime | None = None,
    page: PageNumber = 1,
) -> HttpResponse:
    """25 requests that the caller may see, newest first unless a view orders them by deadline.

    `area` is a code; what lies below it is meant, too. To fetch everything, walk through time by `raised_from` (included)
    and `raised_to` (not included): pages end at 400.
    """
    asked = QueueFilter(
        view=view.value,
        status=status.value if status else "",
        type=type,
        words=words,
        area_path=path_of(area),
        raised_from=in_range(raised_from, "raised_from"),
        raised_to=in_range(raised_to, "raised_to"),
        page=page,
    )
    found = selectors.queue_page(actor_of(request), asked, now=moment(request))
    body = PAGE.dump_json(Page(found.rows, found.page, found.has_next and page < LAST_PAGE))
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def path_of(code: str) -> str:
    """The path of the area of a code, nothing for none. Raises InvalidInput."""
    if not code:
        return ""
    area = area_by_code(code)
    if area is None:
        raise InvalidInput(
            zh="没有这个编号的地方。", en="No place has this code.", field="area", code="area-unknown"
        )
    return area.path


def in_range(at: datetime | None, field: str) -> datetime | None:
    if at is not None and not FIRST_DAY <= at.date() <= LAST_DAY:
        raise InvalidInput(
            zh="时间应在 2000 年到 2100 年之间。",
            en="Times lie between the years 2000 and 2100.",
            field=field,
            code="time-range",
        )
    return at


@router.post("/requests", response={201: schemas.RaisedOut, **CHANGING}, operation_id="requests_raise")
def requests_raise(
    request: HttpRequest, body: schemas.RequestIn, idempotency_key: OperationKey = None
) -> Answer:
    """Take in a request on somebody's behalf, in an area where you may."""
    actor, now = actor_of(request), moment(request)

    def action() -> dict[str, Any]:
        raised = services.request_raise(data=request_input(actor, body), actor=actor, now=now).request
        return {
            "public_id": raised.public_id,
            "number": raised.number,
            "due_at": raised.due_at.isoformat() if raised.due_at else None,
        }

    told = once(request, body, idempotency_key, action)
    # The link is made anew each time: kept with the operation, a copy of the database would open the request.
    return Answer(201, told | {"link": public_link(str(told["public_id"]))})


def request_input(actor: Actor, body: schemas.RequestIn) -> services.RequestInput:
    """Raises InvalidInput for an unknown type, and for an area that is unknown or not the actor's: one answer for both."""
    kind = RequestType.objects.filter(code=body.type, is_active=True).first()
    if kind is None:
        raise InvalidInput(
            zh="没有这个类别。", en="There is no such type.", field="type", code="type-unknown"
        )
    area, grid = place_for(actor, body.area_code)
    return services.RequestInput(
        type=kind,
        area=area,
        grid=grid,
        text=body.text,
        title=body.title,
        place=body.place,
        longitude=body.longitude,
        latitude=body.latitude,
        requester_name=body.requester_name,
        phone=body.phone,
        channel=body.channel,
    )


def place_for(actor: Actor, code: str) -> tuple[Any, Any]:
    """The community of a code, and its grid if it is one. Raises InvalidInput."""
    try:
        area, grid = community_and_grid(area_by_code(code))
        if actor.may("requests.take_in", (grid or area).path):
            return area, grid
    except NotFound:
        pass
    raise InvalidInput(
        zh="没有这个编号的社区或网格，或者您不能在那里登记事项。",
        en="No community or grid has this code, or you may not take in requests there.",
        field="area_code",
        code="area-unknown",
    )


@router.get(
    "/requests/{public_id}", response={200: schemas.RequestOut, **READING}, operation_id="requests_get"
)
def requests_get(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """One request with its timeline."""
    return whole(selectors.request_for(actor_of(request), public_id))


def whole(found: ServiceRequest) -> dict[str, Any]:
    return {
        "public_id": found.public_id,
        "number": found.number,
        "version": found.version,
        "type": found.type_id,
        "title": found.title,
        "text": found.text,
        "status": found.status,
        "outcome": found.outcome,
        "area_code": found.area.code,
        "area": found.area.name,
        "place": found.place,
        "longitude": found.longitude,
        "latitude": found.latitude,
        "channel": found.channel,
        "requester": mask_name(found.requester_name) if found.requester_name else "",
        "phone": f"*******{found.phone_tail}" if found.phone_tail else "",
        "holder": found.holder_label,
        "raised_at": found.raised_at,
        "due_at": found.due_at,
        "handled_at": found.handled_at,
        "closed_at": found.closed_at,
        "is_solved": found.is_solved,
        "score": found.score,
        "timeline": selectors.timeline(found, public_only=False),
    }


def step(
    request: HttpRequest,
    public_id: str,
    permission: str,
    sent: ChangeIn,
    key: str | None,
    act: Callable[[ServiceRequest], object],
) -> dict[str, Any]:
    """Take one step with a request, once for each operation id, and show how it stands then."""
    actor = actor_of(request)
    found = selectors.request_for(actor, public_id, permission)

    def action() -> dict[str, Any]:
        act(found)
        return {"version": found.version}

    once(request, sent, key, action)
    return whole(selectors.request_for(actor, public_id, permission))


@router.post(
    "/requests/{public_id}/accept",
    response={200: schemas.RequestOut, **CHANGING},
    operation_id="requests_accept",
)
def requests_accept(
    request: HttpRequest, body: schemas.NoteIn, public_id: PublicId, idempotency_key: OperationKey = None
) -> dict[str, Any]:
    """The community takes the matter as its own."""

    def act(found: ServiceRequest) -> None:
        services.request_accept(request=found, actor=actor_of(request), now=moment(request), note=body.note)

    return step(request, public_id, "requests.dispatch", body, idempotency_key, act)


@router.post(
    "/requests/{public_id}/reject",
    response={200: schemas.RequestOut, **CHANGING},
    operation_id="requests_reject",
)
def requests_reject(
    request: HttpRequest, body: schemas.RejectIn, public_id: PublicId, idempotency_key: OperationKey = None
) -> dict[str, Any]:
    """End it with a reason that the resident sees."""

    def act(found: ServiceRequest) -> None:
        services.request_reject(
            request=found,
            actor=actor_of(request),
            now=moment(request),
            reason=body.reason,
            outcome=body.outcome,
        )

    return step(request, public_id, "requests.dispatch", body, idempotency_key, act)


@router.post(
    "/requests/{public_id}/dispatch",
    response={200: schemas.RequestOut, **CHANGING},
    operation_id="requests_dispatch",
)
def requests_dispatch(
    request: HttpRequest, body: schemas.DispatchIn, public_id: PublicId, idempotency_key: OperationKey = None
) -> dict[str, Any]:
    """Offer it to partners one after another."""

    def act(found: ServiceRequest) -> None:
        ids = partner_ids(body.partners)
        services.request_dispatch_to_partners(
            request=found, partner_ids=ids, actor=actor_of(request), now=moment(request), note=body.note
        )

    return step(request, public_id, "requests.dispatch", body, idempotency_key, act)


@router.post(
    "/requests/{public_id}/notes",
    response={200: schemas.RequestOut, **CHANGING},
    operation_id="requests_note",
)
def requests_note(
    request: HttpRequest,
    body: schemas.TimelineNoteIn,
    public_id: PublicId,
    idempotency_key: OperationKey = None,
) -> dict[str, Any]:
    """Add a line to the timeline, for the resident or for colleagues only."""

    def act(found: ServiceRequest) -> None:
        if not selectors.may_write(actor_of(request), found):
            raise NotFound
        services.request_note(
            request=found,
            actor=actor_of(request),
            now=moment(request),
            note=body.note,
            is_public=body.is_public,
        )

    return step(request, public_id, "requests.view", body, idempotency_key, act)


@router.get(
    "/statistics/requests",
    response={200: schemas.StatisticsOut, **READING},
    operation_id="requests_statistics",
)
def requests_statistics(
    request: HttpRequest,
    since: date | None = None,
    until: date | None = None,
    type: CodeWanted = "",
    area: CodeWanted = "",
) -> dict[str, Any]:
    """Counts and shares of requests raised from `since` through `until` (the last 30 days unless given)."""
    now = moment(request)
    last = until or now.astimezone(COUNTY_TIME_ZONE).date()
    in_order(last, last)
    first = since or last - timedelta(days=STATISTICS_DAYS - 1)
    in_order(first, last)
    asked = StatisticsFilter(
        raised_from=datetime.combine(first, time.min, COUNTY_TIME_ZONE),
        raised_to=datetime.combine(last + timedelta(days=1), time.min, COUNTY_TIME_ZONE),
        area_path=path_of(area),
        type=type,
    )
    found = selectors.statistics(actor_of(request), asked, now=now)
    figures = {field.name: getattr(found, field.name) for field in fields(found)}
    days = [{"day": day, "raised": raised, "ended": ended} for day, raised, ended in found.by_day]
    return figures | {"since": first, "until": last, "by_day": days}


def in_order(first: date, last: date) -> None:
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise InvalidInput(
            zh="起止日期不对：开始要在结束之前，都在 2000 年到 2100 年之间。",
            en="The dates do not fit: begin before you end, between the years 2000 and 2100.",
            field="since",
            code="dates-out-of-order",
        )
