"""Slowing down, names, first passwords, roles that exclude each other."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.identity.rules import (
    AttemptLimit,
    excluded_role,
    initial_password,
    may_try_at,
    normalise_login_name,
)
from mulin.kernel.clock import SeededRandomness
from mulin.kernel.errors import InvalidInput

NOW = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
LIMIT = AttemptLimit(failures=3, window_minutes=15)
ages = st.lists(st.integers(0, 60), max_size=12)


def moments(minutes_ago):
    return [NOW - timedelta(minutes=minutes) for minutes in minutes_ago]


@given(ages)
def test_one_waits_exactly_when_the_window_holds_too_many_failures(minutes_ago):
    recent = [minutes for minutes in minutes_ago if minutes < LIMIT.window_minutes]
    assert (may_try_at(moments(minutes_ago), LIMIT, NOW) is None) == (len(recent) < LIMIT.failures)


@given(ages)
def test_after_the_announced_wait_the_next_try_is_allowed(minutes_ago):
    failures = moments(minutes_ago)
    until = may_try_at(failures, LIMIT, NOW)
    if until is not None:
        assert NOW < until <= NOW + LIMIT.window
        assert may_try_at(failures, LIMIT, until) is None
        assert may_try_at(failures, LIMIT, until - timedelta(microseconds=1)) == until


@pytest.mark.parametrize("text", ["王芳", "Wang.Fang", "ｗａｎｇ", "grid-07", "fang@qinghe"])
def test_a_login_name_has_one_form(text):
    name = normalise_login_name(f" {text} ")
    assert name == normalise_login_name(name.upper())


@pytest.mark.parametrize(
    "text", ["", "a", "x" * 61, "wang fang", "<script>", "13800138000", "０５３７-2234567", "a\0b"]
)
def test_what_is_no_login_name_is_refused_with_its_field(text):
    with pytest.raises(InvalidInput) as caught:
        normalise_login_name(text)
    assert caught.value.field == "login_name"


@given(st.integers())
def test_a_first_password_can_be_read_aloud_and_is_no_number(seed):
    password = initial_password(SeededRandomness(seed))
    assert re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){2}[2-9a-hjkmnp-z]{4}", password)


def test_exclusion_of_roles_holds_both_ways():
    assert excluded_role("system", ["audit"], [("audit", [])]) == "audit"
    assert excluded_role("audit", [], [("system", ["audit"])]) == "system"
    assert excluded_role("worker", [], [("system", ["audit"])]) is None
