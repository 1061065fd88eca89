"""Addresses worked out once are the ones that Django gives."""

from __future__ import annotations

import pytest
from django.urls import reverse, set_script_prefix
from hypothesis import given
from hypothesis import strategies as st

from mulin.web.addresses import AddressPattern, address

ROUTE = "service_requests:work_one"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1))
def test_a_pattern_gives_what_reverse_gives(word: str) -> None:
    assert AddressPattern(ROUTE)(word) == reverse(ROUTE, args=[word])


def test_an_address_follows_the_prefix_below_which_the_site_stands() -> None:
    plain = address("portals:home"), AddressPattern(ROUTE)("a1")
    set_script_prefix("/mulin/")
    try:
        assert (address("portals:home"), AddressPattern(ROUTE)("a1")) == tuple(
            f"/mulin{one}" for one in plain
        )
    finally:
        set_script_prefix("/")
    assert (address("portals:home"), AddressPattern(ROUTE)("a1")) == plain


def test_a_route_that_is_not_there_is_an_error() -> None:
    with pytest.raises(Exception, match="nowhere"):
        address("portals:nowhere")
