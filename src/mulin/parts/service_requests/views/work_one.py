"""One request in the workbench: what it is, how it went, and what can be done with it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from mulin.base import files
from mulin.base.models import StoredFile
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import Conflict, MulinError, NotFound
from mulin.parts.areas import selectors as areas
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.labels import (
    OUTCOMES,
    WAYS,
    ClockLabel,
    StatusLabel,
    clock_label,
    status_label,
)
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Outcome
from mulin.parts.service_requests.selectors.work import offers_of, photos_of
from mulin.parts.service_requests.views.work_actions import (
    BY_CODE,
    REASONS_TO_REJECT,
    Action,
    Doing,
    actions_for,
    may_dispatch,
)
from mulin.parts.service_requests.views.work_lists import (
    Queue,
    next_url,
    notices_of,
    one_url,
    queue_of,
    tail_of,
)
from mulin.parts.service_requests.views.work_once import check_version, send_once
from mulin.parts.service_requests.views.work_shown import (
    Line,
    facts_of,
    kind_of,
    lines_of,
    offers_shown,
    person_of,
    photos_shown,
    to_tell_shown,
)
from mulin.web.pages import page
from mulin.web.typed import Typed


@dataclass(frozen=True)
class ActionShown:
    """One button, where it is sent to, and whether its form stands open because something in it was refused."""

    action: Action
    url: str
    kind: str
    is_open: bool


@dataclass(frozen=True)
class One:
    """Words of service_requests/work/_one.html."""

    row: ServiceRequest
    kind: str
    status: StatusLabel
    clock: ClockLabel
    facts: list[dict[str, str]]
    person: dict[str, Any]
    look_url: str
    look_error: str
    photos: list[dict[str, str]]
    lines: list[Line]
    offers: list[dict[str, Any]]
    actions: list[ActionShown]
    dispatch_url: str
    is_dispatch_first: bool
    slip_url: str
    outcomes_to_reject: list[dict[str, str]]
    outcomes_of_handling: list[dict[str, str]]
    ways: list[dict[str, str]]
    is_own_work: bool
    to_tell: list[dict[str, str]]


@dataclass(frozen=True)
class OnePage:
    """Words of service_requests/work/one.html; `queue` is left out when only the matter is asked for."""

    one: One
    queue: Queue | None
    typed: Typed
    problem: str
    notices: list[dict[str, str]] = field(default_factory=list)
    form_errors: bool = False


def one_of(
    request: HttpRequest,
    found: ServiceRequest,
    *,
    phone: str | None = None,
    look_error: str = "",
    tried: str = "",
) -> One:
    """What the page shows of a request. At most seven queries."""
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    photos = photos_of(found)
    tail = tail_of(request)
    here = [found.public_id]
    responsible = areas.responsible_for(found.grid or found.area, now.astimezone(COUNTY_TIME_ZONE).date())
    actions = actions_for(actor, found)
    may_send_on = may_dispatch(actor, found)
    dispatch_first = may_send_on and not (actions and actions[0].code in {"accept", "resume"})
    return One(
        row=found,
        kind=kind_of(found),
        status=status_label(found.status, found.outcome),
        clock=clock_label(found.status, found.due_at, now),
        facts=facts_of(found, responsible, now),
        person=person_of(found, phone),
        look_url=reverse("service_requests:work_look", args=here) + tail if may_look(request, found) else "",
        look_error=look_error,
        photos=photos_shown(found, photos),
        lines=lines_of(found, selectors.timeline(found, public_only=False), photos, now),
        offers=offers_shown(offers_of(found), now),
        actions=actions_shown(actions, found, tail, tried, primary="" if dispatch_first else "first"),
        dispatch_url=reverse("service_requests:work_dispatch", args=here) + tail if may_send_on else "",
        is_dispatch_first=dispatch_first,
        slip_url=reverse("service_requests:work_slip", args=here)
        if actor.may("requests.take_in", found.area_path)
        else "",
        outcomes_to_reject=outcome_options(*REASONS_TO_REJECT),
        outcomes_of_handling=outcome_options(Outcome.DONE, Outcome.CANNOT),
        ways=[{"value": way, "label": str(words)} for way, words in WAYS.items()],
        is_own_work=any(action.code == "answer" for action in actions) and services.is_own_work(found, actor),
        to_tell=to_tell_shown(found, now),
    )


def may_look(request: HttpRequest, found: ServiceRequest) -> bool:
    has_something = bool(found.phone_tail or found.requester_name)
    return has_something and request.actor.may("requests.look", found.area_path)  # type: ignore[attr-defined]


def actions_shown(
    actions: list[Action], found: ServiceRequest, tail: str, tried: str, *, primary: str
) -> list[ActionShown]:
    """The first press that carries the matter on stands out; everything else is beside it."""
    first = next((action.code for action in actions if action.kind == "secondary"), "") if primary else ""
    return [
        ActionShown(
            action=action,
            url=reverse("service_requests:work_act", args=[found.public_id, action.code]) + tail,
            kind="primary" if action.code == first else action.kind,
            is_open=action.code == tried and bool(action.form),
        )
        for action in actions
    ]


def outcome_options(*outcomes: Outcome) -> list[dict[str, str]]:
    return [{"value": outcome.value, "label": str(OUTCOMES[outcome][0])} for outcome in outcomes]


def one_page(
    request: HttpRequest,
    found: ServiceRequest,
    *,
    phone: str | None = None,
    look_error: str = "",
    typed: Typed | None = None,
    tried: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    only_matter = bool(getattr(request, "htmx", False)) and request.method == "GET"
    words = OnePage(
        one=one_of(request, found, phone=phone, look_error=look_error, tried=tried),
        queue=None if only_matter else queue_of(request),
        typed=typed or Typed(),
        problem=problem,
        notices=notices_of(request),
        form_errors=status >= 400,
    )
    return page(
        request,
        "service_requests/work/one.html",
        words,
        fragment="service_requests/work/_detail.html",
        status=status,
    )


@require_GET
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    return one_page(request, selectors.request_for(request.actor, public_id))  # type: ignore[attr-defined]


@require_POST
def look(request: HttpRequest, public_id: str) -> HttpResponse:
    """The telephone number in full, once its reason is on the record; shown in the answer, never in an address."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.request_for(actor, public_id, "requests.look")
    try:
        reason = request.POST.get("reason_note", "")
        phone = services.phone_look(request=found, actor=actor, now=request.clock.now(), reason=reason)  # type: ignore[attr-defined]
    except MulinError as error:
        return one_page(request, found, look_error=error.text.in_language(get_language() or ""), status=422)
    return one_page(request, found, phone=phone)


@require_POST
def act(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Take one step with a request; a refusal comes back with everything that was written."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.request_for(actor, public_id)
    action = BY_CODE.get(code)
    if action is None:
        raise NotFound()
    typed = Typed.sent(request)
    try:
        result = step_once(request, found, action, typed)
    except MulinError as error:
        return refused(request, public_id, action, typed, error)
    done = {"done": code, "of": result["number"]}
    if action.stays:
        return HttpResponseRedirect(one_url(public_id) + tail_of(request, **done))
    return HttpResponseRedirect(next_url(request, actor, public_id, done))


def step_once(request: HttpRequest, found: ServiceRequest, action: Action, typed: Typed) -> dict[str, Any]:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]

    def do(stored: list[StoredFile]) -> dict[str, Any]:
        fresh = selectors.request_for(actor, found.public_id)
        check_version(fresh, typed)
        if not action.may(actor, fresh):
            raise NotFound()
        with transaction.atomic():
            done = action.run(Doing(fresh, actor, now, typed, stored))
        return {"number": done.number}

    return send_once(request, typed, do, area_path=found.area_path, check=lambda: check_version(found, typed))


def refused(
    request: HttpRequest, public_id: str, action: Action, typed: Typed, error: MulinError
) -> HttpResponse:
    """The page as it is now, with the reason and what was written."""
    found = selectors.request_for(request.actor, public_id)  # type: ignore[attr-defined]
    if isinstance(error, NotFound):
        raise error
    message = error.text.in_language(get_language() or "")
    is_conflict = isinstance(error, Conflict)
    if is_conflict or not action.form:
        return one_page(
            request,
            found,
            typed=typed,
            tried=action.code,
            problem=message,
            status=409 if is_conflict else 422,
        )
    typed.refuse(error)
    return one_page(request, found, typed=typed, tried=action.code, status=422)


@require_GET
def photo(request: HttpRequest, public_id: str, file_id: str) -> FileResponse:
    """A picture, through the door of its request."""
    found = selectors.request_for(request.actor, public_id)  # type: ignore[attr-defined]
    picture = selectors.photo_of(found, file_id)
    return files.file_response(picture.file, thumbnail=bool(request.GET.get("small")))
