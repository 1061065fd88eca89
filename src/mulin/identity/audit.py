"""The record of acts and of looks at personal data."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mulin.identity.access import Actor
from mulin.identity.models import AuditEntry


def record(
    *,
    actor: Actor,
    act: str,
    now: datetime,
    about: str = "",
    area_path: str = "",
    reason: str = "",
    data: dict[str, object] | None = None,
) -> AuditEntry:
    """Write one entry. Must be called inside the transaction of the act, so that neither stands without the other."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs into the transaction of what it records")
    return AuditEntry.objects.create(
        at=now,
        actor_id=actor.user_id,
        actor_label=actor.name,
        act=act,
        about=about,
        area_path=area_path,
        reason=reason,
        data=data or {},
    )
