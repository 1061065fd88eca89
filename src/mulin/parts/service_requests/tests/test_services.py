"""What each step leaves behind, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from mulin.base.models import OutboxMessage
from mulin.identity.access import ANONYMOUS
from mulin.identity.models import AuditEntry
from mulin.kernel.errors import Conflict, InvalidInput, LimitReached, NotFound, WrongState
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.models import Offer, RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Status, Step
from tests.support.world import World


def dispatched(world: World) -> ServiceRequest:
    request = world.raise_request()
    return services.request_dispatch_to_partners(
        request=request,
        partner_ids=[world.partner.pk, world.second_partner.pk],
        actor=world.actor("worker"),
        now=world.now,
    )


def open_offer(request: ServiceRequest) -> Offer:
    return Offer.objects.select_related("request__type", "request__area", "request__grid", "partner").get(
        request=request, state="open"
    )


def handled(world: World) -> ServiceRequest:
    request = dispatched(world)
    services.offer_take(offer=open_offer(request), actor=world.actor("shop"), now=world.now)
    request.refresh_from_db()
    return services.request_handle(
        request=request, actor=world.actor("shop"), now=world.now, outcome=Outcome.DONE, note="换了灯泡"
    )


def test_a_raised_request_keeps_the_telephone_encrypted_and_the_link_as_a_digest(world: World) -> None:
    raised = world.raised(phone="１３８ ０５３７ １２３４")
    stored = ServiceRequest.objects.filter(pk=raised.request.pk).values("phone_tail", "link_digest").get()
    assert stored["phone_tail"] == "1234"
    assert raised.secret not in str(stored)
    assert selectors.request_by_secret(raised.secret).phone == "13805371234"


def test_raising_tells_the_resident_by_sms_with_the_link(world: World) -> None:
    raised = world.raised()
    message = OutboxMessage.objects.get(channel="sms")
    assert message.address == "13805371234"
    assert raised.secret in message.body
    assert raised.request.number in message.body


def test_a_copy_of_the_database_opens_no_request(world: World) -> None:
    raised = world.raised(for_user_id=world.users["resident"].pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT channel, link, body FROM base_outboxmessage")
        stored = str(cursor.fetchall())
    assert "inbox" in stored
    assert raised.secret not in stored


def test_the_line_in_the_inbox_leads_its_owner_and_nobody_else_to_the_request(
    world: World, client: Client
) -> None:
    raised = world.raised(for_user_id=world.users["resident"].pk)
    link = OutboxMessage.objects.get(channel="inbox", recipient=world.users["resident"]).link
    client.force_login(world.users["resident"])
    assert client.get(link).url == f"/r/{raised.secret}/"
    client.force_login(world.users["worker"])
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("text", "code"), [("", "text-missing"), (" \n ", "text-missing"), ("长" * 100_000, "text-too-long")]
)
def test_words_that_say_nothing_or_never_end_are_refused_and_nothing_is_written(
    world: World, text: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.raised(text=text)
    assert refused.value.code == code
    assert not ServiceRequest.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_rare_characters_emoji_and_marks_are_kept_as_written(world: World) -> None:
    words = "𠮷先生家门口😀 \u202eabc"
    assert ServiceRequest.objects.get(pk=world.raise_request(text=words).pk).text == words


def test_of_two_who_act_on_the_same_view_the_second_is_told_to_look_again(world: World) -> None:
    first = world.raise_request()
    second = ServiceRequest.objects.get(pk=first.pk)
    services.request_accept(request=first, actor=world.actor("worker"), now=world.now)
    with pytest.raises(Conflict):
        services.request_accept(request=second, actor=world.actor("worker"), now=world.now)
    assert RequestEvent.objects.filter(request=first, step=Step.ACCEPT).count() == 1


def test_an_offer_that_nobody_answers_moves_on_and_then_falls_back_to_the_community(world: World) -> None:
    request = dispatched(world)
    world.clock.advance(timedelta(minutes=30))
    assert services.offers_move_on(now=world.now) == 1
    request.refresh_from_db()
    assert (request.status, request.holder_label) == (Status.DISPATCHED, world.second_partner.name)
    world.clock.advance(timedelta(minutes=30))
    assert services.offers_move_on(now=world.now) == 1
    request.refresh_from_db()
    assert (request.status, request.holder_label) == (Status.ACCEPTED, world.community.name)
    assert OutboxMessage.objects.filter(subject__contains="无人接单").count() == 1


def test_moving_offers_on_twice_changes_nothing_the_second_time(world: World) -> None:
    dispatched(world)
    world.clock.advance(timedelta(minutes=30))
    assert [services.offers_move_on(now=world.now) for _ in range(2)] == [1, 0]


def test_a_lapsed_offer_can_no_longer_be_taken(world: World) -> None:
    offer = open_offer(dispatched(world))
    world.clock.advance(timedelta(minutes=30))
    services.offers_move_on(now=world.now)
    with pytest.raises(Conflict) as refused:
        services.offer_take(offer=offer, actor=world.actor("shop"), now=world.now)
    assert refused.value.code == "offer-settled"


def test_a_partner_from_elsewhere_cannot_be_asked(world: World) -> None:
    request = world.raise_request(area=world.other_community, grid=None)
    with pytest.raises(InvalidInput) as refused:
        services.request_dispatch_to_partners(
            request=request, partner_ids=[world.partner.pk], actor=world.actor("worker"), now=world.now
        )
    assert refused.value.code == "partner-not-serving"
    assert not Offer.objects.exists()


def test_a_suspended_partner_cannot_be_asked(world: World) -> None:
    world.partner.state = "suspended"
    world.partner.save()
    with pytest.raises(InvalidInput):
        dispatched(world)


@pytest.mark.parametrize("reason", ["", " ", "啊"])
def test_a_return_needs_a_reason(world: World, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.request_return(request=handled(world), actor=ANONYMOUS, now=world.now, reason=reason)
    assert refused.value.field == "reason"


def test_cannot_be_done_is_an_outcome_and_not_a_solution(world: World) -> None:
    request = dispatched(world)
    services.offer_take(offer=open_offer(request), actor=world.actor("shop"), now=world.now)
    request.refresh_from_db()
    services.request_handle(
        request=request,
        actor=world.actor("shop"),
        now=world.now,
        outcome=Outcome.CANNOT,
        note="要换整根电线杆",
    )
    assert (request.status, request.outcome, request.is_solved) == (Status.HANDLED, Outcome.CANNOT, None)


def test_silence_closes_but_solves_nothing(world: World) -> None:
    request = handled(world)
    world.clock.advance(timedelta(days=3, seconds=1))
    assert services.requests_close_unanswered(now=world.now) == 1
    request.refresh_from_db()
    assert (request.status, request.is_solved) == (Status.CLOSED, None)


def test_a_second_rating_is_refused(world: World) -> None:
    request = services.request_confirm(request=handled(world), actor=ANONYMOUS, now=world.now, score=5)
    with pytest.raises(WrongState):
        services.request_rate(request=request, actor=ANONYMOUS, now=world.now, score=1)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_outside_one_to_five_is_refused_and_nothing_moves(world: World, score: int) -> None:
    request = handled(world)
    with pytest.raises(InvalidInput):
        services.request_confirm(request=request, actor=ANONYMOUS, now=world.now, score=score)
    request.refresh_from_db()
    assert request.status == Status.HANDLED


def test_a_look_at_the_telephone_is_recorded_with_its_reason(world: World) -> None:
    request = world.raise_request()
    assert (
        services.phone_look(request=request, actor=world.actor("worker"), now=world.now, reason="联系上门")
        == "13805371234"
    )
    entry = AuditEntry.objects.get(act="look.request_phone")
    assert (entry.reason, request.public_id in entry.about) == ("联系上门", True)


def test_no_reason_no_look(world: World) -> None:
    with pytest.raises(InvalidInput):
        services.phone_look(
            request=world.raise_request(), actor=world.actor("worker"), now=world.now, reason=" "
        )
    assert not AuditEntry.objects.exists()


def test_a_request_holds_nine_pictures_at_most(world: World) -> None:
    from mulin.base.models import StoredFile

    request = world.raise_request()
    files = StoredFile.objects.bulk_create(
        StoredFile(
            purpose="request",
            original_name=f"{n}.jpg",
            media_type="image/jpeg",
            size_bytes=1,
            sha256="",
            created_at=world.now,
        )
        for n in range(10)
    )
    services.photos_attach(request=request, files=files[:9], step=Step.RAISE, now=world.now)
    with pytest.raises(LimitReached):
        services.photos_attach(request=request, files=files[9:], step=Step.RAISE, now=world.now)


@pytest.mark.parametrize("name", ["stranger", "foreigner", "resident", "shop"])
def test_who_has_no_grant_over_the_place_finds_nothing(world: World, name: str) -> None:
    request = world.raise_request()
    assert selectors.request_for(world.actor("worker"), request.public_id) == request
    with pytest.raises(NotFound):
        selectors.request_for(world.actor(name), request.public_id)


@pytest.mark.parametrize(("number", "tail"), [("wrong", "1234"), (None, "0000"), (None, ""), ("", "1234")])
def test_a_wrong_number_and_a_wrong_telephone_are_one_answer(
    world: World, number: str | None, tail: str
) -> None:
    request = world.raise_request()
    assert selectors.find_by_number(request.number.lower(), "1234") == request
    with pytest.raises(NotFound) as refused:
        selectors.find_by_number(request.number if number is None else number, tail)
    assert "后四位" in refused.value.text.zh


def test_a_request_without_a_telephone_is_not_found_by_an_empty_tail(world: World) -> None:
    request = world.raise_request(phone="")
    with pytest.raises(NotFound):
        selectors.find_by_number(request.number, "")


@pytest.mark.parametrize("tail", ["١٢٣٤", "１２３４", "²³¹²", "12\u200b34"])
def test_digits_of_other_scripts_are_no_error_of_ours(world: World, tail: str) -> None:
    request = world.raise_request(phone="13805379999")
    with pytest.raises(NotFound):
        selectors.find_by_number(request.number, tail)


@pytest.mark.parametrize(
    "take_away",
    [
        lambda request, world: services.request_withdraw(request=request, actor=ANONYMOUS, now=world.now),
        lambda request, world: services.request_recall(
            request=request, actor=world.actor("worker"), now=world.now, reason="换人"
        ),
    ],
    ids=["withdrawn", "recalled"],
)
def test_whoever_was_just_given_a_request_is_told_when_it_is_taken_away_again(
    world: World, take_away: Callable[[ServiceRequest, World], ServiceRequest]
) -> None:
    request = services.request_dispatch_to_staff(
        request=world.raise_request(),
        user=world.users["grid_worker"],
        actor=world.actor("worker"),
        now=world.now,
    )
    told = OutboxMessage.objects.filter(recipient=world.users["grid_worker"])
    before = told.count()
    take_away(request, world)
    assert told.count() == before + 1


def test_what_came_back_counts_as_done_no_more(world: World) -> None:
    request = handled(world)
    services.request_return(request=request, actor=ANONYMOUS, now=world.now, reason="还是不亮")
    request.refresh_from_db()
    assert (request.outcome, request.handled_at, request.is_solved) == ("", None, False)


def test_an_answer_to_the_first_attempt_is_no_answer_to_the_second(world: World) -> None:
    request = handled(world)
    services.request_return(request=request, actor=ANONYMOUS, now=world.now, reason="还是不亮")
    services.request_resume(request=request, actor=world.actor("shop"), now=world.now)
    services.request_handle(
        request=request, actor=world.actor("shop"), now=world.now, outcome=Outcome.DONE, note="又换了灯泡"
    )
    world.clock.advance(timedelta(days=3))
    assert services.requests_close_unanswered(now=world.now) == 1
    request.refresh_from_db()
    assert (request.status, request.is_solved, request.answered_at) == (Status.CLOSED, None, None)
