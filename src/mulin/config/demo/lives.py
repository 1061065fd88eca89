"""The life of one request in memory: each step does to the row what the service of that step does.

A test drives the real services through the same steps and compares every column.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mulin.identity.models import User
from mulin.kernel.calendars import WorkCalendar, deadline_minutes, deadline_working_days
from mulin.parts.partners.models import Partner
from mulin.parts.service_requests.clocks import (
    accept_by,
    answer_offer_by,
    clocks_of,
    confirm_by,
    dispatch_by,
    reopen_until,
)
from mulin.parts.service_requests.models import Offer, RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Outcome, Status, Step, check_reason, next_status

RESIDENT = "居民"
SYSTEM = "系统"


@dataclass
class Life:
    """A request with its timeline and its offers, none of them stored yet."""

    request: ServiceRequest
    calendar: WorkCalendar
    community: str
    events: list[RequestEvent] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    @property
    def status(self) -> Status:
        return Status(self.request.status)

    @property
    def due_at(self) -> datetime:
        assert self.request.due_at is not None, f"nothing is due while it is {self.status}"
        return self.request.due_at

    @property
    def open_offer(self) -> Offer | None:
        return next((offer for offer in self.offers if offer.state == OfferState.OPEN), None)

    def raised(self, at: datetime, actor: User | None, label: str) -> None:
        request = self.request
        request.status, request.version, request.raised_at = Status.RAISED, 1, at
        request.due_at, request.holder_label = accept_by(request.type, at), self.community
        self.events.append(
            RequestEvent(
                sequence=1, step=Step.RAISE, at=at, actor=actor, actor_label=label, due_at=request.due_at
            )
        )

    def move(
        self,
        step: Step,
        at: datetime,
        actor: User | None,
        *,
        note: str = "",
        label: str = "",
        is_public: bool = True,
        **changes: Any,
    ) -> None:
        request = self.request
        note = check_reason(step, note)
        request.status = next_status(step, self.status)
        for name, value in changes.items():
            setattr(request, name, value)
        request.version += 1
        self.events.append(
            RequestEvent(
                sequence=request.version,
                step=step,
                at=at,
                actor=actor,
                actor_label=label or (actor.display_name if actor else SYSTEM),
                note=note,
                is_public=is_public,
                due_at=request.due_at,
            )
        )

    def accept(self, at: datetime, worker: User, note: str = "") -> None:
        due_at = dispatch_by(self.request.type, at)
        self.move(
            Step.ACCEPT,
            at,
            worker,
            note=note,
            accepted_at=at,
            due_at=due_at,
            holder_user=worker,
            holder_label=self.community,
        )

    def reject(self, at: datetime, worker: User, reason: str, outcome: Outcome) -> None:
        self.move(
            Step.REJECT,
            at,
            worker,
            note=reason,
            outcome=outcome,
            closed_at=at,
            due_at=None,
            holder_user=None,
            holder_label="",
        )

    def withdraw(self, at: datetime, reason: str) -> None:
        self.cancel_offers(at)
        self.move(
            Step.WITHDRAW,
            at,
            None,
            note=reason,
            label=RESIDENT,
            outcome=Outcome.NO_LONGER_NEEDED,
            closed_at=at,
            due_at=None,
            holder_user=None,
            holder_partner=None,
            holder_label="",
        )

    def dispatch_to_partners(
        self, at: datetime, worker: User, partners: list[Partner], note: str = ""
    ) -> None:
        last = max((offer.round for offer in self.offers), default=0)
        self.offers += [
            Offer(round=last + 1, position=position, partner=partner, state=OfferState.WAITING)
            for position, partner in enumerate(partners, 1)
        ]
        changes = self.opened(self.next_waiting(), at)
        accepted_at = self.request.accepted_at or at
        self.move(Step.DISPATCH, at, worker, note=note, dispatched_at=at, accepted_at=accepted_at, **changes)

    def next_waiting(self) -> Offer | None:
        waiting = [offer for offer in self.offers if offer.state == OfferState.WAITING]
        return min(waiting, key=lambda offer: (offer.round, offer.position), default=None)

    def opened(self, offer: Offer | None, at: datetime) -> dict[str, Any]:
        assert offer is not None, "somebody is next"
        offer.state, offer.opened_at, offer.answer_by = (
            OfferState.OPEN,
            at,
            answer_offer_by(self.request.type, at),
        )
        return {
            "holder_partner": offer.partner,
            "holder_user": None,
            "holder_label": offer.partner.name,
            "due_at": offer.answer_by,
        }

    def ended(self, state: OfferState, at: datetime, actor: User | None, reason: str = "") -> Offer:
        offer = self.open_offer
        assert offer is not None, "an offer is open while the request is dispatched to partners"
        offer.state, offer.answered_at, offer.answered_by, offer.reason = state, at, actor, reason
        return offer

    def decline(self, at: datetime, actor: User, reason: str) -> None:
        offer = self.ended(OfferState.DECLINED, at, actor, reason)
        self.go_on(Step.DECLINE, at, actor, reason, offer.partner.name)

    def lapse(self, at: datetime) -> None:
        offer = self.ended(OfferState.LAPSED, at, None)
        self.go_on(Step.OFFER_LAPSED, at, None, "", offer.partner.name)

    def go_on(self, step: Step, at: datetime, actor: User | None, note: str, label: str) -> None:
        following = self.next_waiting()
        if following is not None:
            self.move(step, at, actor, note=note, label=label, **self.opened(following, at))
            return
        self.move(step, at, actor, note=note, label=label)
        due_at = dispatch_by(self.request.type, at)
        self.move(
            Step.NOBODY_LEFT,
            at,
            actor,
            label=self.community,
            holder_partner=None,
            holder_user=None,
            holder_label=self.community,
            due_at=due_at,
        )

    def offer_taken(self, at: datetime, actor: User) -> None:
        offer = self.ended(OfferState.TAKEN, at, actor)
        self.cancel_offers(at)
        self.take(at, actor, offer.partner.name)

    def cancel_offers(self, at: datetime) -> None:
        for offer in self.offers:
            if offer.state in {OfferState.WAITING, OfferState.OPEN}:
                offer.state, offer.answered_at = OfferState.CANCELLED, at

    def dispatch_to_staff(self, at: datetime, worker: User, user: User, note: str = "") -> None:
        self.move(
            Step.DISPATCH,
            at,
            worker,
            note=note,
            dispatched_at=at,
            holder_user=user,
            holder_partner=None,
            holder_label=user.display_name,
            due_at=dispatch_by(self.request.type, at),
            accepted_at=self.request.accepted_at or at,
        )
        if user is worker:
            self.take(at, worker)

    def take(self, at: datetime, actor: User, label: str = "") -> None:
        due_at = self.handle_by(at)
        self.move(Step.TAKE, at, actor, label=label, taken_at=at, due_at=due_at, handle_due_at=due_at)

    def handle_by(self, at: datetime) -> datetime:
        clocks = clocks_of(self.request.type)
        if clocks.handle_minutes is not None:
            return deadline_minutes(at, clocks.handle_minutes)
        return deadline_working_days(at, clocks.handle_working_days or 0, self.calendar)

    def handle(self, at: datetime, actor: User, outcome: Outcome, note: str) -> None:
        partner = self.request.holder_partner
        due_at = confirm_by(self.request.type, at)
        label = partner.name if partner else ""
        self.move(
            Step.HANDLE,
            at,
            actor,
            note=note,
            label=label,
            handled_at=at,
            outcome=outcome,
            is_solved=None,
            answered_at=None,
            due_at=due_at,
        )

    def resume(self, at: datetime, actor: User) -> None:
        partner = self.request.holder_partner
        due_at = self.handle_by(at)
        self.move(
            Step.RESUME,
            at,
            actor,
            label=partner.name if partner else "",
            due_at=due_at,
            handle_due_at=due_at,
            taken_at=at,
        )

    def confirm(self, at: datetime, score: int | None, comment: str) -> None:
        due_at = reopen_until(self.request.type, at)
        self.move(
            Step.CONFIRM,
            at,
            self.request.requester,
            note=comment,
            label=self.resident,
            answered_at=at,
            is_solved=True,
            score=score,
            comment=comment,
            due_at=due_at,
        )

    def returned(self, at: datetime, reason: str) -> None:
        self.move(
            Step.RETURN,
            at,
            self.request.requester,
            note=reason,
            label=self.resident,
            outcome="",
            handled_at=None,
            is_solved=False,
            answered_at=at,
            closed_at=None,
            return_count=self.request.return_count + 1,
            due_at=dispatch_by(self.request.type, at),
        )

    @property
    def resident(self) -> str:
        return self.request.requester.display_name if self.request.requester else RESIDENT

    def close(self, at: datetime) -> None:
        self.end(Step.CLOSE, at, is_public=False)

    def unanswered(self, at: datetime) -> None:
        self.end(Step.UNANSWERED, at, is_public=True)

    def end(self, step: Step, at: datetime, *, is_public: bool) -> None:
        self.move(
            step,
            at,
            None,
            is_public=is_public,
            closed_at=at,
            due_at=None,
            holder_user=None,
            holder_partner=None,
            holder_label="",
        )
