"""The short lists of the workbench's first page: what is most urgent, what waits for a word, where it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from mulin.identity.access import Actor
from mulin.parts.areas import selectors as areas
from mulin.parts.areas.rules import AreaKind
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import AWAITING_COMMUNITY, OPEN, Status
from mulin.parts.service_requests.selectors.lists import COLUMNS, QueueRow, overdue, queue_row, visible

UNDER_WAY = OPEN - {Status.HANDLED, Status.CONFIRMED}


@dataclass(frozen=True, slots=True)
class LateCommunity:
    """One community with matters past their time: how many, and since when the oldest one is late."""

    public_id: str
    name: str
    count: int
    late_since: datetime


def is_wide(actor: Actor, permission: str = "requests.view") -> bool:
    """Whether the actor looks after more than one community. One query."""
    return areas.areas_below(actor.paths(permission), AreaKind.COMMUNITY).order_by()[:2].count() > 1


def first_rows(actor: Actor, wanted: Q, limit: int) -> list[QueueRow]:
    """The rows whose time runs out first. One query."""
    found = ServiceRequest.objects.filter(wanted & visible(actor)).order_by("due_at", "id")
    return [queue_row(row) for row in found.values_list(*COLUMNS)[:limit]]


def most_urgent(actor: Actor, limit: int) -> list[QueueRow]:
    """What waits for the community's step, and what is in the actor's own hands."""
    mine = Q(holder_user_id=actor.user_id or 0, status__in=UNDER_WAY)
    return first_rows(actor, mine | Q(status__in=AWAITING_COMMUNITY), limit)


def in_own_hands(actor: Actor, limit: int) -> list[QueueRow]:
    return first_rows(actor, Q(holder_user_id=actor.user_id or 0, status__in=UNDER_WAY), limit)


def around(actor: Actor, limit: int) -> list[QueueRow]:
    """What is under way in the actor's areas in other hands."""
    return first_rows(actor, Q(status__in=UNDER_WAY) & ~Q(holder_user_id=actor.user_id or 0), limit)


def sent_back(actor: Actor, limit: int) -> list[QueueRow]:
    """What residents call unsolved."""
    return first_rows(actor, Q(status=Status.RETURNED), limit)


def awaiting_residents(actor: Actor, limit: int) -> list[QueueRow]:
    return first_rows(actor, Q(status=Status.HANDLED), limit)


def late_communities(actor: Actor, limit: int, *, now: datetime) -> list[LateCommunity]:
    """Communities by how many of their matters are late. One query."""
    late = ServiceRequest.objects.filter(overdue(actor, now) & visible(actor)).order_by()
    groups = late.values_list("area__public_id", "area__name").annotate(
        count=Count("pk"), since=Min("due_at")
    )
    return [LateCommunity(*group) for group in groups.order_by("-count", "since")[:limit]]
