"""The community receives a request, refuses it with a reason, or the resident withdraws it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mulin.identity.access import Actor
from mulin.parts.service_requests.clocks import dispatch_by
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Step, check_text
from mulin.parts.service_requests.services.moving import move
from mulin.parts.service_requests.services.offers import cancel_offers
from mulin.parts.service_requests.services.telling import end_tellings, tell_holder, tell_requester


@transaction.atomic
def request_accept(*, request: ServiceRequest, actor: Actor, now: datetime, note: str = "") -> ServiceRequest:
    """The community takes the matter as its own; the clock for dispatching begins."""
    move(
        request,
        Step.ACCEPT,
        actor=actor,
        now=now,
        note=note,
        accepted_at=now,
        due_at=dispatch_by(request.type, now),
        holder_user_id=actor.user_id,
        holder_label=request.area.name,
    )
    tell_requester(request, "社区已受理，正在安排人。", now)
    return request


@transaction.atomic
def request_reject(
    *, request: ServiceRequest, actor: Actor, now: datetime, reason: str, outcome: Outcome = Outcome.NOT_OURS
) -> ServiceRequest:
    """End it without handling, with a reason that the resident sees: not ours, or the same as another."""
    move(
        request,
        Step.REJECT,
        actor=actor,
        now=now,
        note=reason,
        outcome=outcome,
        closed_at=now,
        due_at=None,
        holder_user_id=None,
        holder_label="",
    )
    tell_requester(request, f"没有受理，原因：{reason.strip()[:60]}", now)
    return request


@transaction.atomic
def request_withdraw(
    *, request: ServiceRequest, actor: Actor, now: datetime, reason: str = "", label: str = ""
) -> ServiceRequest:
    """The resident no longer needs it. Open offers are cancelled and whoever had it is told.

    `label` names who speaks when somebody records it.
    """
    cancel_offers(request, now)
    tell_holder(request, f"{request.number} 已由居民撤回", now, key="taken_away")
    move(
        request,
        Step.WITHDRAW,
        actor=actor,
        now=now,
        note=reason,
        label=label or actor.name or "居民",
        outcome=Outcome.NO_LONGER_NEEDED,
        closed_at=now,
        due_at=None,
        holder_user_id=None,
        holder_partner_id=None,
        holder_label="",
    )
    end_tellings(request, now)
    return request


@transaction.atomic
def request_note(
    *, request: ServiceRequest, actor: Actor, now: datetime, note: str, is_public: bool
) -> ServiceRequest:
    """Add a line to the timeline: for the resident to read, or among staff only."""
    return move(request, Step.NOTE, actor=actor, now=now, note=check_text(note)[:1000], is_public=is_public)
