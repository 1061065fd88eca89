"""A request is sent to partners in order, or to a member of staff; partners answer, or time answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from mulin.identity.access import SYSTEM, Actor
from mulin.identity.models import User
from mulin.kernel.errors import InvalidInput, MulinError
from mulin.parts.partners import selectors as partners
from mulin.parts.partners.rules import PartnerState
from mulin.parts.service_requests.clocks import dispatch_by, handle_by
from mulin.parts.service_requests.models import Offer, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Status, Step, check_reason
from mulin.parts.service_requests.services.moving import move
from mulin.parts.service_requests.services.offers import (
    cancel_offers,
    end_offer,
    go_on,
    next_waiting,
    offered_to,
    open_offer,
    queue_offers,
)
from mulin.parts.service_requests.services.telling import (
    tell_dispatcher,
    tell_holder,
    tell_offer,
    tell_requester,
)

MAXIMUM_OFFERS = 10


def accept_silently(request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """Dispatching a request that was only raised accepts it, too."""
    return {"accepted_at": request.accepted_at or now}


@transaction.atomic
def request_dispatch_to_partners(
    *, request: ServiceRequest, partner_ids: Sequence[int], actor: Actor, now: datetime, note: str = ""
) -> ServiceRequest:
    """Offer the request to partners one after another, in the order given.

    Raises InvalidInput when none is given, one stands twice, there are too many, or one may not serve this place now.
    """
    first_name = check_partners(request, partner_ids)
    changes = offered_to(partner_ids[0], first_name, request=request, now=now) | accept_silently(request, now)
    # The row is won first: of two who dispatch at once, the second must not find the first one's offer open.
    move(request, Step.DISPATCH, actor=actor, now=now, note=note, dispatched_at=now, **changes)
    queue_offers(request, partner_ids)
    first = next_waiting(request, now)
    assert first is not None, "offers were queued just now"
    open_offer(first, request=request, now=now)
    tell_offer(first, now)
    tell_requester(request, f"已派给 {request.holder_label}，等待接单。", now)
    return request


def check_partners(request: ServiceRequest, partner_ids: Sequence[int]) -> str:
    """The name of the partner who is asked first. Raises InvalidInput."""
    if not partner_ids:
        raise InvalidInput(
            zh="请至少选择一位合伙人。", en="Please choose at least one partner.", field="partners"
        )
    if len(set(partner_ids)) < len(partner_ids) or len(partner_ids) > MAXIMUM_OFFERS:
        raise InvalidInput(
            zh=f"同一位合伙人只能排一次，最多 {MAXIMUM_OFFERS} 位。",
            en=f"Each partner can stand in the order once, {MAXIMUM_OFFERS} at most.",
            field="partners",
        )
    serving = {partner.pk: partner.name for partner in partners.partners_serving(request.area_path)}
    if set(partner_ids) - serving.keys():
        raise InvalidInput(
            zh="所选合伙人里有的现在不能服务这个地方，请重新选择。",
            en="One of the chosen partners cannot serve this place now. Please choose again.",
            field="partners",
            code="partner-not-serving",
        )
    return serving[partner_ids[0]]


@transaction.atomic
def request_dispatch_to_staff(
    *, request: ServiceRequest, user: User, actor: Actor, now: datetime, note: str = ""
) -> ServiceRequest:
    """Hand the request to a member of staff. Handed to oneself it is taken at once."""
    move(
        request,
        Step.DISPATCH,
        actor=actor,
        now=now,
        note=note,
        dispatched_at=now,
        holder_user_id=user.pk,
        holder_partner_id=None,
        holder_label=user.display_name,
        due_at=dispatch_by(request.type, now),
        **accept_silently(request, now),
    )
    if user.pk == actor.user_id:
        return take(request, actor=actor, now=now)
    tell_holder(request, f"{request.number} 派给您了，请接单", now)
    tell_requester(request, f"已派给 {user.display_name}。", now)
    return request


def take(request: ServiceRequest, *, actor: Actor, now: datetime, label: str = "") -> ServiceRequest:
    """The holder takes it; the clock for handling begins. Returned matters keep their first deadline's record."""
    due_at = handle_by(request.type, now, request.area_path)
    move(
        request,
        Step.TAKE,
        actor=actor,
        now=now,
        label=label,
        taken_at=now,
        due_at=due_at,
        handle_due_at=due_at,
    )
    tell_requester(request, f"{request.holder_label} 已接单。", now)
    return request


@transaction.atomic
def offer_take(*, offer: Offer, actor: Actor, now: datetime) -> ServiceRequest:
    """A partner accepts an open offer; the other offers of the request are cancelled."""
    end_offer(offer, OfferState.TAKEN, actor=actor, now=now)
    cancel_offers(offer.request, now)
    return take(offer.request, actor=actor, now=now, label=offer.partner.name)


@transaction.atomic
def offer_decline(*, offer: Offer, actor: Actor, now: datetime, reason: str) -> ServiceRequest:
    """A partner says no, with a reason; the next one is asked."""
    reason = check_reason(Step.DECLINE, reason)
    end_offer(offer, OfferState.DECLINED, actor=actor, now=now, reason=reason)
    return go_on(offer.request, Step.DECLINE, actor=actor, now=now, note=reason, label=offer.partner.name)


def offers_move_on(*, now: datetime, limit: int = 200) -> int:
    """End every offer whose time is up or whose partner may serve no more, and ask the next partner.

    Safe to run twice; returns how many ended.
    """
    late, gone = Q(answer_by__lte=now), ~Q(partner__state=PartnerState.ADMITTED)
    ending = (
        Offer.objects.filter(late | gone, state=OfferState.OPEN)
        .select_related("request__type", "request__area", "partner")
        .order_by("answer_by")[:limit]
    )
    return sum(move_on(offer, now) for offer in ending)


def move_on(offer: Offer, now: datetime) -> bool:
    """One offer ends unanswered; False when its partner answered in the same moment."""
    is_gone = offer.partner.state != PartnerState.ADMITTED
    state = OfferState.CANCELLED if is_gone else OfferState.LAPSED
    step = Step.OFFER_CANCELLED if is_gone else Step.OFFER_LAPSED
    try:
        with transaction.atomic():
            end_offer(offer, state, actor=SYSTEM, now=now)
            go_on(offer.request, step, actor=SYSTEM, now=now, note="", label=offer.partner.name)
    except MulinError:
        return False
    return True


@transaction.atomic
def request_recall(*, request: ServiceRequest, actor: Actor, now: datetime, reason: str) -> ServiceRequest:
    """The community takes a dispatched or taken request back, with a reason that its holder reads.

    When it came back by itself, whoever dispatched it is told.
    """
    cancel_offers(request, now)
    if request.status in {Status.DISPATCHED, Status.TAKEN}:
        tell_holder(request, f"{request.number} 已由社区收回", now, key="taken_away")
    move(
        request,
        Step.RECALL,
        actor=actor,
        now=now,
        note=reason,
        holder_partner_id=None,
        holder_user_id=actor.user_id,
        holder_label=request.area.name,
        taken_at=None,
        due_at=dispatch_by(request.type, now),
    )
    if actor.is_system:
        tell_dispatcher(request, f"{request.number} 承办人不在了，请重新派单", now, key="back")
    return request
