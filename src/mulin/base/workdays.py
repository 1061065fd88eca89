"""The working calendar of the county: the State Council's days, changed by what the county has set."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from mulin.base.models import DatedSetting
from mulin.kernel.calendars import DayKind, WorkCalendar, state_council_calendar

SETTING = "calendar.days"


def work_calendar() -> WorkCalendar:
    """State Council days with the county's own on top. One query; the merged calendar is kept while nothing changes.

    Each setting `calendar.days` holds {"2027-10-08": "holiday", "2027-10-10": "working"}.
    """
    rows = DatedSetting.objects.filter(key=SETTING, area_path="").order_by("valid_from").values_list("value", flat=True)
    return merged(tuple(sorted((day, kind) for row in rows for day, kind in row.items())))


@lru_cache(maxsize=4)
def merged(days: tuple[tuple[str, str], ...]) -> WorkCalendar:
    own = {date.fromisoformat(day): DayKind(kind) for day, kind in days}
    return state_council_calendar().merged_with(own) if own else state_council_calendar()
