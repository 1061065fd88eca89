"""How moments are written at the borders of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from mulin.kernel.calendars import end_of_day, last_day
from mulin.web.formats import exact, when

NOW = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
TONIGHT = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("is_end", "shown"), [(False, "明天 00:00"), (True, "今天 24:00")], ids=["beginning", "deadline"]
)
def test_midnight_begins_a_day_and_as_a_deadline_ends_one(is_end: bool, shown: str) -> None:
    with override("zh-hans"):
        assert when(TONIGHT, NOW, is_end=is_end) == shown


def test_a_deadline_names_the_last_day_on_which_one_is_in_time() -> None:
    deadline = end_of_day(date(2026, 3, 10))
    with override("zh-hans"):
        assert exact(deadline, is_end=True) == "2026年3月10日 24:00"
    assert last_day(deadline).day == 10


def test_any_other_deadline_stands_as_it_is() -> None:
    with override("zh-hans"):
        assert when(TONIGHT - timedelta(hours=6), NOW, is_end=True) == "今天 18:00"


def test_a_year_ends_at_24_of_its_last_day() -> None:
    with override("en"):
        assert exact(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), is_end=True) == "31 December 2026 24:00"
