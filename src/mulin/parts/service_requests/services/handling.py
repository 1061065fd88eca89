"""Whoever has a request takes it, does it and says honestly what came of it, or gives it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput
from mulin.parts.service_requests.clocks import confirm_by, dispatch_by, handle_by
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Step
from mulin.parts.service_requests.services.dispatching import take
from mulin.parts.service_requests.services.moving import move
from mulin.parts.service_requests.services.telling import tell_dispatcher, tell_requester

OUTCOMES_OF_HANDLING = frozenset({Outcome.DONE, Outcome.CANNOT})


@transaction.atomic
def request_take(*, request: ServiceRequest, actor: Actor, now: datetime) -> ServiceRequest:
    """A member of staff takes what was dispatched to them."""
    return take(request, actor=actor, now=now)


@transaction.atomic
def request_handle(
    *, request: ServiceRequest, actor: Actor, now: datetime, outcome: Outcome, note: str, label: str = ""
) -> ServiceRequest:
    """Record what was done, or why it cannot be done; the resident is asked, or asked anew, whether it is so.

    Raises InvalidInput when nothing is said: "done" without a word is what people complain about most.
    """
    if outcome not in OUTCOMES_OF_HANDLING:
        raise InvalidInput(
            zh="请选择“已办好”或“办不了”。",
            en="Please choose done or cannot be done.",
            field="outcome",
            code="outcome-missing",
        )
    if len(note.strip()) < 2:
        raise InvalidInput(
            zh="请写一句办理情况，居民会看到。",
            en="Please say in a sentence what was done. The resident will see it.",
            field="note",
            code="note-missing",
        )
    move(
        request,
        Step.HANDLE,
        actor=actor,
        now=now,
        note=note.strip()[:1000],
        label=label,
        handled_at=now,
        outcome=outcome,
        is_solved=None,
        answered_at=None,
        due_at=confirm_by(request.type, now),
    )
    tell_requester(request, "已办理，请您确认：解决了吗？", now)
    return request


@transaction.atomic
def request_give_back(
    *, request: ServiceRequest, actor: Actor, now: datetime, reason: str, label: str = ""
) -> ServiceRequest:
    """Whoever took it cannot go on; the community gets it back at once."""
    move(
        request,
        Step.GIVE_BACK,
        actor=actor,
        now=now,
        note=reason,
        label=label,
        holder_partner_id=None,
        holder_user_id=None,
        holder_label=request.area.name,
        taken_at=None,
        due_at=dispatch_by(request.type, now),
    )
    tell_dispatcher(request, f"{request.number} 被退回，请重新派单", now, key="back")
    return request


@transaction.atomic
def request_resume(
    *, request: ServiceRequest, actor: Actor, now: datetime, label: str = ""
) -> ServiceRequest:
    """The same holder goes on with what the resident returned; the handling clock begins anew."""
    due_at = handle_by(request.type, now, request.area_path)
    return move(
        request,
        Step.RESUME,
        actor=actor,
        now=now,
        label=label,
        due_at=due_at,
        handle_due_at=due_at,
        taken_at=now,
    )
