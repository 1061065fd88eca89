"""Staff speak with people who use no screen: tell them how things stand, and record what they say as theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from mulin.identity.access import Actor
from mulin.kernel.errors import WrongState
from mulin.parts.service_requests.clocks import confirm_by
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status, Step, Way, require_reason
from mulin.parts.service_requests.selectors.telling import tellings_open
from mulin.parts.service_requests.services.closing import RESIDENT, request_confirm, request_return
from mulin.parts.service_requests.services.moving import move
from mulin.parts.service_requests.services.taking_in import request_withdraw
from mulin.parts.service_requests.services.telling import end_tellings, tell_requester

SPOKEN = {Way.TELEPHONE: "电话", Way.VISIT: "上门", Way.IN_PERSON: "当面"}
CALLED_BACK = SPOKEN | {Way.TELEPHONE: "电话回访"}


@transaction.atomic
def answer_record(
    *,
    request: ServiceRequest,
    actor: Actor,
    now: datetime,
    way: Way,
    is_solved: bool,
    score: int | None = None,
    words: str = "",
) -> ServiceRequest:
    """The resident's own answer, asked for and written down by somebody who did not do the work.

    `words` are the resident's; without them nothing goes back as unsolved. Whoever can be reached is told what was
    written in their name. Raises WrongState when the actor did the work.
    """
    refuse_own_work(request, actor)
    end_tellings(request, now, way=way, by_user_id=actor.user_id)
    label = recorded_label(CALLED_BACK[way], actor)
    if is_solved:
        request_confirm(request=request, actor=actor, now=now, score=score, comment=words, label=label)
    else:
        request_return(request=request, actor=actor, now=now, reason=words, label=label)
    said = "已解决" if is_solved else "没解决"
    tell_requester(request, f"社区按您的话记下：{said}。如果不对，请告诉社区。", now, is_present=True)
    return request


@transaction.atomic
def withdrawal_record(
    *, request: ServiceRequest, actor: Actor, now: datetime, way: Way, reason: str
) -> ServiceRequest:
    """The resident told staff that it is not needed any more. Raises InvalidInput without a reason.

    What came back as unsolved is not ended by whoever left it unsolved: that raises WrongState.
    """
    if request.status == Status.RETURNED:
        refuse_own_work(request, actor)
    end_tellings(request, now, way=way, by_user_id=actor.user_id)
    label = recorded_label(SPOKEN[way], actor)
    request_withdraw(request=request, actor=actor, now=now, reason=require_reason(reason)[:1000], label=label)
    tell_requester(request, "社区按您的话撤回了这件事。如果不对，请告诉社区。", now, is_present=True)
    return request


@transaction.atomic
def tellings_record(*, request: ServiceRequest, actor: Actor, now: datetime, way: Way) -> ServiceRequest:
    """The person was told everything that waited to be said. Raises WrongState when nothing waits.

    Whoever was asked only now whether it is solved has the whole time to answer from now on.
    """
    texts = tellings_open(request).values_list("text", flat=True)
    said = " ".join(texts)
    if not said:
        raise WrongState(
            zh="没有要告诉居民的话，可能同事刚告知过。",
            en="There is nothing to tell the resident; a colleague may just have done it.",
            code="nothing-to-tell",
        )
    changes: dict[str, Any] = (
        {"due_at": confirm_by(request.type, now)} if request.status == Status.HANDLED else {}
    )
    note = f"已{SPOKEN[way]}告知：{said}"[:1000]
    move(request, Step.NOTE, actor=actor, now=now, note=note, **changes)
    end_tellings(request, now, way=way, by_user_id=actor.user_id)
    return request


def recorded_label(how: str, actor: Actor) -> str:
    """Whose word it is, how it was heard, and who wrote it down."""
    return f"{RESIDENT}（{how}，{actor.name} 记录）"[:120]


def is_own_work(request: ServiceRequest, actor: Actor) -> bool:
    """Whether the actor has the request in hand or recorded last what was done. One query at most."""
    if actor.user_id is None or request.holder_user_id == actor.user_id:
        return True
    handled = request.events.filter(step=Step.HANDLE).order_by("-sequence")
    return handled.values_list("actor_id", flat=True).first() == actor.user_id


def refuse_own_work(request: ServiceRequest, actor: Actor) -> None:
    """Who did the work does not also say that it was well done: another person calls back."""
    if is_own_work(request, actor):
        raise WrongState(
            zh="这件事是您办的，不能由您替居民答复。请另一位同事回访，再记下居民的话。",
            en="You did this yourself, so you cannot answer for the resident. Please have a colleague call and record it.",
            code="own-work",
        )
