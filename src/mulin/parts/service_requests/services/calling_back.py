"""Who had a request is gone: the partner left, the account was closed, the post is somebody else's.

The parts below know nothing of requests, so nobody tells us: we look, every few minutes, and bring the request home.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from mulin.base.paths import is_below
from mulin.identity.access import SYSTEM
from mulin.identity.selectors import paths_held
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import MulinError
from mulin.parts.partners.rules import PartnerState
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.services.dispatching import request_recall

FINISHING = (PartnerState.ADMITTED, PartnerState.SUSPENDED)
PARTNER_GONE = "原承办的合伙人已退出，社区重新安排。"
STAFF_GONE = "原承办人已不在这个岗位，社区重新安排。"


def requests_call_back(*, now: datetime, limit: int = 200) -> int:
    """Give the community back what nobody is there to do any more. Safe to run twice; returns how many came back.

    A suspended partner still finishes what it took; what is on offer to one is the affair of `offers_move_on`.
    """
    left = Q(status=Status.TAKEN, holder_partner__isnull=False) & ~Q(holder_partner__state__in=FINISHING)
    partners_gone = [
        (pk, PARTNER_GONE) for pk in ServiceRequest.objects.filter(left).values_list("pk", flat=True)
    ]
    gone = (partners_gone + [(pk, STAFF_GONE) for pk in without_staff(now)])[:limit]
    return sum(called_back(pk, reason, now) for pk, reason in gone)


def without_staff(now: datetime) -> list[int]:
    """Requests in the hands of staff who may not handle any in their place today. Two queries."""
    held = list(
        ServiceRequest.objects.filter(
            status__in=[Status.DISPATCHED, Status.TAKEN], holder_user__isnull=False
        ).values_list("pk", "holder_user_id", "area_path")
    )
    holders = {user for _, user, _ in held}
    paths = paths_held("requests.handle", holders, today=now.astimezone(COUNTY_TIME_ZONE).date())
    return [pk for pk, user, place in held if not any(is_below(place, path) for path in paths.get(user, ()))]


def called_back(pk: int, reason: str, now: datetime) -> bool:
    """False when somebody else moved the request in the same moment."""
    request = ServiceRequest.objects.select_related("type", "area", "grid").get(pk=pk)
    try:
        request_recall(request=request, actor=SYSTEM, now=now, reason=reason)
    except MulinError:
        return False
    return True
