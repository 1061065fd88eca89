from datetime import date

import pytest

from mulin.base import settings_store
from mulin.base.calendars import work_calendar
from mulin.base.models import DatedSetting
from mulin.base.settings_store import SettingMissing
from mulin.kernel.calendars import DayKind
from mulin.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
IN_2026 = date(2026, 6, 1)


def put(value, area_path="", valid_from=date(2026, 1, 1), **more):
    settings_store.put(
        key="limit_days", value=value, area_path=area_path, valid_from=valid_from, source="规程第九条", **more
    )


def limit(area_path="", on=IN_2026, **more):
    return settings_store.value("limit_days", area_path=area_path, on=on, **more)


def test_the_nearest_place_wins():
    put(7)
    put(5, area_path="37/08/")
    put(3, area_path="37/08/83/")
    assert limit() == limit("37/01/") == 7
    assert limit("37/08/11/") == 5
    assert limit("37/08/83/001/") == 3


def test_a_place_whose_name_begins_alike_is_another_place():
    put(5, area_path="37/08/")
    assert limit("37/081/", default=None) is None


def test_each_day_has_its_own_value():
    put(7)
    put(5, valid_from=date(2026, 7, 1))
    assert limit(on=date(2026, 6, 30)) == 7
    assert limit(on=date(2026, 7, 1)) == 5


def test_an_exception_ends_on_its_last_day():
    put(7)
    put(1, valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 28))
    assert limit(on=date(2026, 2, 28)) == 1
    assert limit(on=date(2026, 3, 1)) == 7


def test_what_is_missing_is_named():
    with pytest.raises(SettingMissing, match="limit_days"):
        limit()
    assert limit(default=9) == 9


def test_false_and_nothing_are_values_too():
    put(0)
    assert limit(default=9) == 0


def test_many_settings_take_one_query(django_assert_num_queries):
    put(7)
    settings_store.put(key="other", value="x", valid_from=date(2026, 1, 1), source="规程")
    with django_assert_num_queries(1):
        found = settings_store.settings_at(["limit_days", "other", "absent"], area_path="37/", on=IN_2026)
        assert (found.value("limit_days"), found.value("other"), found.value("absent", 1)) == (7, "x", 1)
    with pytest.raises(SettingMissing):
        found.value("absent")


def test_a_change_counts_at_once():
    put(7)
    assert limit() == 7
    put(6)
    assert limit() == 6
    assert DatedSetting.objects.count() == 1


def test_the_source_can_be_shown():
    put(7, unit="days")
    row = settings_store.explain("limit_days", area_path="37/", on=IN_2026)
    assert (row.source, row.unit) == ("规程第九条", "days")


@pytest.mark.parametrize("wrong", [{"source": " "}, {"source": "x", "valid_to": date(2025, 1, 1)}])
def test_a_setting_without_source_or_with_its_end_before_its_beginning_is_refused(wrong):
    with pytest.raises(InvalidInput):
        settings_store.put(key="k", value=1, valid_from=date(2026, 1, 1), **wrong)


def test_a_county_edits_its_own_days():
    settings_store.put(
        key="calendar.days.2031",
        area_path="37/",
        value={"holiday": ["2031-01-01"], "working": ["2031-01-04"], "complete": True},
        valid_from=date(1990, 1, 1),
        source="县政府通知",
    )
    calendar = work_calendar("37/08/")
    assert calendar.kind(date(2031, 1, 1)) is DayKind.HOLIDAY
    assert calendar.is_working_day(date(2031, 1, 4))
    assert calendar.is_known(2031)
    assert not work_calendar("11/").is_known(2031)
