"""A user's inbox inside the application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mulin.base.models import Notice


def notice_list(user_id: int, limit: int = 50) -> Sequence[Notice]:
    """What stands in the user's inbox, newest first."""
    return list(Notice.objects.filter(recipient_id=user_id).order_by("-created_at", "-pk")[:limit])


def unread_count(user_id: int) -> int:
    return Notice.objects.filter(recipient_id=user_id, read_at__isnull=True).count()


def notices_read(user_id: int, now: datetime, public_ids: Sequence[str] | None = None) -> int:
    """Mark the user's own notices as read, all of them or those named; how many were unread."""
    rows = Notice.objects.filter(recipient_id=user_id, read_at__isnull=True)
    return (rows if public_ids is None else rows.filter(public_id__in=public_ids)).update(read_at=now)
