"""Working days, and when a period that starts now ends."""

from mulin.kernel.calendars.pauses import Pause, elapsed_excluding
from mulin.kernel.calendars.periods import (
    LimitUnit,
    TimeLimit,
    add_months,
    deadline_days,
    deadline_hours,
    deadline_minutes,
    deadline_months,
    deadline_working_days,
    end_of_day,
    last_day,
    start_of_day,
)
from mulin.kernel.calendars.work_days import (
    DayKind,
    WorkCalendar,
    add_working_days,
    state_council_calendar,
    working_days_between,
)

__all__ = [
    "DayKind",
    "LimitUnit",
    "Pause",
    "TimeLimit",
    "WorkCalendar",
    "add_months",
    "add_working_days",
    "deadline_days",
    "deadline_hours",
    "deadline_minutes",
    "deadline_months",
    "deadline_working_days",
    "elapsed_excluding",
    "end_of_day",
    "last_day",
    "start_of_day",
    "state_council_calendar",
    "working_days_between",
]
