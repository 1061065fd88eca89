"""The life of a request: states, steps, who may take each step, and what it leads to. Pure.

raised ──accept──▶ accepted ──dispatch──▶ dispatched ──take──▶ taken ──handle──▶ handled ──confirm──▶ confirmed
  │                   ▲  ▲                    │                  │                 │ │                   │
  │                   │  └──── nobody left ───┘                  │                 │ └─return─▶ returned  │
  │                   └──────────── give back, recall ───────────┘                 │              │      │
  ├─reject─▶ rejected                                    no answer in time ────────┤              │      │
  └─withdraw─▶ withdrawn (any open state before handled)                           ▼              ▼      ▼
                                                                                 closed ◀── close, reopen ──
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mulin.kernel.errors import InvalidInput, WrongState


class Status(StrEnum):
    """Where a request stands."""

    RAISED = "raised"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    TAKEN = "taken"
    HANDLED = "handled"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What really came of it, told apart from the status: a closed request need not be a solved one."""

    DONE = "done"
    CANNOT = "cannot"
    NOT_OURS = "not_ours"
    DUPLICATE = "duplicate"
    NO_LONGER_NEEDED = "no_longer_needed"


class Step(StrEnum):
    """What somebody, or the passing of time, does to a request."""

    RAISE = "raise"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    DISPATCH = "dispatch"
    OFFER = "offer"
    DECLINE = "decline"
    OFFER_LAPSED = "offer_lapsed"
    OFFER_CANCELLED = "offer_cancelled"
    NOBODY_LEFT = "nobody_left"
    TAKE = "take"
    GIVE_BACK = "give_back"
    RECALL = "recall"
    HANDLE = "handle"
    CONFIRM = "confirm"
    RETURN = "return"
    RESUME = "resume"
    REOPEN = "reopen"
    CLOSE = "close"
    UNANSWERED = "unanswered"
    NOTE = "note"
    RATE = "rate"


class Channel(StrEnum):
    """How a request came in; paper and voice count as much as a phone."""

    CODE_PAGE = "code_page"
    WEB = "web"
    TELEPHONE = "telephone"
    DESK = "desk"
    VISIT = "visit"
    IMPORT = "import"
    API = "api"


class Way(StrEnum):
    """How staff spoke with somebody who uses no screen."""

    TELEPHONE = "telephone"
    VISIT = "visit"
    IN_PERSON = "in_person"


class OfferState(StrEnum):
    """One partner's place in the order of offers."""

    WAITING = "waiting"
    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


BY_STAFF = frozenset({Channel.TELEPHONE, Channel.DESK, Channel.VISIT})
OPEN = frozenset(
    {
        Status.RAISED,
        Status.ACCEPTED,
        Status.DISPATCHED,
        Status.TAKEN,
        Status.HANDLED,
        Status.RETURNED,
        Status.CONFIRMED,
    }
)
FINAL = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.REJECTED})
AWAITING_COMMUNITY = frozenset({Status.RAISED, Status.ACCEPTED, Status.RETURNED})

TRANSITIONS: dict[Step, dict[Status, Status]] = {
    Step.ACCEPT: {Status.RAISED: Status.ACCEPTED},
    Step.REJECT: {Status.RAISED: Status.REJECTED, Status.ACCEPTED: Status.REJECTED},
    Step.WITHDRAW: dict.fromkeys(
        (Status.RAISED, Status.ACCEPTED, Status.DISPATCHED, Status.TAKEN, Status.RETURNED), Status.WITHDRAWN
    ),
    Step.DISPATCH: dict.fromkeys((Status.RAISED, Status.ACCEPTED, Status.RETURNED), Status.DISPATCHED),
    Step.OFFER: {Status.DISPATCHED: Status.DISPATCHED},
    Step.DECLINE: {Status.DISPATCHED: Status.DISPATCHED},
    Step.OFFER_LAPSED: {Status.DISPATCHED: Status.DISPATCHED},
    Step.OFFER_CANCELLED: {Status.DISPATCHED: Status.DISPATCHED},
    Step.NOBODY_LEFT: {Status.DISPATCHED: Status.ACCEPTED},
    Step.TAKE: {Status.DISPATCHED: Status.TAKEN},
    Step.GIVE_BACK: {Status.TAKEN: Status.ACCEPTED},
    Step.RECALL: {Status.DISPATCHED: Status.ACCEPTED, Status.TAKEN: Status.ACCEPTED},
    Step.HANDLE: {Status.TAKEN: Status.HANDLED},
    Step.CONFIRM: {Status.HANDLED: Status.CONFIRMED},
    Step.RETURN: {Status.HANDLED: Status.RETURNED},
    Step.RESUME: {Status.RETURNED: Status.TAKEN},
    Step.UNANSWERED: {Status.HANDLED: Status.CLOSED},
    Step.CLOSE: {Status.CONFIRMED: Status.CLOSED},
    Step.REOPEN: {Status.CONFIRMED: Status.RETURNED, Status.CLOSED: Status.RETURNED},
    Step.NOTE: {status: status for status in Status},
    Step.RATE: {Status.CONFIRMED: Status.CONFIRMED, Status.CLOSED: Status.CLOSED},
}


def is_told_in_person(
    *, wants_visit: bool, has_account: bool, has_mobile: bool, has_telephone: bool, channel: str
) -> bool:
    """Whether somebody must call or visit, because no message reaches the person.

    Whoever asked for it always; else whoever has neither account nor mobile number, but left a telephone or came by
    staff. Who wrote on a page and left nothing keeps the link, and nobody would know where to find them.
    """
    is_reached = has_account or has_mobile
    can_be_found = has_telephone or channel in BY_STAFF
    return wants_visit or (not is_reached and can_be_found)


MINIMUM_TEXT_LENGTH = 2
MAXIMUM_TEXT_LENGTH = 5_000
STEPS_WITH_REASON = frozenset(
    {Step.REJECT, Step.GIVE_BACK, Step.RECALL, Step.RETURN, Step.REOPEN, Step.DECLINE}
)


def next_status(step: Step, status: Status) -> Status:
    """Where `step` leads from `status`; raises WrongState when the step is not possible there.

    >>> next_status(Step.TAKE, Status.DISPATCHED)
    <Status.TAKEN: 'taken'>
    """
    try:
        return TRANSITIONS[step][status]
    except KeyError:
        raise WrongState(code=f"cannot-{step.value.replace('_', '-')}-{status.value}") from None


def possible_steps(status: Status) -> frozenset[Step]:
    """Every step that `status` allows."""
    return frozenset(step for step, arrows in TRANSITIONS.items() if status in arrows)


def check_reason(step: Step, reason: str) -> str:
    """The reason, trimmed; a step that takes something away from somebody needs one."""
    return require_reason(reason) if step in STEPS_WITH_REASON else reason.strip()


def require_reason(reason: str) -> str:
    """The reason, trimmed, of at least two characters; raises InvalidInput."""
    reason = reason.strip()
    if len(reason) < MINIMUM_TEXT_LENGTH:
        raise InvalidInput(
            zh="请写明原因，会留在记录里。",
            en="Please give a reason. It is kept on the record.",
            field="reason",
            code="reason-missing",
        )
    return reason


SCORES = range(1, 6)


def check_text(text: str, longest: int = MAXIMUM_TEXT_LENGTH) -> str:
    """The words of a request, cleaned of control characters but otherwise as written.

    Raises InvalidInput when nothing is said or when it is longer than anybody would read.
    """
    cleaned = "".join(
        sign for sign in text.replace("\r\n", "\n") if sign in {"\n", "\t"} or sign >= " "
    ).strip()
    if len(cleaned) < MINIMUM_TEXT_LENGTH:
        raise InvalidInput(
            zh="请写一两句话，说说是什么事。",
            en="Please say in a sentence what it is about.",
            field="text",
            code="text-missing",
        )
    if len(cleaned) > longest:
        raise InvalidInput(
            zh=f"文字太长了（{len(cleaned)} 字）。请缩短到 {longest} 字以内，其余可以当面说。",
            en=f"The text is too long ({len(cleaned)} characters). Please keep it within {longest}.",
            field="text",
            code="text-too-long",
        )
    return cleaned


def check_way(text: str) -> Way:
    """How it was said; raises InvalidInput when that is not told."""
    try:
        return Way(text)
    except ValueError:
        raise InvalidInput(
            zh="请选择是打电话、上门，还是当面说的。",
            en="Please choose whether it was said by telephone, at their door or face to face.",
            field="way",
            code="way-missing",
        ) from None


def check_score(score: int | None) -> int | None:
    """A rating from 1 to 5, or none at all: nobody must rate."""
    if score is not None and score not in SCORES:
        raise InvalidInput(
            zh="请在 1 到 5 分里选一个。",
            en="Please choose between 1 and 5.",
            field="score",
            code="score-range",
        )
    return score


@dataclass(frozen=True)
class Clocks:
    """How long each step of a request type may take. Minutes are natural; days are working days.

    `handle_minutes` and `handle_working_days`: the one that is given counts; both given is an error of the pack.
    """

    accept_minutes: int
    dispatch_minutes: int
    offer_minutes: int
    handle_minutes: int | None
    handle_working_days: int | None
    confirm_days: int
    reopen_days: int
