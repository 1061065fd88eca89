"""When a period ends.

Every deadline is a moment in UTC, and whoever acts *before* it is in time. "24:00 on the 5th" is therefore the first
moment of the 6th; `last_day` gives the 5th back for people to read.

- Minutes and hours start at once and run through nights and holidays.
- Days, working days and months start the next day and end at 24:00, or when the office closes, where it does.
- A period in days or months whose last day is not worked ends on the next working day.
- A month ends on the day of the same number, or on the last of the month where there is none.

Source: Civil Code (民法典), articles 201, 202 and 203, in force since 2021-01-01.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from mulin.kernel.calendars.pauses import Pause, merged
from mulin.kernel.calendars.work_days import WorkCalendar
from mulin.kernel.clock import COUNTY_TIME_ZONE

_ONE_DAY = timedelta(days=1)


def start_of_day(day: date, time_zone: tzinfo = COUNTY_TIME_ZONE) -> datetime:
    """0:00 of that day there, in UTC."""
    return datetime.combine(day, time.min, time_zone).astimezone(UTC)


def end_of_day(day: date, time_zone: tzinfo = COUNTY_TIME_ZONE, closing: time | None = None) -> datetime:
    """24:00 of that day there, or its closing time, in UTC."""
    if closing is None:
        return start_of_day(day + _ONE_DAY, time_zone)
    return datetime.combine(day, closing, time_zone).astimezone(UTC)


def last_day(deadline: datetime, time_zone: tzinfo = COUNTY_TIME_ZONE) -> date:
    """The last day on which one is in time.

    >>> last_day(end_of_day(date(2026, 3, 5)))
    datetime.date(2026, 3, 5)
    """
    return (deadline - timedelta(microseconds=1)).astimezone(time_zone).date()


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 3, 31), -1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month_index + 1, min(day.day, monthrange(year, month_index + 1)[1]))


def deadline_minutes(start: datetime, minutes: int, pauses: Iterable[Pause] = ()) -> datetime:
    """Natural minutes; each pause that begins before the deadline puts it off by its whole length. No pause may be open."""
    deadline = start.astimezone(UTC) + timedelta(minutes=minutes)
    for began, ended in merged(pauses):
        if began < deadline and ended > start:
            deadline += ended - max(began, start)
    return deadline


def deadline_hours(start: datetime, hours: int, pauses: Iterable[Pause] = ()) -> datetime:
    return deadline_minutes(start, hours * 60, pauses)


def deadline_days(
    start: datetime,
    days: int,
    calendar: WorkCalendar,
    time_zone: tzinfo = COUNTY_TIME_ZONE,
    *,
    closing: time | None = None,
    pauses: Iterable[Pause] = (),
) -> datetime:
    """Calendar days. A day at whose end the clock stood does not count."""
    spans = merged(pauses)
    day = start.astimezone(time_zone).date()
    while days > 0:
        day += _ONE_DAY
        days -= not _stood(spans, end_of_day(day, time_zone, closing))
    return end_of_day(calendar.working_day_on_or_after(day), time_zone, closing)


def deadline_working_days(
    start: datetime,
    days: int,
    calendar: WorkCalendar,
    time_zone: tzinfo = COUNTY_TIME_ZONE,
    *,
    closing: time | None = None,
    pauses: Iterable[Pause] = (),
) -> datetime:
    """Working days, the first being the next one after the day of `start`. A day at whose end the clock stood does not
    count, so a pause of an hour within one day changes nothing and one over two nights puts off by two days."""
    spans = merged(pauses)
    day = start.astimezone(time_zone).date()
    while days > 0:
        day = calendar.working_day_after(day, 1)
        days -= not _stood(spans, end_of_day(day, time_zone, closing))
    return end_of_day(calendar.working_day_on_or_after(day), time_zone, closing)


def deadline_months(
    start: datetime,
    months: int,
    calendar: WorkCalendar,
    time_zone: tzinfo = COUNTY_TIME_ZONE,
    *,
    closing: time | None = None,
) -> datetime:
    """Calendar months; a year is twelve."""
    day = add_months(start.astimezone(time_zone).date(), months)
    return end_of_day(calendar.working_day_on_or_after(day), time_zone, closing)


def _stood(spans: list[tuple[datetime, datetime]], moment: datetime) -> bool:
    return any(began < moment <= ended for began, ended in spans)


class LimitUnit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long something may take, as a setting says it: 30 minutes, 5 working days."""

    amount: int
    unit: LimitUnit

    def deadline(
        self,
        start: datetime,
        calendar: WorkCalendar,
        time_zone: tzinfo = COUNTY_TIME_ZONE,
        *,
        closing: time | None = None,
        pauses: Iterable[Pause] = (),
    ) -> datetime:
        """Months know no pauses; there the pauses are ignored."""
        match self.unit:
            case LimitUnit.MINUTES:
                return deadline_minutes(start, self.amount, pauses)
            case LimitUnit.HOURS:
                return deadline_hours(start, self.amount, pauses)
            case LimitUnit.DAYS:
                return deadline_days(start, self.amount, calendar, time_zone, closing=closing, pauses=pauses)
            case LimitUnit.WORKING_DAYS:
                return deadline_working_days(
                    start, self.amount, calendar, time_zone, closing=closing, pauses=pauses
                )
            case LimitUnit.MONTHS:
                return deadline_months(start, self.amount, calendar, time_zone, closing=closing)
