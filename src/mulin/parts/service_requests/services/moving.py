"""The one way a request changes its state: check the step, win the row, write the line of the timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from mulin.identity.access import Actor
from mulin.kernel.errors import Conflict
from mulin.parts.service_requests.models import RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import Status, Step, check_reason, next_status


def move(
    request: ServiceRequest,
    step: Step,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    label: str = "",
    is_public: bool = True,
    **changes: Any,
) -> ServiceRequest:
    """Take `step`, set `changes` on the row, and add the event. Must run inside the caller's transaction.

    The row is won by its version: of two people who act on what they saw at the same time, one is told to look again.
    Raises WrongState when the step is not possible, Conflict when the request changed meanwhile, InvalidInput when a
    reason is missing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a request moves inside the transaction of its use case")
    note = check_reason(step, note)
    status = next_status(step, Status(request.status))
    changes["status"] = status
    won = ServiceRequest.objects.filter(pk=request.pk, version=request.version).update(
        version=F("version") + 1, **changes
    )
    if not won:
        raise Conflict()
    request.version += 1
    for name, value in changes.items():
        setattr(request, name, value)
    RequestEvent.objects.create(
        request=request,
        sequence=request.version,
        step=step,
        at=now,
        actor_id=actor.user_id,
        actor_label=label or actor.name,
        note=note,
        is_public=is_public,
        due_at=request.due_at,
    )
    return request
