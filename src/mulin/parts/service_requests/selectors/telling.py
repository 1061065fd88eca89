"""What waits to be said to people whom no message reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from mulin.parts.service_requests.models import ServiceRequest, Telling


def tellings_open(request: ServiceRequest) -> QuerySet[Telling]:
    """What waits to be said about a request, the oldest first."""
    return Telling.objects.filter(request=request, told_at__isnull=True).order_by("created_at", "pk")


def texts_to_tell(public_ids: Sequence[str]) -> dict[str, tuple[str, datetime]]:
    """By request: the latest that waits to be said, and since when the oldest waits. One query."""
    rows = Telling.objects.filter(request__public_id__in=public_ids, told_at__isnull=True)
    found: dict[str, tuple[str, datetime]] = {}
    for public_id, text, since in rows.order_by("created_at", "pk").values_list(
        "request__public_id", "text", "created_at"
    ):
        found[public_id] = (text, found[public_id][1] if public_id in found else since)
    return found
