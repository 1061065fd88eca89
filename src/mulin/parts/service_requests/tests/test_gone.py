"""What happens to a request whose partner or member of staff is no longer there to do it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mulin.base.models import OutboxMessage
from mulin.identity import services as identity
from mulin.parts.partners import services as partners
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import Offer, RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Outcome, Status, Step
from tests.support.world import World


def offered(world: World) -> ServiceRequest:
    return services.request_dispatch_to_partners(
        request=world.raise_request(),
        partner_ids=[world.partner.pk, world.second_partner.pk],
        actor=world.actor("worker"),
        now=world.now,
    )


def taken(world: World) -> ServiceRequest:
    request = offered(world)
    offer = Offer.objects.select_related("request__type", "request__area", "partner").get(
        request=request, state=OfferState.OPEN
    )
    return services.offer_take(offer=offer, actor=world.actor("shop"), now=world.now)


def given_to(world: World, name: str) -> ServiceRequest:
    return services.request_dispatch_to_staff(
        request=world.raise_request(), user=world.users[name], actor=world.actor("worker"), now=world.now
    )


def suspend(world: World, partner: object) -> None:
    partners.partner_suspend(partner=partner, reason="投诉核实中", actor=world.actor("worker"), now=world.now)


def leave(world: World) -> None:
    partners.partner_leave(partner=world.partner, reason="搬走了", actor=world.actor("worker"), now=world.now)


def states(request: ServiceRequest) -> list[str]:
    rows = Offer.objects.filter(request=request).order_by("position")
    return list(rows.values_list("state", flat=True))


def test_the_open_offer_of_a_suspended_partner_is_cancelled_and_the_next_is_asked(world: World) -> None:
    request = offered(world)
    suspend(world, world.partner)
    assert [services.offers_move_on(now=world.now) for _ in range(2)] == [1, 0]
    request.refresh_from_db()
    assert states(request) == [OfferState.CANCELLED, OfferState.OPEN]
    assert (request.status, request.holder_partner) == (Status.DISPATCHED, world.second_partner)


def test_a_partner_suspended_while_it_waits_for_its_turn_is_passed_over(world: World) -> None:
    request = offered(world)
    suspend(world, world.second_partner)
    world.clock.advance(timedelta(minutes=30))
    services.offers_move_on(now=world.now)
    request.refresh_from_db()
    assert states(request) == [OfferState.LAPSED, OfferState.CANCELLED]
    assert (request.status, request.holder_label) == (Status.ACCEPTED, world.community.name)


def test_when_every_partner_is_suspended_the_community_has_it_again_and_is_told(world: World) -> None:
    request = offered(world)
    suspend(world, world.partner)
    suspend(world, world.second_partner)
    assert services.offers_move_on(now=world.now) == 1
    request.refresh_from_db()
    assert (request.status, states(request)) == (Status.ACCEPTED, [OfferState.CANCELLED] * 2)
    assert OutboxMessage.objects.filter(subject__contains="无人接单").count() == 1


def test_what_a_suspended_partner_has_taken_it_still_finishes(world: World) -> None:
    request = taken(world)
    suspend(world, world.partner)
    assert services.requests_call_back(now=world.now) == 0
    request.refresh_from_db()
    assert (request.status, request.holder_partner) == (Status.TAKEN, world.partner)


def test_what_a_partner_had_taken_goes_back_to_the_community_when_it_leaves(world: World) -> None:
    request = taken(world)
    leave(world)
    assert [services.requests_call_back(now=world.now) for _ in range(2)] == [1, 0]
    request.refresh_from_db()
    assert (request.status, request.holder_partner, request.holder_label) == (
        Status.ACCEPTED,
        None,
        world.community.name,
    )
    event = RequestEvent.objects.get(request=request, step=Step.RECALL)
    assert (event.actor_label, event.note) == ("系统", "原承办的合伙人已退出，社区重新安排。")
    assert OutboxMessage.objects.filter(
        recipient=world.users["worker"], subject__contains="重新派单"
    ).exists()


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_closed_account_loses_what_it_had(world: World, is_taken: bool) -> None:
    request = given_to(world, "grid_worker")
    if is_taken:
        services.request_take(request=request, actor=world.actor("grid_worker"), now=world.now)
    identity.user_deactivate(
        user=world.users["grid_worker"], reason="调离", actor=world.actor("security"), now=world.now
    )
    assert services.requests_call_back(now=world.now) == 1
    request.refresh_from_db()
    assert (request.status, request.holder_user, request.holder_label) == (
        Status.ACCEPTED,
        None,
        world.community.name,
    )


def test_who_no_longer_works_in_the_place_loses_what_lies_there(world: World) -> None:
    request = given_to(world, "grid_worker")
    assert services.requests_call_back(now=world.now) == 0
    identity.grant_end(
        grant=world.users["grid_worker"].grants.get(), actor=world.actor("security"), now=world.now
    )
    assert services.requests_call_back(now=world.now) == 1
    request.refresh_from_db()
    assert request.status == Status.ACCEPTED


def test_a_grant_that_ran_out_yesterday_counts_no_more(world: World) -> None:
    request = given_to(world, "grid_worker")
    world.users["grid_worker"].grants.update(valid_to=world.now.date())
    assert services.requests_call_back(now=world.now) == 0
    assert services.requests_call_back(now=world.now + timedelta(days=1)) == 1
    request.refresh_from_db()
    assert request.status == Status.ACCEPTED


def test_a_matter_that_its_partner_handled_before_it_left_waits_for_the_resident(world: World) -> None:
    request = taken(world)
    services.request_handle(
        request=request, actor=world.actor("shop"), now=world.now, outcome=Outcome.DONE, note="换了灯泡"
    )
    leave(world)
    assert services.requests_call_back(now=world.now) == 0
    request.refresh_from_db()
    assert request.status == Status.HANDLED
