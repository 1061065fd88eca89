from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.kernel.calendars import (
    DayKind,
    LimitUnit,
    Pause,
    TimeLimit,
    WorkCalendar,
    add_months,
    add_working_days,
    deadline_days,
    deadline_hours,
    deadline_minutes,
    deadline_months,
    deadline_working_days,
    elapsed_excluding,
    end_of_day,
    last_day,
    start_of_day,
    state_council_calendar,
    working_days_between,
)
from mulin.kernel.clock import COUNTY_TIME_ZONE

CALENDAR = state_council_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
PAUSES = st.lists(
    st.builds(
        lambda began, minutes: Pause(began, began + timedelta(minutes=minutes)),
        MOMENTS,
        st.integers(0, 20_000),
    ),
    max_size=5,
)


def at(text: str) -> datetime:
    """A moment by the county's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=COUNTY_TIME_ZONE)


# Which days are worked


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 1), DayKind.HOLIDAY),
        (date(2025, 10, 11), DayKind.WORKING),  # a Saturday, made up
        (date(2025, 2, 3), DayKind.RESTING),  # a Monday, exchanged
        (date(2026, 3, 7), DayKind.RESTING),
        (date(2026, 3, 9), DayKind.WORKING),
    ],
)
def test_the_notices_of_the_state_council_are_known(day, kind):
    assert CALENDAR.kind(day) is kind


def test_a_year_beyond_the_table_says_so_and_knows_weekends_only():
    assert CALENDAR.is_known(2026)
    assert not CALENDAR.is_known(2199)
    assert CALENDAR.is_working_day(date(2199, 10, 1)) == (date(2199, 10, 1).weekday() < 5)


def test_a_county_lays_its_own_days_over_the_table():
    county = CALENDAR.merged_with({date(2199, 10, 1): DayKind.HOLIDAY}, known_years=[2199])
    assert county.kind(date(2199, 10, 1)) is DayKind.HOLIDAY
    assert county.is_known(2199)
    assert county.is_known(2026)
    assert not CALENDAR.is_known(2199)


@given(DAYS, st.integers(1, 60))
def test_counting_working_days_is_the_inverse_of_adding_them(day, count):
    end = CALENDAR.working_day_after(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(day, end) == count


@given(DAYS.filter(CALENDAR.is_working_day), st.integers(1, 60))
def test_going_forth_and_back_from_a_working_day_returns_to_it(day, count):
    end = CALENDAR.working_day_after(day, count)
    assert CALENDAR.working_day_after(end, -count) == day
    assert CALENDAR.working_days_between(end, day) == -count


def test_adding_working_days_keeps_the_time_of_day():
    assert add_working_days(at("2026-09-30T16:30"), 2, CALENDAR) == at("2026-10-09T16:30")


def test_working_days_between_moments_goes_by_the_countys_days():
    assert working_days_between(at("2026-03-05T23:59"), at("2026-03-06T00:01"), CALENDAR) == 1
    assert working_days_between(at("2026-03-06T00:01"), at("2026-03-08T23:59"), CALENDAR) == 0


# When a period ends


@pytest.mark.parametrize(
    ("raised", "days", "due"),
    [
        ("2026-03-02T08:00", 5, date(2026, 3, 9)),  # Monday: the first day is Tuesday
        ("2026-03-02T23:59", 5, date(2026, 3, 9)),  # the hour of the day does not matter
        ("2026-03-07T10:00", 1, date(2026, 3, 9)),  # Saturday
        ("2026-09-30T10:00", 1, date(2026, 10, 8)),  # National Day
        ("2025-10-10T10:00", 1, date(2025, 10, 11)),  # a Saturday that is made up
    ],
)
def test_working_days_start_the_next_day_and_end_at_midnight(raised, days, due):
    deadline = deadline_working_days(at(raised), days, CALENDAR)
    assert deadline == end_of_day(due)
    assert last_day(deadline) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02T10:00", 3, date(2026, 3, 5)),
        ("2026-03-02T10:00", 5, date(2026, 3, 9)),  # the last day is a Saturday
        ("2026-09-28T10:00", 3, date(2026, 10, 8)),  # the last day is National Day
        ("2025-09-27T10:00", 1, date(2025, 9, 28)),  # the last day is a Sunday that is worked
    ],
)
def test_calendar_days_end_on_a_day_that_is_worked(start, days, due):
    assert last_day(deadline_days(at(start), days, CALENDAR)) == due


def test_hours_and_minutes_start_at_once_and_run_through_holidays():
    assert deadline_hours(at("2026-09-30T23:00"), 24) == at("2026-10-01T23:00")
    assert deadline_minutes(at("2026-10-01T23:50"), 15) == at("2026-10-02T00:05")


def test_a_period_ends_when_the_office_closes_where_it_does():
    assert deadline_working_days(at("2026-03-02T10:00"), 1, CALENDAR, closing=time(17, 30)) == at(
        "2026-03-03T17:30"
    )


def test_a_month_without_that_day_ends_on_its_last():
    assert last_day(deadline_months(at("2026-03-31T10:00"), 1, CALENDAR)) == date(2026, 4, 30)
    assert last_day(deadline_months(at("2024-02-29T10:00"), 12, CALENDAR)) == date(2025, 2, 28)


@given(DAYS, st.integers(-600, 600))
def test_months_land_in_the_month_asked_for_and_never_past_the_day(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@given(MOMENTS, st.integers(1, 60))
def test_working_days_are_never_sooner_than_calendar_days(start, days):
    assert deadline_working_days(start, days, CALENDAR) >= deadline_days(start, days, CALENDAR) > start


@given(MOMENTS, st.integers(0, 30), st.sampled_from(LimitUnit))
def test_a_limit_in_any_unit_grows_with_its_amount(start, amount, unit):
    longer = TimeLimit(amount + 1, unit).deadline(start, CALENDAR)
    assert TimeLimit(amount, unit).deadline(start, CALENDAR) <= longer
    assert longer.utcoffset() == timedelta(0)


def test_a_limit_knows_its_unit():
    start = at("2026-03-06T10:00")
    deadlines = [TimeLimit(1, unit).deadline(start, CALENDAR) for unit in LimitUnit]
    assert deadlines == [
        at("2026-03-06T10:01"),
        at("2026-03-06T11:00"),
        at("2026-03-10T00:00"),
        at("2026-03-10T00:00"),
        at("2026-04-08T00:00"),  # the 6th is the Qingming holiday's last day
    ]


# While the clock stands


def test_pauses_may_overlap_and_stay_open():
    pauses = [
        Pause(at("2026-03-02T11:00"), at("2026-03-02T12:00")),
        Pause(at("2026-03-02T11:30"), at("2026-03-02T13:00")),
        Pause(at("2026-03-02T15:00")),
    ]
    assert elapsed_excluding(at("2026-03-02T10:00"), at("2026-03-02T16:00"), pauses) == timedelta(hours=3)


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), max_size=5), st.integers(0, 120))
def test_time_without_pauses_is_the_minutes_that_no_pause_covers(spans, length):
    start = at("2026-03-02T10:00")
    minute = [start + timedelta(minutes=n) for n in range(121)]
    pauses = [Pause(minute[began], minute[ended]) for began, ended in spans]
    uncovered = sum(not any(began <= n < ended for began, ended in spans) for n in range(length))
    assert elapsed_excluding(start, minute[length], pauses) == timedelta(minutes=uncovered)


@given(MOMENTS, st.integers(1, 50_000), PAUSES)
def test_exactly_the_limit_has_run_when_a_deadline_with_pauses_comes(start, minutes, pauses):
    deadline = deadline_minutes(start, minutes, pauses)
    assert elapsed_excluding(start, deadline, pauses) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("began", "ended", "due"),
    [
        ("2026-03-03T10:00", "2026-03-03T11:00", date(2026, 3, 4)),
        ("2026-03-03T10:00", "2026-03-04T09:00", date(2026, 3, 5)),
        ("2026-03-03T10:00", "2026-03-05T09:00", date(2026, 3, 6)),
        ("2026-03-06T10:00", "2026-03-16T09:00", date(2026, 3, 4)),
    ],
)
def test_a_working_day_at_whose_end_the_clock_stood_does_not_count(began, ended, due):
    pause = Pause(at(began), at(ended))
    assert last_day(deadline_working_days(at("2026-03-02T09:00"), 2, CALENDAR, pauses=[pause])) == due


def test_there_is_no_deadline_while_the_clock_stands():
    with pytest.raises(AssertionError):
        deadline_minutes(at("2026-03-02T09:00"), 30, [Pause(at("2026-03-02T09:10"))])


def test_a_day_starts_and_ends_by_the_countys_clock():
    assert start_of_day(date(2026, 3, 5)) == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 5)) == start_of_day(date(2026, 3, 6))


def test_without_any_table_weekends_are_free():
    assert WorkCalendar().working_day_after(date(2026, 9, 30), 2) == date(2026, 10, 2)
