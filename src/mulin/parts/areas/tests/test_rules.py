"""Paths, levels and validities, for any codes whatever."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mulin.parts.areas import rules
from mulin.parts.areas.rules import AreaKind, Held, Requirement

CODES = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_-]{0,15}", fullmatch=True)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(CODES, CODES)
def test_a_child_lies_below_its_parent_and_a_path_holds_nothing_but_letters_and_digits(parent, code):
    above = rules.child_path("", parent, "")
    path = rules.child_path(above, code, parent)
    assert path.startswith(above)
    assert path[len(above) : -1].isalnum()
    assert path.isascii()


@given(st.lists(CODES, min_size=1, max_size=30))
def test_no_two_children_ever_share_a_path(codes):
    taken: set[str] = set()
    for code in codes:
        path = rules.child_path("37/", code, "37", taken.__contains__)
        assert path not in taken
        taken.add(path)


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_two_periods_meet_when_one_day_lies_in_both(begin, end, other_begin, other_end):
    first, second = (begin, end), (other_begin, other_end)
    days = [max(begin, other_begin), begin, other_begin]
    shared = any(rules.holds_on(*first, day) and rules.holds_on(*second, day) for day in days)
    if (end is None or end >= begin) and (other_end is None or other_end >= other_begin):
        assert rules.periods_meet(first, second) == shared == rules.periods_meet(second, first)


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 3)), unique_by=lambda pair: pair[0]),
    st.integers(0, 3),
)
def test_what_is_short_and_what_is_not_are_all_there_is(places, required):
    need = Requirement("post", "grid", required)
    found = {(place, "post"): count for place, count in places}
    short = rules.shortages([(place, "grid") for place, _ in places], [need], found)
    assert [one.place for one in short] == [place for place, count in places if count < required]


def test_cover_goes_before_the_holder_and_age_before_youth():
    day = date(2026, 3, 5)

    def held(holder, begins, is_cover=False):
        return Held(1, "worker", holder, begins, None, is_cover)

    older, younger = held(1, day - timedelta(days=9)), held(2, day)
    assert rules.standing([younger, older], day) == older
    cover = held(3, day, is_cover=True)
    assert rules.standing([younger, older, cover], day) == cover
    assert rules.standing([younger, older, cover], day - timedelta(days=1)) == older


def test_levels_are_read_in_the_words_of_sheets():
    words = {
        "县（市、区）": "county",
        "镇": "subdistrict",
        "Village": "community",
        "楼 栋": "building",
        "grid": "grid",
    }
    assert {word: rules.kind_in_words(word).value for word in words} == words


def test_official_codes_tell_level_and_parent():
    assert rules.official_kind("990101001001001") == AreaKind.GRID
    assert rules.official_parent("990101001001001") == "990101001001"
    assert rules.official_kind("９９") is None
