"""A look at a requester's telephone number: with a reason, on the record, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import require_reason


@transaction.atomic
def phone_look(*, request: ServiceRequest, actor: Actor, now: datetime, reason: str) -> str:
    """The number in full. Raises InvalidInput when no reason is given; the look is recorded before it is shown."""
    audit.record(
        actor=actor,
        act="look.request_phone",
        now=now,
        about=f"service_requests.request:{request.public_id}",
        area_path=request.area_path,
        reason=require_reason(reason)[:200],
    )
    return request.phone
