"""The only ways to one request. What may not be seen and what does not exist raise the same NotFound."""

from __future__ import annotations

import hmac

from django.db.models import QuerySet

from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.kernel.identifiers import normalise_short_code
from mulin.kernel.identifiers.typed_text import is_digits, plain
from mulin.parts.partners.selectors import partner_of
from mulin.parts.service_requests.links import link_digest
from mulin.parts.service_requests.models import Offer, RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import OfferState


def whole() -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.select_related("type", "area", "grid", "holder_user", "holder_partner")


def one(rows: QuerySet[ServiceRequest]) -> ServiceRequest:
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


# What comes with having a request in one's hands, wherever it lies.
OF_HOLDER = frozenset({"requests.view", "requests.handle"})
WRITING = ("requests.take_in", "requests.dispatch", "requests.handle", "requests.close")


def may(actor: Actor, permission: str, request: ServiceRequest) -> bool:
    """By a grant over the place, or because the request was handed to the actor."""
    is_holder = actor.user_id is not None and request.holder_user_id == actor.user_id
    by_hand = is_holder and permission in OF_HOLDER and actor.carries(permission)
    return by_hand or actor.may(permission, request.area_path)


def may_write(actor: Actor, request: ServiceRequest) -> bool:
    """Whether the actor may add to the timeline: who may only look writes nothing."""
    return any(may(actor, permission, request) for permission in WRITING)


def request_for(actor: Actor, public_id: str, permission: str = "requests.view") -> ServiceRequest:
    """A request in an area where the actor holds `permission`, or one that was handed to the actor."""
    found = one(whole().filter(public_id=public_id))
    if not may(actor, permission, found):
        raise NotFound()
    return found


def request_by_secret(secret: str) -> ServiceRequest:
    """The request of a secret link."""
    return one(whole().filter(link_digest=link_digest(secret)))


def request_of_resident(actor: Actor, public_id: str) -> ServiceRequest:
    """A request raised by, or for, the signed-in resident."""
    if actor.user_id is None:
        raise NotFound()
    return one(whole().filter(public_id=public_id, requester_id=actor.user_id))


def find_by_number(number: str, phone_tail: str) -> ServiceRequest:
    """A request by its number and the last four digits of the telephone left with it; one answer for every miss."""
    try:
        code = normalise_short_code(number)
    except InvalidInput:
        code = ""
    found = whole().filter(number=code).first() if code else None
    tail = plain(phone_tail)
    if (
        found is None
        or len(tail) != 4
        or not is_digits(tail)
        or not hmac.compare_digest(found.phone_tail, tail)
    ):
        raise NotFound(
            zh="没有找到。请核对编号，以及当时留下的手机号后四位。",
            en="Nothing was found. Please check the number and the last four digits of the telephone you left.",
        )
    return found


def request_of_partner(actor: Actor, public_id: str) -> ServiceRequest:
    """A request that the actor's partner has taken, or was handed."""
    partner = partner_of(actor.user_id)
    if partner is None:
        raise NotFound()
    return one(whole().filter(public_id=public_id, holder_partner=partner).exclude(taken_at=None))


def offer_for(actor: Actor, public_id: str) -> Offer:
    """An open offer to the actor's partner."""
    partner = partner_of(actor.user_id)
    found = (
        Offer.objects.select_related("request__type", "request__area", "request__grid", "partner")
        .filter(public_id=public_id, partner=partner, state=OfferState.OPEN)
        .first()
        if partner
        else None
    )
    if found is None:
        raise NotFound()
    return found


def photo_of(request: ServiceRequest, public_id: str) -> RequestPhoto:
    """A picture of a request that somebody already came to through one of the doors above."""
    found = (
        RequestPhoto.objects.select_related("file").filter(request=request, file__public_id=public_id).first()
    )
    if found is None:
        raise NotFound()
    return found
