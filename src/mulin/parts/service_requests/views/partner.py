"""The partner's portal: what is offered today, what was taken on, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mulin.base.operations import digest_of, run_once
from mulin.kernel.errors import Conflict, MulinError, NotFound
from mulin.kernel.identifiers import mask_name
from mulin.parts.partners.rules import PartnerState
from mulin.parts.partners.selectors import own_partner
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.labels import (
    ClockLabel,
    StatusLabel,
    clock_label,
    due_text,
    status_label,
    type_name,
)
from mulin.parts.service_requests.models import Offer, ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.views import shown
from mulin.parts.service_requests.views.resident_matter import score_words
from mulin.web.pages import page
from mulin.web.typed import Typed


@dataclass(frozen=True)
class OfferCard:
    """One offer: what, where, for whom (the surname only), until when it waits for a word."""

    public_id: str
    title: str
    text: str
    kind: str
    where: str
    requester: str
    clock: ClockLabel
    errors: list[str]
    reason: str


@dataclass(frozen=True)
class HomePage:
    """Words of partner/home.html."""

    name: str
    is_paused: bool
    paused_reason: str
    offers: list[OfferCard]
    seen: str
    work: list[shown.Card]
    done: str
    form: Typed
    form_errors: bool


def where_of(request: ServiceRequest) -> str:
    return " · ".join(part for part in (request.area.name, request.place) if part)


def offer_card(offer: Offer, now: datetime, typed: Typed) -> OfferCard:
    request = offer.request
    is_this = typed.text("offer") == offer.public_id
    return OfferCard(
        public_id=offer.public_id,
        title=request.title,
        text=request.text,
        kind=type_name(request.type),
        where=where_of(request),
        requester=mask_name(request.requester_name),
        clock=answer_clock(offer, now),
        errors=typed.errors("reason") if is_this else [],
        reason=typed.text("reason") if is_this else "",
    )


def answer_clock(offer: Offer, now: datetime) -> ClockLabel:
    """Until when an answer is awaited, by the clock on the wall: it stays true however long the page is open."""
    label = clock_label(Status.DISPATCHED, offer.answer_by, now)
    return replace(label, text=_("%(when)s答复") % {"when": due_text(offer.answer_by, now)})


def work_url(request: ServiceRequest) -> str:
    return reverse("service_requests:partner_work", args=[request.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return answer_offer(request)
    return home_page(request, Typed())


def home_page(request: HttpRequest, typed: Typed) -> HttpResponse:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    partner = own_partner(actor)
    is_paused = partner.state != PartnerState.ADMITTED
    offers = [] if is_paused else selectors.partner_offers(partner.pk)
    seen = digest_of([offer.public_id for offer in offers])[:12]
    if getattr(request, "htmx", False) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = HomePage(
        name=partner.name,
        is_paused=is_paused,
        paused_reason=partner.state_reason if is_paused else "",
        offers=[offer_card(offer, now, typed) for offer in offers],
        seen=seen,
        work=[shown.card(row, work_url(row), now) for row in selectors.partner_work(partner.pk)],
        done=request.GET.get("done", ""),
        form=typed,
        form_errors=typed.is_bad,
    )
    return page(
        request,
        "service_requests/partner/home.html",
        context,
        fragment="service_requests/partner/_offers.html",
        status=422 if typed.is_bad else 200,
    )


def answer_offer(request: HttpRequest) -> HttpResponse:
    """Take an offer in one press, or decline it with a reason."""
    typed = Typed.sent(request)
    try:
        public_id = answer_once(request, typed)
    except MulinError as error:
        typed.refuse(error)
        return home_page(request, typed)
    if typed.text("step") == "take":
        return HttpResponseRedirect(reverse("service_requests:partner_work", args=[public_id]) + "?done=take")
    return HttpResponseRedirect(reverse("service_requests:partner_home") + "?done=decline")


ANSWERS: dict[str, Callable[..., ServiceRequest]] = {
    "take": services.offer_take,
    "decline": services.offer_decline,
}


def answer_once(request: HttpRequest, typed: Typed) -> str:
    """The public id of the request the offer was of."""
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    partner, step = own_partner(actor), typed.text("step")
    if step not in ANSWERS:
        raise NotFound
    if partner.state != PartnerState.ADMITTED:
        raise gone()

    def action() -> dict[str, Any]:
        offer = open_offer(actor, typed.text("offer"))
        words = {"reason": typed.text("reason")} if step == "decline" else {}
        ANSWERS[step](offer=offer, actor=actor, now=now, **words)
        return {"public_id": offer.request.public_id}

    result = run_once(
        key=typed.text("operation_id") or None,
        actor_key=actor.public_id,
        request_digest=digest_of("offer", typed.text("offer"), step, typed.text("reason")),
        now=now,
        action=action,
    )
    return str(result["public_id"])


def open_offer(actor: Any, public_id: str) -> Offer:
    try:
        return selectors.offer_for(actor, public_id)
    except NotFound:
        raise gone() from None


def gone() -> Conflict:
    return Conflict(
        zh="这一单已经不在您手上了，可能到时没有答复，或者居民撤回了。下面是现在的订单。",
        en="This offer is no longer yours: its time may be up, or the resident withdrew it. Below is what is on offer now.",
        code="offer-settled",
    )


@dataclass(frozen=True)
class HistoryLine:
    """One matter that this partner has dealt with."""

    number: str
    title: str
    kind: str
    where: str
    handled_at: datetime | None
    status: StatusLabel
    outcome: str
    score: int | None
    score_text: str
    comment: str


@dataclass(frozen=True)
class HistoryPage:
    """Words of partner/history.html. `average_text` is empty until somebody has rated."""

    lines: list[HistoryLine]
    rated: int
    average_text: str


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    partner = own_partner(request.actor)  # type: ignore[attr-defined]
    rows = selectors.partner_work(partner.pk, ended=True)
    scores = [row.score for row in rows if row.score]
    context = HistoryPage(
        lines=[history_line(row) for row in rows],
        rated=len(scores),
        average_text=f"{sum(scores) / len(scores):.1f}" if scores else "",
    )
    return page(request, "service_requests/partner/history.html", context)


def history_line(row: ServiceRequest) -> HistoryLine:
    return HistoryLine(
        number=row.number,
        title=row.title,
        kind=type_name(row.type),
        where=where_of(row),
        handled_at=row.handled_at,
        status=status_label(row.status, row.outcome),
        outcome=shown.outcome_text(row),
        score=row.score,
        score_text=score_words()[row.score] if row.score else "",
        comment=row.comment,
    )
