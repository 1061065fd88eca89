"""The person it was for has the last word: confirm and rate, return, reopen; silence closes, and is counted apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from mulin.identity.access import SYSTEM, Actor
from mulin.kernel.errors import MulinError, WrongState
from mulin.parts.service_requests.clocks import dispatch_by, reopen_until
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status, Step, check_score
from mulin.parts.service_requests.services.moving import move
from mulin.parts.service_requests.services.telling import end_tellings, tell_dispatcher, tell_holder

RESIDENT = "居民"


@transaction.atomic
def request_confirm(
    *,
    request: ServiceRequest,
    actor: Actor,
    now: datetime,
    score: int | None = None,
    comment: str = "",
    label: str = "",
) -> ServiceRequest:
    """The resident says it is solved, and may rate it from 1 to 5 with a word; `label` when somebody records it."""
    move(
        request,
        Step.CONFIRM,
        actor=actor,
        now=now,
        note=comment.strip()[:500],
        label=label or actor.name or RESIDENT,
        answered_at=now,
        is_solved=True,
        score=check_score(score),
        comment=comment.strip()[:500],
        due_at=reopen_until(request.type, now),
    )
    end_tellings(request, now)
    tell_holder(request, f"{request.number} 居民已确认", now)
    return request


@transaction.atomic
def request_rate(
    *, request: ServiceRequest, actor: Actor, now: datetime, score: int, comment: str = ""
) -> ServiceRequest:
    """Rate later what was confirmed before; a second rating is refused."""
    if request.score is not None:
        raise WrongState(
            zh="您已经评过分了，谢谢。", en="You have rated this already. Thank you.", code="rated-already"
        )
    return move(
        request,
        Step.RATE,
        actor=actor,
        now=now,
        note=comment.strip()[:500],
        label=actor.name or RESIDENT,
        score=check_score(score),
        comment=comment.strip()[:500],
    )


def back_to_community(request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """A matter that is not solved is not done; it goes back to whoever answers for the place, who sees who had it."""
    return {
        "outcome": "",
        "handled_at": None,
        "is_solved": False,
        "answered_at": now,
        "closed_at": None,
        "return_count": request.return_count + 1,
        "due_at": dispatch_by(request.type, now),
    }


@transaction.atomic
def request_return(
    *, request: ServiceRequest, actor: Actor, now: datetime, reason: str, label: str = ""
) -> ServiceRequest:
    """The resident says it is not solved, and why; `label` when somebody records it."""
    move(
        request,
        Step.RETURN,
        actor=actor,
        now=now,
        note=reason,
        label=label or actor.name or RESIDENT,
        **back_to_community(request, now),
    )
    end_tellings(request, now)
    tell_returned(request, now)
    return request


@transaction.atomic
def request_reopen(*, request: ServiceRequest, actor: Actor, now: datetime, reason: str) -> ServiceRequest:
    """It was confirmed, or closed for want of an answer, and has come back. Allowed for the type's number of days.

    Raises WrongState when the time is over or when it was closed after a confirmation.
    """
    since = request.answered_at if request.status == Status.CONFIRMED else request.closed_at
    is_unanswered = request.status == Status.CLOSED and request.is_solved is None
    if (
        since is None
        or (request.status == Status.CLOSED and not is_unanswered)
        or now >= reopen_until(request.type, since)
    ):
        raise WrongState(
            zh="已过可以重新提出的时间，请新提一件，我们会接着办。",
            en="It is too late to reopen this. Please raise it anew and we will go on from there.",
            code="reopen-too-late",
        )
    move(
        request,
        Step.REOPEN,
        actor=actor,
        now=now,
        note=reason,
        label=actor.name or RESIDENT,
        **back_to_community(request, now),
    )
    end_tellings(request, now)
    tell_returned(request, now)
    return request


def tell_returned(request: ServiceRequest, now: datetime) -> None:
    subject = f"{request.number} 居民说没解决，请处理"
    tell_dispatcher(request, subject, now, key="returned")
    tell_holder(request, subject, now)


@transaction.atomic
def request_close(*, request: ServiceRequest, actor: Actor, now: datetime) -> ServiceRequest:
    """File a confirmed request away."""
    return move(request, Step.CLOSE, actor=actor, now=now, is_public=False, **ended(now))


def ended(now: datetime) -> dict[str, Any]:
    return {
        "closed_at": now,
        "due_at": None,
        "holder_user_id": None,
        "holder_partner_id": None,
        "holder_label": "",
    }


def requests_close_confirmed(*, now: datetime, limit: int = 500) -> int:
    """Close what was confirmed and can no longer be reopened."""
    waiting = ServiceRequest.objects.filter(status=Status.CONFIRMED, due_at__lte=now).order_by("due_at")[
        :limit
    ]
    return sum(closed_by_time(request, Step.CLOSE, now) for request in waiting)


def requests_close_unanswered(*, now: datetime, limit: int = 500) -> int:
    """Close what was handled and never answered. It counts as neither solved nor unsolved.

    Whoever still waits to be told has not been asked: their silence is none.
    """
    asked = ServiceRequest.objects.filter(tell_since__isnull=True)
    waiting = asked.filter(status=Status.HANDLED, due_at__lte=now).order_by("due_at")[:limit]
    return sum(closed_by_time(request, Step.UNANSWERED, now) for request in waiting)


def closed_by_time(request: ServiceRequest, step: Step, now: datetime) -> bool:
    try:
        with transaction.atomic():
            move(request, step, actor=SYSTEM, now=now, is_public=step is Step.UNANSWERED, **ended(now))
    except MulinError:
        return False
    return True
