"""Requests by a number or by words, for the search over all parts."""

from __future__ import annotations

from mulin.identity.access import Actor
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.selectors.lists import COLUMNS, QueueRow, matching, queue_row, visible


def find_rows(actor: Actor, words: str, limit: int) -> list[QueueRow]:
    """What the actor may see, the newest first. One query."""
    found = ServiceRequest.objects.filter(matching(words) & visible(actor)).order_by("-raised_at", "-id")
    return [queue_row(row) for row in found.values_list(*COLUMNS)[:limit]]
