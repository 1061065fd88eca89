"""The working days that hold at a place: the State Council's notices, with what packs say laid over them."""

from __future__ import annotations

from datetime import date

from mulin.base.models import DatedSetting
from mulin.base.paths import lineage
from mulin.kernel.calendars import DayKind, WorkCalendar, state_council_calendar

CALENDAR_KEY = "calendar.days."


def work_calendar(area_path: str = "") -> WorkCalendar:
    """The nearest place's word on a day wins. One query."""
    calendar = state_council_calendar()
    rows = DatedSetting.objects.filter(key__startswith=CALENDAR_KEY, area_path__in=lineage(area_path))
    for row in rows.order_by("area_path", "key"):
        days = {date.fromisoformat(day): kind for kind in DayKind for day in row.value.get(kind.value, [])}
        year = int(row.key.removeprefix(CALENDAR_KEY))
        calendar = calendar.merged_with(days, [year] if row.value.get("complete") else [])
    return calendar
