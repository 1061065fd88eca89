"""The API of requests: the same services and doorways as the pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import TypeAdapter

from mulin.base.operations import digest_of, run_once
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.kernel.identifiers import mask_name
from mulin.parts.areas.selectors import area_by_code, community_and_grid
from mulin.parts.partners.selectors import partner_ids
from mulin.parts.service_requests import schemas, selectors, services
from mulin.parts.service_requests.models import RequestType, ServiceRequest
from mulin.parts.service_requests.selectors import QueueFilter, StatisticsFilter
from mulin.parts.service_requests.services.telling import public_link

PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 404, 409, 413, 422, 429), schemas.ProblemOut)
PAGE = TypeAdapter(schemas.RequestPageOut)
STATISTICS_DAYS = 30
router = Router(tags=["requests"])


def moment(request: HttpRequest) -> datetime:
    return request.clock.now()  # type: ignore[attr-defined,no-any-return]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


@router.get("/request-types", response={200: list[schemas.RequestTypeOut], **PROBLEMS}, operation_id="request_types_list")
def request_types(request: HttpRequest) -> list[RequestType]:
    """Kinds of requests that can be raised."""
    return selectors.active_types()


@router.get("/requests", response={200: schemas.RequestPageOut, **PROBLEMS}, operation_id="requests_list")
def requests_list(
    request: HttpRequest,
    view: str = Query("all", max_length=20),
    status: str = Query("", max_length=20),
    type: str = Query("", max_length=40),
    words: str = Query("", max_length=100),
    page: int = Query(1, ge=1, le=400),
) -> HttpResponse:
    """25 requests that the token's owner may see, newest first unless a view orders them by deadline."""
    asked = QueueFilter(view=view, status=status, type=type, words=words, page=page)
    found = selectors.queue_page(actor_of(request), asked, now=moment(request))
    body = {"items": [row.__dict__ for row in found.rows], "page": found.page, "has_next": found.has_next}
    return HttpResponse(PAGE.dump_json(PAGE.validate_python(body)), content_type="application/json; charset=utf-8")


@router.post("/requests", response={201: schemas.RaisedOut, **PROBLEMS}, operation_id="requests_raise")
def requests_raise(request: HttpRequest, body: schemas.RequestIn) -> tuple[int, dict[str, Any]]:
    """Take in a request on somebody's behalf, in an area where you may."""
    actor, now = actor_of(request), moment(request)

    def action() -> dict[str, Any]:
        raised = services.request_raise(data=request_input(actor, body), actor=actor, now=now)
        return {
            "public_id": raised.request.public_id,
            "number": raised.request.number,
            "link": public_link(raised.request, raised.secret),
            "due_at": raised.request.due_at.isoformat() if raised.request.due_at else None,
        }

    digest = digest_of(body.model_dump(mode="json"))
    return 201, run_once(
        key=body.operation_id, actor_key=actor.public_id, request_digest=digest, now=now, action=action
    )


def request_input(actor: Actor, body: schemas.RequestIn) -> services.RequestInput:
    """Raises InvalidInput for an unknown type and NotFound for an area that is unknown or not the actor's."""
    kind = RequestType.objects.filter(code=body.type, is_active=True).first()
    if kind is None:
        raise InvalidInput(zh="没有这个类别。", en="There is no such type.", field="type", code="type-unknown")
    area, grid = community_and_grid(area_by_code(body.area_code))
    if not actor.may("requests.take_in", (grid or area).path):
        raise NotFound()
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


PublicId = Path(..., max_length=32)


@router.get("/requests/{public_id}", response={200: schemas.RequestOut, **PROBLEMS}, operation_id="requests_get")
def requests_get(request: HttpRequest, public_id: str = PublicId) -> dict[str, Any]:
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


@router.post("/requests/{public_id}/accept", response={200: schemas.RequestOut, **PROBLEMS}, operation_id="requests_accept")
def requests_accept(request: HttpRequest, body: schemas.NoteIn, public_id: str = PublicId) -> dict[str, Any]:
    """The community takes the matter as its own."""
    found = selectors.request_for(actor_of(request), public_id, "requests.dispatch")
    services.request_accept(request=found, actor=actor_of(request), now=moment(request), note=body.note[:1000])
    return whole(found)


@router.post("/requests/{public_id}/reject", response={200: schemas.RequestOut, **PROBLEMS}, operation_id="requests_reject")
def requests_reject(request: HttpRequest, body: schemas.RejectIn, public_id: str = PublicId) -> dict[str, Any]:
    """End it with a reason that the resident sees."""
    found = selectors.request_for(actor_of(request), public_id, "requests.dispatch")
    services.request_reject(
        request=found, actor=actor_of(request), now=moment(request), reason=body.reason, outcome=body.outcome
    )
    return whole(found)


@router.post(
    "/requests/{public_id}/dispatch", response={200: schemas.RequestOut, **PROBLEMS}, operation_id="requests_dispatch"
)
def requests_dispatch(request: HttpRequest, body: schemas.DispatchIn, public_id: str = PublicId) -> dict[str, Any]:
    """Offer it to partners one after another."""
    found = selectors.request_for(actor_of(request), public_id, "requests.dispatch")
    with transaction.atomic():
        ids = partner_ids(body.partners)
        services.request_dispatch_to_partners(
            request=found, partner_ids=ids, actor=actor_of(request), now=moment(request), note=body.note[:1000]
        )
    return whole(found)


@router.post("/requests/{public_id}/notes", response={200: schemas.RequestOut, **PROBLEMS}, operation_id="requests_note")
def requests_note(request: HttpRequest, body: schemas.TimelineNoteIn, public_id: str = PublicId) -> dict[str, Any]:
    """Add a line to the timeline, for the resident or for colleagues only."""
    found = selectors.request_for(actor_of(request), public_id)
    services.request_note(
        request=found, actor=actor_of(request), now=moment(request), note=body.note, is_public=body.is_public
    )
    return whole(found)


@router.get(
    "/statistics/requests", response={200: schemas.StatisticsOut, **PROBLEMS}, operation_id="requests_statistics"
)
def requests_statistics(
    request: HttpRequest, since: date | None = None, until: date | None = None, type: str = Query("", max_length=40)
) -> Any:
    """Counts and shares of requests raised from `since` through `until` (the last 30 days unless given)."""
    now = moment(request)
    last = until or now.astimezone(COUNTY_TIME_ZONE).date()
    first = since or last - timedelta(days=STATISTICS_DAYS - 1)
    if not date(2000, 1, 1) <= first <= last <= date(2100, 1, 1):
        raise InvalidInput(
            zh="起止日期不对：开始要在结束之前。", en="The dates are not in order: begin before you end.", field="since"
        )
    asked = StatisticsFilter(
        raised_from=datetime.combine(first, time.min, COUNTY_TIME_ZONE),
        raised_to=datetime.combine(last + timedelta(days=1), time.min, COUNTY_TIME_ZONE),
        type=type,
    )
    return selectors.statistics(actor_of(request), asked, now=now)
