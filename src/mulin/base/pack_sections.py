"""The sections that base itself takes from packs: dated settings and the calendar of holidays."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, Self

from pydantic import Field, model_validator

from mulin.base.calendars import CALENDAR_KEY
from mulin.base.models import DatedSetting
from mulin.base.packs import Applied, Entry, PackModel, Section, store_rows
from mulin.kernel.calendars import DayKind
from mulin.kernel.errors import InvalidInput


class SettingEntry(PackModel):
    """One number of the trade. `area` is a path such as "37/08/"; without it, the whole platform."""

    key: str = Field(min_length=1, max_length=80)
    value: Any
    unit: str = Field(default="", max_length=40)
    area: str = ""
    valid_from: date
    valid_to: date | None = None
    source: str = Field(min_length=1, max_length=300)
    note: str = ""


class CalendarEntry(PackModel):
    """The days of one year that are not what their weekday says, for one place.

    `complete` says that the year's notice is in: no day of that year is missing here.
    """

    year: int = Field(ge=1990, le=2200)
    area: str = ""
    holidays: list[date] = []
    resting: list[date] = []
    working: list[date] = []
    complete: bool = True
    source: str = Field(min_length=1, max_length=300)

    @model_validator(mode="after")
    def days_lie_in_the_year_and_are_one_thing(self) -> Self:
        days = [*self.holidays, *self.resting, *self.working]
        for day in days:
            if day.year != self.year:
                raise InvalidInput(
                    zh=f"{day} 不在 {self.year} 年。", en=f"{day} does not lie in the year {self.year}."
                )
            if days.count(day) > 1:
                raise InvalidInput(zh=f"{day} 写了两次。", en=f"{day} is given twice.")
        return self


def apply_settings(entries: Sequence[Entry[SettingEntry]]) -> Applied:
    return store_rows(DatedSetting, ((setting_key(entry.value), setting_values(entry)) for entry in entries))


def setting_key(entry: SettingEntry) -> dict[str, Any]:
    return {"key": entry.key, "area_path": entry.area, "valid_from": entry.valid_from}


def setting_values(entry: Entry[SettingEntry]) -> dict[str, Any]:
    setting = entry.value
    return {
        "value": setting.value,
        "unit": setting.unit,
        "valid_to": setting.valid_to,
        "source": setting.source,
        "pack": entry.pack,
    }


def apply_calendar(entries: Sequence[Entry[CalendarEntry]]) -> Applied:
    return store_rows(DatedSetting, (calendar_row(entry) for entry in entries))


def calendar_row(entry: Entry[CalendarEntry]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A year's days are a setting of their own key, in force always: limits are reckoned over years' ends."""
    year = entry.value
    days: dict[str, Any] = {
        DayKind.HOLIDAY.value: sorted(day.isoformat() for day in year.holidays),
        DayKind.RESTING.value: sorted(day.isoformat() for day in year.resting),
        DayKind.WORKING.value: sorted(day.isoformat() for day in year.working),
        "complete": year.complete,
    }
    key = {"key": f"{CALENDAR_KEY}{year.year}", "area_path": year.area, "valid_from": date(1990, 1, 1)}
    return key, {"value": days, "unit": "", "valid_to": None, "source": year.source, "pack": entry.pack}


def settings_identity(entry: SettingEntry) -> Hashable:
    return entry.key, entry.area, entry.valid_from.isoformat()


def calendar_identity(entry: CalendarEntry) -> Hashable:
    return entry.year, entry.area


settings_section = Section("settings", SettingEntry, apply_settings, key=settings_identity)
calendar_section = Section("calendar", CalendarEntry, apply_calendar, key=calendar_identity)
