"""How times, numbers and sums are written for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def day(value: date | datetime | None) -> str:
    """2026年11月20日 / 20 November 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}" if is_english() else f"{local.year}年{local.month}月{local.day}日"


def day_and_clock(value: datetime, *, is_end: bool) -> tuple[date, str]:
    """Local day and time. What ends at midnight ends at 24:00 of the day before: 0:00 of a day reads as its beginning."""
    local = timezone.localtime(value)
    if is_end and local.time() == time.min:
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), f"{local:%H:%M}"


def exact(value: datetime | None, *, is_end: bool = False) -> str:
    """The full local time, for hovering and for print. `is_end`: it is a deadline."""
    if value is None:
        return ""
    on, clock = day_and_clock(value, is_end=is_end)
    return f"{day(on)} {clock}"


def when(value: datetime | None, now: datetime, *, is_end: bool = False) -> str:
    """As people say it, seen from `now`: 今天 18:00, 昨天 09:30, 11月20日 09:30. `is_end`: it is a deadline."""
    if value is None:
        return ""
    on, clock = day_and_clock(value, is_end=is_end)
    today = timezone.localtime(now).date()
    names = {0: pgettext("when", "今天"), 1: _("明天"), 2: _("后天"), -1: _("昨天")}
    name = names.get((on - today).days)
    if name:
        return f"{name} {clock}"
    if on.year != today.year:
        return f"{day(on)} {clock}"
    return f"{on.day} {on:%b} {clock}" if is_english() else f"{on.month}月{on.day}日 {clock}"


def span(value: timedelta) -> str:
    """A length of time in its two largest units' worth of sense: 3 天, 2 小时, 15 分钟."""
    minutes = int(abs(value).total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return ngettext("%(count)s 天", "%(count)s 天", minutes // 1440) % {"count": minutes // 1440}
    if minutes >= 120:
        return ngettext("%(count)s 小时", "%(count)s 小时", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}


def number(value: int | float | None) -> str:
    """1,234,567; nothing known is a dash, never a zero."""
    return "—" if value is None else f"{value:,}"


def percent(numerator: int, denominator: int) -> str:
    """One decimal; a share of nothing is a dash."""
    return "—" if not denominator else f"{100 * numerator / denominator:.1f}%"


def listed(names: Iterable[str]) -> str:
    """家电维修、水电维修 / Appliance repair, Locks."""
    return (", " if is_english() else "、").join(names)


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "exact": exact,
    "when": when,
    "span": span,
    "listed": listed,
    "number": number,
}
