"""Offers to partners in order: at most one is open, and when it lapses the next one opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from mulin.identity.access import Actor
from mulin.kernel.errors import Conflict
from mulin.parts.partners.rules import PartnerState
from mulin.parts.service_requests.clocks import answer_offer_by, dispatch_by
from mulin.parts.service_requests.models import Offer, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Step
from mulin.parts.service_requests.services.moving import move
from mulin.parts.service_requests.services.telling import tell_dispatcher, tell_offer


def queue_offers(request: ServiceRequest, partner_ids: Sequence[int]) -> None:
    """Write the order in which partners will be asked; nothing is open yet."""
    last = Offer.objects.filter(request=request).aggregate(last=Max("round"))["last"] or 0
    Offer.objects.bulk_create(
        Offer(request=request, round=last + 1, position=position, partner_id=partner_id)
        for position, partner_id in enumerate(partner_ids, start=1)
    )


def next_waiting(request: ServiceRequest, now: datetime) -> Offer | None:
    """Whose turn it is; who is no longer admitted is passed over for good."""
    waiting = Offer.objects.filter(request=request, state=OfferState.WAITING)
    waiting.exclude(partner__state=PartnerState.ADMITTED).update(state=OfferState.CANCELLED, answered_at=now)
    return waiting.select_related("partner").order_by("round", "position").first()


def open_offer(offer: Offer, *, request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """Open one offer and return what changes on its request."""
    offer.request = request
    offer.state, offer.opened_at = OfferState.OPEN, now
    offer.answer_by = answer_offer_by(request.type, now)
    offer.save(update_fields=["state", "opened_at", "answer_by"])
    return offered_to(offer.partner_id, offer.partner.name, request=request, now=now)


def offered_to(partner_id: int, name: str, *, request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """What is true of a request while it is offered to a partner."""
    return {
        "holder_partner_id": partner_id,
        "holder_user_id": None,
        "holder_label": name,
        "due_at": answer_offer_by(request.type, now),
    }


def end_offer(offer: Offer, state: OfferState, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Settle an open offer; raises Conflict when somebody else settled it first."""
    won = Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN).update(
        state=state, answered_at=now, answered_by_id=actor.user_id, reason=reason[:200]
    )
    if not won:
        raise Conflict(
            zh="这一单已经不在您手上了，请刷新看最新情况。",
            en="This offer is no longer yours. Please reload to see where it stands.",
            code="offer-settled",
        )


def go_on(
    request: ServiceRequest, step: Step, *, actor: Actor, now: datetime, note: str, label: str
) -> ServiceRequest:
    """After a refusal or a lapse: open the next offer, or give the request back to the community."""
    following = next_waiting(request, now)
    if following is None:
        move(request, step, actor=actor, now=now, note=note, label=label)
        move(
            request,
            Step.NOBODY_LEFT,
            actor=actor,
            now=now,
            label=request.area.name,
            holder_partner_id=None,
            holder_user_id=None,
            holder_label=request.area.name,
            due_at=dispatch_by(request.type, now),
        )
        tell_dispatcher(request, f"{request.number} 无人接单，请重新派单", now, key="nobody")
        return request
    changes = open_offer(following, request=request, now=now)
    move(request, step, actor=actor, now=now, note=note, label=label, **changes)
    tell_offer(following, now)
    return request


def cancel_offers(request: ServiceRequest, now: datetime) -> None:
    """Nothing of this request is on offer any more."""
    Offer.objects.filter(request=request, state__in=[OfferState.WAITING, OfferState.OPEN]).update(
        state=OfferState.CANCELLED, answered_at=now
    )
