"""Numbers of the trade by place and day: read, written, explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from mulin.base.models import DatedSetting
from mulin.base.paths import lineage
from mulin.kernel.errors import InvalidInput, Unavailable

_NOTHING = object()


class SettingMissing(Unavailable):
    """Nobody has said what holds at that place on that day."""

    default_code = "setting-missing"


def value(key: str, *, area_path: str = "", on: date, default: Any = _NOTHING) -> Any:
    """What holds at `area_path` on day `on`: the nearest place wins, there the latest beginning.

    Raises SettingMissing when nothing holds and no `default` is given.
    """
    row = in_force(area_path, on, [key]).first()
    if row is not None:
        return row.value
    if default is _NOTHING:
        raise missing(key)
    return default


def explain(key: str, *, area_path: str = "", on: date) -> DatedSetting:
    """The row behind `value`, with unit, period and source, for pages that say why a number is what it is."""
    row = in_force(area_path, on, [key]).first()
    if row is None:
        raise missing(key)
    return row


@dataclass(frozen=True)
class SettingsAt:
    """Several settings of one place and day, read at once. Lives as long as one call, so it is never stale."""

    values: dict[str, Any]

    def value(self, key: str, default: Any = _NOTHING) -> Any:
        found = self.values.get(key, default)
        if found is _NOTHING:
            raise missing(key)
        return found


def settings_at(keys: Iterable[str], *, area_path: str = "", on: date) -> SettingsAt:
    """Many keys by one query."""
    values: dict[str, Any] = {}
    for row in in_force(area_path, on, keys):
        values.setdefault(row.key, row.value)
    return SettingsAt(values)


def history(key: str, *, area_path: str = "") -> QuerySet[DatedSetting]:
    """All that ever held or will hold at exactly this place, oldest first."""
    return DatedSetting.objects.filter(key=key, area_path=area_path).order_by("valid_from")


def put(
    *,
    key: str,
    value: Any,
    valid_from: date,
    source: str,
    unit: str = "",
    area_path: str = "",
    valid_to: date | None = None,
    pack: str = "",
) -> DatedSetting:
    """Say what holds from a day on (to `valid_to`, the last day). The same key, place and first day is replaced.

    An earlier open-ended row stays: the later beginning wins while it lasts.
    """
    if not source.strip():
        raise InvalidInput(
            zh="请写明依据（文件名称和条款，或决定人和日期）。",
            en="Please give the source: document and article, or who decided it and when.",
            field="source",
            code="setting-source-missing",
        )
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput(
            zh="结束日期早于开始日期，请改正。",
            en="The last day lies before the first day. Please correct it.",
            field="valid_to",
            code="setting-ends-before-it-begins",
        )
    row, _ = DatedSetting.objects.update_or_create(
        key=key,
        area_path=area_path,
        valid_from=valid_from,
        defaults={"value": value, "unit": unit, "valid_to": valid_to, "source": source, "pack": pack},
    )
    return row


def in_force(area_path: str, on: date, keys: Iterable[str]) -> QuerySet[DatedSetting]:
    """Rows that hold on that day at the place or above it, the nearest and latest first."""
    return DatedSetting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        key__in=list(keys),
        area_path__in=lineage(area_path),
        valid_from__lte=on,
    ).order_by("key", "-area_path", "-valid_from")


def missing(key: str) -> SettingMissing:
    return SettingMissing(
        zh=f"缺少参数“{key}”，这一步暂时办不了。请联系系统管理员在“参数”里填写，或装入带有它的配置包。",
        en=f"The setting “{key}” is missing, so this step is not possible yet. "
        "Ask the system administrator to enter it under Settings, or to load a pack that has it.",
    )
