"""Who is told what, and how: rows in the outbox, written with the change they tell of.

A request's messages carry its version in their key, so that a repeated step is told once and a new one anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from mulin.base import outbox
from mulin.identity.models import User
from mulin.identity.notifying import notify
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.identifiers import is_mobile
from mulin.parts.areas import selectors as areas
from mulin.parts.partners import selectors as partners
from mulin.parts.service_requests.links import link_secret
from mulin.parts.service_requests.models import Offer, ServiceRequest, Telling
from mulin.parts.service_requests.rules import Step, Way, is_told_in_person


def about(request: ServiceRequest) -> str:
    return f"service_requests:{request.public_id}"


def public_link(public_id: str) -> str:
    """The whole address of a request's secret link, as it is sent and printed."""
    path = reverse("service_requests:by_secret", args=[link_secret(public_id)])
    return f"{settings.MULIN_PUBLIC_ADDRESS}{path}"


def work_link(request: ServiceRequest) -> str:
    return reverse("service_requests:work_one", args=[request.public_id])


def tell_users(
    request: ServiceRequest,
    user_ids: Sequence[int | None],
    subject: str,
    now: datetime,
    *,
    link: str,
    key: str,
    known: Sequence[User] = (),
) -> None:
    """Put a line into each user's inbox, and into their mail where they want it; nobody to tell is not an error."""
    notify(
        user_ids=[user_id for user_id in user_ids if user_id is not None],
        subject=subject[:200],
        body=request.title,
        link=link,
        about=about(request),
        once_key=f"request:{request.public_id}:{request.version}:{key}",
        now=now,
        known=known,
    )


def tell_requester(request: ServiceRequest, text: str, now: datetime, *, is_present: bool = False) -> None:
    """Tell the person it is for: in their inbox when they have an account, by SMS when they left a mobile number.

    Whom neither reaches, or who asked for it, is to be told in person, unless they are there (`is_present`).
    """
    own = reverse("service_requests:mine", args=[request.public_id])
    tell_users(request, [request.requester_id], text, now, link=own, key="requester")
    if request.phone and is_mobile(request.phone):
        outbox.queue(
            channel="sms",
            address=request.phone,
            subject="",
            body=f"【睦邻】您的事项 {request.number}：{text} {public_link(request.public_id)}",
            about=about(request),
            once_key=f"request:{request.public_id}:{request.version}:sms",
            now=now,
        )

    if not is_present and must_be_told_in_person(request):
        leave_telling(request, text, now)


def must_be_told_in_person(request: ServiceRequest) -> bool:
    return is_told_in_person(
        wants_visit=request.wants_visit,
        has_account=request.requester_id is not None,
        has_mobile=is_mobile(request.phone),
        has_telephone=bool(request.phone),
        channel=request.channel,
    )


def leave_telling(request: ServiceRequest, text: str, now: datetime) -> None:
    """Leave a line for staff to say; call it after the move that it tells of, in the same transaction."""
    Telling.objects.create(request=request, text=text[:200], created_at=now)
    if request.tell_since is None:
        ServiceRequest.objects.filter(pk=request.pk).update(tell_since=now)
        request.tell_since = now


def end_tellings(
    request: ServiceRequest, now: datetime, *, way: Way | None = None, by_user_id: int | None = None
) -> None:
    """Nothing waits to be said any more: somebody said it, or the person has acted on it already.

    Costs nothing when nothing waits. Call it after the move, in the same transaction.
    """
    if request.tell_since is None:
        return
    waiting = Telling.objects.filter(request=request, told_at__isnull=True)
    waiting.update(told_at=now, told_by_id=by_user_id, how=way or "")
    ServiceRequest.objects.filter(pk=request.pk).update(tell_since=None)
    request.tell_since = None


def tell_requester_raised(request: ServiceRequest, now: datetime) -> None:
    due = request.due_at.astimezone(COUNTY_TIME_ZONE) if request.due_at else None
    by = f"{due.month}月{due.day}日 {due:%H:%M} 前" if due else "尽快"
    tell_requester(request, f"已收到，{request.area.name}会在 {by}答复您。", now, is_present=True)


def tell_community(request: ServiceRequest, now: datetime) -> None:
    """Tell whoever answers for the place that something new waits."""
    subject = f"新事项 {request.number} 待受理"
    found = responsible(request, now)
    if found:
        link = work_link(request)
        tell_users(request, [found.pk], subject, now, link=link, key="community", known=[found])


def responsible(request: ServiceRequest, now: datetime) -> User | None:
    """Whoever answers for the place today."""
    return areas.responsible_for(request.grid or request.area, now.astimezone(COUNTY_TIME_ZONE).date())


def tell_dispatcher(request: ServiceRequest, subject: str, now: datetime, *, key: str) -> None:
    """Tell whoever dispatched it last that it is theirs again; when they are gone, whoever answers for the place."""
    dispatches = request.events.filter(step=Step.DISPATCH, actor__is_active=True)
    dispatcher = dispatches.order_by("-sequence").values_list("actor_id", flat=True).first()
    known = [] if dispatcher else [found for found in (responsible(request, now),) if found]
    user_ids = [dispatcher, *(user.pk for user in known)]
    tell_users(request, user_ids, subject, now, link=work_link(request), key=key, known=known)


def tell_holder(request: ServiceRequest, subject: str, now: datetime, *, key: str = "holder") -> None:
    """Tell the partner's people, or the member of staff, who has the request now.

    Whoever is told that it is taken away needs another `key`: it may be of the version in which it was given to them.
    """
    if request.holder_partner_id:
        link = reverse("service_requests:partner_home")
        tell_users(request, partners.member_ids(request.holder_partner_id), subject, now, link=link, key=key)
    else:
        tell_users(request, [request.holder_user_id], subject, now, link=work_link(request), key=key)


def tell_offer(offer: Offer, now: datetime) -> None:
    """Tell a partner's people of an offer that has just been opened to them."""
    request = offer.request
    link = reverse("service_requests:partner_home")
    subject = f"新订单 {request.number}，请接单"
    tell_users(
        request, partners.member_ids(offer.partner_id), subject, now, link=link, key=f"offer{offer.pk}"
    )
