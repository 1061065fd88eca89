from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.kernel.counting import (
    HALF,
    THREE_QUARTERS,
    TWO_THIRDS,
    at_least,
    at_most,
    least_for,
    least_for_more_than,
    less_than,
    more_than,
    more_than_half,
)

COUNTS = st.integers(0, 10**9)
SHARES = st.fractions(0, 1)


@pytest.mark.parametrize("share", [HALF, TWO_THIRDS, THREE_QUARTERS])
def test_exactly_the_number_is_included_by_some_words_and_excluded_by_others(share):
    part, whole = share.numerator * 1000, share.denominator * 1000
    assert at_least(part, whole, share)
    assert at_most(part, whole, share)
    assert not more_than(part, whole, share)
    assert not less_than(part, whole, share)


def test_an_owners_vote_of_91_heads_is_counted_as_the_law_counts():
    assert at_least(61, 91, TWO_THIRDS)
    assert at_least(6_700, 10_000, TWO_THIRDS)
    assert not at_least(60, 91, TWO_THIRDS)
    assert least_for(61, THREE_QUARTERS) == 46
    assert least_for_more_than(61, HALF) == 31
    assert at_least(5_025, 6_700, THREE_QUARTERS)
    assert not more_than_half(3_350, 6_700)


@given(COUNTS, COUNTS.filter(bool), SHARES)
def test_each_word_is_the_opposite_of_another(part, whole, share):
    assert at_least(part, whole, share) != less_than(part, whole, share)
    assert at_most(part, whole, share) != more_than(part, whole, share)


@given(COUNTS.filter(bool), SHARES)
def test_the_least_count_reaches_and_one_less_does_not(whole, share):
    assert at_least(least_for(whole, share), whole, share)
    assert not at_least(least_for(whole, share) - 1, whole, share)
    assert more_than(least_for_more_than(whole, share), whole, share)
    assert not more_than(least_for_more_than(whole, share) - 1, whole, share)


def test_a_share_of_nothing_is_no_share():
    assert not at_least(0, 0, TWO_THIRDS)
    assert not more_than_half(0, 0)


def test_floor_areas_are_exact_fractions():
    assert more_than_half(Fraction("50.01"), Fraction("100.01"))
    assert not more_than_half(Fraction("50.005"), Fraction("100.01"))


def test_floats_are_refused():
    with pytest.raises(AssertionError):
        at_least(66.67, 100, TWO_THIRDS)
