"""The open figures: for everybody, counted honestly, and nobody is recognised in them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.selectors.public_figures import (
    LEAST,
    kept_figures,
    public_figures,
    withheld,
)


@pytest.fixture(autouse=True)
def _fresh():
    kept_figures.forget()
    yield
    kept_figures.forget()


@pytest.fixture
def raised(world):
    """`raised(area, count, **changes)` puts so many requests there."""

    def put(area, count: int, **changes) -> None:
        ids = [world.raise_request(area=area, grid=None).pk for _ in range(count)]
        if changes:
            ServiceRequest.objects.filter(pk__in=ids).update(**changes)

    return put


@given(st.lists(st.integers(0, 30), max_size=12))
def test_what_is_withheld_cannot_be_reckoned_from_the_total(counts):
    hidden = withheld(counts)
    assert all(number in hidden for number, count in enumerate(counts) if 0 < count < LEAST)
    some_are_told = any(count and number not in hidden for number, count in enumerate(counts))
    if hidden and some_are_told:
        assert len(hidden) >= 2
        assert sum(counts[number] for number in hidden) >= LEAST


@given(st.lists(st.integers(LEAST, 30) | st.just(0), max_size=12))
def test_nothing_is_withheld_where_every_group_is_large_enough(counts):
    assert withheld(counts) == set()


def test_anybody_reads_shares_with_what_they_are_shares_of(world, client, raised):
    on = world.now - timedelta(hours=1)
    solved = {"status": Status.CLOSED, "is_solved": True, "handled_at": on, "handle_due_at": world.now}
    raised(world.community, 8, **solved)
    raised(world.community, 2, **solved | {"is_solved": False, "handle_due_at": on - timedelta(hours=1)})
    page = client.get("/figures/").text
    assert "80.0%" in page
    assert "8 / 10" in page
    assert "8 件居民说解决了" in page
    assert "2026年3月5日 09:30 统计" in page


def test_four_of_a_community_are_not_told_nor_its_neighbour_by_whom_they_would_be(world, raised):
    raised(world.community, 9)
    raised(world.other_community, 4)
    found = public_figures(world.now)
    assert found.whole.raised == 13
    assert [line.raised for line in found.communities] == [None, None]


def test_a_county_with_a_handful_tells_no_number(world, client, raised):
    raised(world.community, 4, is_solved=True)
    page = client.get("/figures/").text
    assert "先不公布数字" in page
    assert "100.0%" not in page
    assert "少于 5 件不公布" in page


def test_a_community_of_which_nobody_has_asked_anything_stands_with_a_zero(world, raised):
    raised(world.community, 6)
    lines = {line.name: line for line in public_figures(world.now).communities}
    assert lines["青禾社区"].raised == 6
    assert lines["柳园社区"].raised == 0


def test_only_the_last_thirty_days_count(world, raised):
    raised(world.community, 6)
    raised(world.community, 7, raised_at=world.now - timedelta(days=30))
    assert public_figures(world.now).whole.raised == 6


def test_the_count_is_kept_for_five_minutes_and_the_page_says_when(
    world, client, raised, django_assert_num_queries, django_assert_max_num_queries
):
    raised(world.community, 6)
    with django_assert_max_num_queries(3):
        client.get("/figures/")
    raised(world.community, 1)
    world.clock.advance(timedelta(minutes=4))
    with django_assert_max_num_queries(1):
        page = client.get("/figures/").text
    assert "居民提了 6 件事" in page
    assert "09:30 统计" in page
    world.clock.advance(timedelta(minutes=1))
    assert "居民提了 7 件事" in client.get("/figures/").text


def test_the_front_page_leads_there(world, client):
    assert 'href="/figures/"' in client.get("/").text
