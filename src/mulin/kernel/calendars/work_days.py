"""Which days are worked: weekends, statutory holidays, and the make-up days that go with them (调休)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache

from mulin.kernel.clock import COUNTY_TIME_ZONE

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_MOST_DAYS = 40_000


class DayKind(StrEnum):
    WORKING = "working"
    """Worked, also where it falls on a weekend."""
    RESTING = "resting"
    """A weekend, or a weekday that was exchanged for a make-up day."""
    HOLIDAY = "holiday"
    """A statutory holiday."""


@dataclass(frozen=True)
class WorkCalendar:
    """Days that differ from "Monday to Friday is worked", and the years for which they are known.

    In a year outside `known_years` only weekends are free; ask `is_known` and say so to whoever reads the result.
    """

    days: Mapping[date, DayKind] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()

    def kind(self, day: date) -> DayKind:
        exception = self.days.get(day)
        if exception is not None:
            return exception
        return DayKind.RESTING if day.weekday() >= _SATURDAY else DayKind.WORKING

    def is_working_day(self, day: date) -> bool:
        return self.kind(day) is DayKind.WORKING

    def is_known(self, year: int) -> bool:
        return year in self.known_years

    def merged_with(self, days: Mapping[date, DayKind], known_years: Iterable[int] = ()) -> WorkCalendar:
        """This calendar with a county's own days laid over it; name the years that they make complete."""
        return WorkCalendar({**self.days, **days}, self.known_years | frozenset(known_years))

    def working_day_on_or_after(self, day: date) -> date:
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, if negative). The day itself never counts.

        >>> state_council_calendar().working_day_after(date(2026, 9, 30), 1)
        datetime.date(2026, 10, 8)
        """
        assert abs(count) <= _MOST_DAYS, f"{count} working days are beyond any period"
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days a period has that starts after the day `start` and ends with the day `end`.

        The inverse of `working_day_after`; negative where `end` lies before `start`.
        """
        if end < start:
            return -self.working_days_between(end - _ONE_DAY, start - _ONE_DAY)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_working_days(
    start: datetime, count: int, calendar: WorkCalendar, time_zone: tzinfo = COUNTY_TIME_ZONE
) -> datetime:
    """The same time of day on the `count`-th working day after; for a limit that ends with the day, see
    `deadline_working_days`."""
    local = start.astimezone(time_zone)
    return datetime.combine(
        calendar.working_day_after(local.date(), count), local.time(), time_zone
    ).astimezone(start.tzinfo)


def working_days_between(
    start: datetime, end: datetime, calendar: WorkCalendar, time_zone: tzinfo = COUNTY_TIME_ZONE
) -> int:
    """Working days begun since `start`, not counting its own day."""
    return calendar.working_days_between(start.astimezone(time_zone).date(), end.astimezone(time_zone).date())


@cache
def state_council_calendar() -> WorkCalendar:
    """The State Council's yearly holiday notices, as far as the installed table reaches.

    Later years are added by the county (`merged_with`) when the notice comes out, usually in November.
    """
    from chinese_calendar import constants

    days = {
        **{
            day: DayKind.RESTING if day in constants.in_lieu_days else DayKind.HOLIDAY
            for day in constants.holidays
        },
        **dict.fromkeys(constants.workdays, DayKind.WORKING),
    }
    # A December notice may name a day or two of the next January: a year is known once its National Day is.
    known_years = frozenset(day.year for day in days if (day.month, day.day) == (10, 1))
    return WorkCalendar(days, known_years)
