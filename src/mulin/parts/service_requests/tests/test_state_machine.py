"""The life of a request, driven at random and held against a model of a few lines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mulin.identity.access import ANONYMOUS
from mulin.kernel.errors import WrongState
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import Offer, RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import FINAL, OfferState, Outcome, Status, Step, possible_steps
from tests.support.world import World


class Life(RuleBasedStateMachine):
    """Somebody raises a request; then anybody does anything. The model knows the status and who is still to be asked."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.now = self.world.now

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @initialize()
    def somebody_raises_it(self) -> None:
        self.public_id = self.world.raise_request().public_id
        self.status = Status.RAISED
        self.queue: list[int] = []
        self.returns = 0
        self.is_solved: bool | None = None

    def row(self) -> ServiceRequest:
        return ServiceRequest.objects.select_related("type", "area", "grid", "holder_partner").get(
            public_id=self.public_id
        )

    def worker(self) -> object:
        return self.world.actor("worker")

    def attempt(self, step: Step, leads_to: Status, action: object) -> bool:
        """The service must agree with the model on whether the step is possible; returns whether it was taken."""
        if step in possible_steps(self.status):
            action()  # type: ignore[operator]
            self.status = leads_to
            return True
        with pytest.raises(WrongState), transaction.atomic():
            action()  # type: ignore[operator]
        return False

    @rule()
    def the_community_accepts(self) -> None:
        self.attempt(
            Step.ACCEPT,
            Status.ACCEPTED,
            lambda: services.request_accept(request=self.row(), actor=self.worker(), now=self.now),
        )

    @rule()
    def the_community_rejects(self) -> None:
        self.attempt(
            Step.REJECT,
            Status.REJECTED,
            lambda: services.request_reject(
                request=self.row(), actor=self.worker(), now=self.now, reason="不归社区管"
            ),
        )

    @rule(both=st.booleans())
    def it_is_offered_to_partners(self, both: bool) -> None:
        ids = [self.world.partner.pk, self.world.second_partner.pk][: 2 if both else 1]
        taken = self.attempt(
            Step.DISPATCH,
            Status.DISPATCHED,
            lambda: services.request_dispatch_to_partners(
                request=self.row(), partner_ids=ids, actor=self.worker(), now=self.now
            ),
        )
        if taken:
            self.queue = ids

    @rule()
    def a_worker_keeps_it(self) -> None:
        taken = self.attempt(
            Step.DISPATCH,
            Status.TAKEN,
            lambda: services.request_dispatch_to_staff(
                request=self.row(), user=self.world.users["worker"], actor=self.worker(), now=self.now
            ),
        )
        if taken:
            self.queue = []

    def open_offer(self) -> Offer:
        return Offer.objects.select_related("request__type", "request__area", "request__grid", "partner").get(
            request__public_id=self.public_id, state=OfferState.OPEN
        )

    @precondition(lambda self: self.status is Status.DISPATCHED and self.queue)
    @rule()
    def the_partner_takes_it(self) -> None:
        services.offer_take(offer=self.open_offer(), actor=self.world.actor("shop"), now=self.now)
        self.status, self.queue = Status.TAKEN, []

    @precondition(lambda self: self.status is Status.DISPATCHED and self.queue)
    @rule()
    def the_partner_declines(self) -> None:
        services.offer_decline(
            offer=self.open_offer(), actor=self.world.actor("shop"), now=self.now, reason="今天没空"
        )
        self.next_is_asked()

    @precondition(lambda self: self.status is Status.DISPATCHED and self.queue)
    @rule()
    def the_offer_lapses(self) -> None:
        self.now = self.open_offer().answer_by
        assert services.offers_move_on(now=self.now) == 1
        self.next_is_asked()

    def next_is_asked(self) -> None:
        self.queue = self.queue[1:]
        if not self.queue:
            self.status = Status.ACCEPTED

    @rule(outcome=st.sampled_from([Outcome.DONE, Outcome.CANNOT]))
    def the_holder_records_the_work(self, outcome: Outcome) -> None:
        if self.attempt(
            Step.HANDLE,
            Status.HANDLED,
            lambda: services.request_handle(
                request=self.row(),
                actor=self.world.actor("shop"),
                now=self.now,
                outcome=outcome,
                note="换了灯泡",
            ),
        ):
            self.is_solved = None

    @rule()
    def the_holder_gives_it_back(self) -> None:
        self.attempt(
            Step.GIVE_BACK,
            Status.ACCEPTED,
            lambda: services.request_give_back(
                request=self.row(), actor=self.world.actor("shop"), now=self.now, reason="缺零件"
            ),
        )

    @rule()
    def the_community_recalls_it(self) -> None:
        taken = self.attempt(
            Step.RECALL,
            Status.ACCEPTED,
            lambda: services.request_recall(
                request=self.row(), actor=self.worker(), now=self.now, reason="换一家"
            ),
        )
        if taken:
            self.queue = []

    @rule(score=st.none() | st.integers(1, 5))
    def the_resident_confirms(self, score: int | None) -> None:
        if self.attempt(
            Step.CONFIRM,
            Status.CONFIRMED,
            lambda: services.request_confirm(request=self.row(), actor=ANONYMOUS, now=self.now, score=score),
        ):
            self.is_solved = True

    @rule()
    def the_resident_returns_it(self) -> None:
        if self.attempt(
            Step.RETURN,
            Status.RETURNED,
            lambda: services.request_return(
                request=self.row(), actor=ANONYMOUS, now=self.now, reason="还是不亮"
            ),
        ):
            self.returns, self.is_solved = self.returns + 1, False

    @rule()
    def the_resident_withdraws(self) -> None:
        if self.attempt(
            Step.WITHDRAW,
            Status.WITHDRAWN,
            lambda: services.request_withdraw(request=self.row(), actor=ANONYMOUS, now=self.now),
        ):
            self.queue = []

    @rule()
    def the_holder_goes_on(self) -> None:
        self.attempt(
            Step.RESUME,
            Status.TAKEN,
            lambda: services.request_resume(request=self.row(), actor=self.worker(), now=self.now),
        )

    @precondition(lambda self: self.status in {Status.HANDLED, Status.CONFIRMED})
    @rule()
    def nobody_answers(self) -> None:
        self.now = self.row().due_at + timedelta(seconds=1)
        assert (
            services.requests_close_unanswered(now=self.now) + services.requests_close_confirmed(now=self.now)
            == 1
        )
        self.status = Status.CLOSED

    @precondition(lambda self: self.status is Status.CLOSED)
    @rule(days=st.integers(0, 9))
    def it_comes_back(self, days: int) -> None:
        later = self.row().closed_at + timedelta(days=days)
        if self.is_solved is None and days < 7:
            services.request_reopen(request=self.row(), actor=ANONYMOUS, now=later, reason="又坏了")
            self.now, self.status = later, Status.RETURNED
            self.returns, self.is_solved = self.returns + 1, False
        else:
            with pytest.raises(WrongState), transaction.atomic():
                services.request_reopen(request=self.row(), actor=ANONYMOUS, now=later, reason="又坏了")

    @invariant()
    def the_row_says_what_the_model_says(self) -> None:
        row = self.row()
        assert Status(row.status) is self.status
        assert row.return_count == self.returns
        assert row.is_solved is self.is_solved

    @invariant()
    def somebody_has_it_until_it_ends(self) -> None:
        row = self.row()
        assert bool(row.holder_label) == (self.status not in FINAL)
        assert (row.due_at is None) == (self.status in FINAL)
        assert (row.closed_at is not None) == (self.status in FINAL)

    @invariant()
    def the_timeline_has_every_step_once(self) -> None:
        row = self.row()
        sequences = (
            RequestEvent.objects.filter(request=row).order_by("sequence").values_list("sequence", flat=True)
        )
        assert list(sequences) == list(range(1, row.version + 1))

    @invariant()
    def offers_are_open_only_while_one_is_asked(self) -> None:
        states = list(Offer.objects.filter(request__public_id=self.public_id).values_list("state", flat=True))
        assert states.count(OfferState.OPEN) == (1 if self.queue else 0)
        assert states.count(OfferState.WAITING) == max(len(self.queue) - 1, 0)


def test_whatever_people_do_the_request_and_its_timeline_agree_with_the_model(world: World) -> None:
    machine = type("LifeInThisWorld", (Life,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
