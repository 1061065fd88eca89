"""Who is to do it: partners asked one after another, or a member of staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mulin.base.models import StoredFile
from mulin.identity.models import User
from mulin.identity.selectors import holders_of
from mulin.kernel.errors import Conflict, InvalidInput, MulinError
from mulin.parts.partners.selectors import partner_ids
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.forms.work import order_of
from mulin.parts.service_requests.labels import ClockLabel, StatusLabel, clock_label, status_label
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status, Step, possible_steps
from mulin.parts.service_requests.selectors.work import Suggestion, suggestions
from mulin.parts.service_requests.views.work_lists import next_url, one_url, tail_of
from mulin.parts.service_requests.views.work_once import check_version, send_once
from mulin.parts.service_requests.views.work_shown import kind_of, place_text
from mulin.web.formats import is_english, listed
from mulin.web.pages import page
from mulin.web.typed import Typed

PROPOSED = 3
SHOWN_FIRST = 12
STAFF = "staff"


@dataclass(frozen=True)
class Candidate:
    """One partner to choose: the number beside it says when it is asked."""

    public_id: str
    name: str
    reasons: list[str]
    fits: bool
    order: str


@dataclass(frozen=True)
class DispatchPage:
    """Words of service_requests/work/dispatch.html."""

    row: ServiceRequest
    kind: str
    place: str
    status: StatusLabel
    clock: ClockLabel
    first: list[Candidate]
    more: list[Candidate]
    staff: list[tuple[str, str]]
    typed: Typed
    problem: str
    back_url: str
    is_possible: bool
    is_for_staff: bool
    form_errors: bool


def reasons_of(one: Suggestion) -> list[str]:
    """Why a partner stands where it stands, in a few words each."""
    names = [name_en if is_english() else name_zh for name_zh, name_en in one.categories]
    load = ngettext("手上 %(count)s 件", "手上 %(count)s 件", one.open_count) % {"count": one.open_count}
    score = (
        _("平均 %(score).1f 分（%(count)s 人评）") % {"score": one.score_average, "count": one.rated_count}
        if one.score_average is not None
        else _("还没有人评分")
    )
    return [
        _("能做：%(names)s") % {"names": listed(names)} if names else "",
        load,
        score,
    ]


def candidates(found: ServiceRequest, typed: Typed) -> list[Candidate]:
    """In the order of the suggestion; the first that fit are proposed until somebody chose otherwise."""
    shown = []
    for number, one in enumerate(suggestions(found), start=1):
        proposed = str(number) if one.fits and number <= PROPOSED else ""
        order = typed.text(f"order-{one.public_id}") if typed.values else proposed
        reasons = [words for words in reasons_of(one) if words]
        shown.append(Candidate(one.public_id, one.name, reasons, one.fits, order))
    return shown


def staff_for(request: HttpRequest, found: ServiceRequest) -> list[User]:
    return holders_of("requests.handle", found.area_path, today=request.clock.today())  # type: ignore[attr-defined]


def dispatch_page(
    request: HttpRequest, found: ServiceRequest, typed: Typed, *, problem: str = "", status: int = 200
) -> HttpResponse:
    me = request.actor.user_id  # type: ignore[attr-defined]
    shown = candidates(found, typed)
    words = DispatchPage(
        row=found,
        kind=kind_of(found),
        place=place_text(found),
        status=status_label(found.status),
        clock=clock_label(found.status, found.due_at, request.clock.now()),  # type: ignore[attr-defined]
        first=shown[:SHOWN_FIRST],
        more=shown[SHOWN_FIRST:],
        staff=[
            (
                user.public_id,
                _("%(name)s（我自己）") % {"name": user.display_name} if user.pk == me else user.display_name,
            )
            for user in staff_for(request, found)
        ],
        typed=typed,
        problem=problem,
        back_url=one_url(found.public_id) + tail_of(request),
        is_possible=Step.DISPATCH in possible_steps(Status(found.status)),
        is_for_staff=typed.text("to") == STAFF,
        form_errors=status >= 400,
    )
    return page(request, "service_requests/work/dispatch.html", words, status=status)


@require_http_methods(["GET", "POST"])
def dispatch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose who does it. A refusal comes back with the order and the words that were written."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.request_for(actor, public_id, "requests.dispatch")
    if request.method != "POST":
        return dispatch_page(request, found, Typed())
    typed = Typed.sent(request)
    try:
        result = dispatch_once(request, found, typed)
    except Conflict as error:
        fresh = selectors.request_for(actor, public_id, "requests.dispatch")
        return dispatch_page(
            request, fresh, typed, problem=error.text.in_language(get_language() or ""), status=409
        )
    except MulinError as error:
        typed.refuse(error)
        return dispatch_page(request, found, typed, status=422)
    return HttpResponseRedirect(
        next_url(request, actor, public_id, {"done": "dispatch", "of": result["number"]})
    )


def dispatch_once(request: HttpRequest, found: ServiceRequest, typed: Typed) -> dict[str, Any]:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]

    def do(_stored: list[StoredFile]) -> dict[str, Any]:
        fresh = selectors.request_for(actor, found.public_id, "requests.dispatch")
        check_version(fresh, typed)
        given: dict[str, Any] = {
            "request": fresh,
            "actor": actor,
            "now": now,
            "note": typed.text("note").strip()[:1000],
        }
        with transaction.atomic():
            if typed.text("to") == STAFF:
                services.request_dispatch_to_staff(user=chosen_user(request, fresh, typed), **given)
            else:
                services.request_dispatch_to_partners(partner_ids=partner_ids(order_of(typed)), **given)
        return {"number": fresh.number}

    return send_once(request, typed, do)


def chosen_user(request: HttpRequest, found: ServiceRequest, typed: Typed) -> User:
    user = next((user for user in staff_for(request, found) if user.public_id == typed.text("user")), None)
    if user is None:
        raise InvalidInput(
            zh="请选择一位工作人员。",
            en="Please choose a member of staff.",
            field="user",
            code="staff-missing",
        )
    return user
