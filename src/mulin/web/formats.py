"""How times, numbers and sums are written for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def day(value: date | datetime | None) -> str:
    """2026年11月20日 / 20 November 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}" if is_english() else f"{local.year}年{local.month}月{local.day}日"


def exact(value: datetime | None) -> str:
    """The full local time, for hovering and for print."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"


def when(value: datetime | None, now: datetime) -> str:
    """As people say it, seen from `now`: 今天 18:00, 昨天 09:30, 11月20日 09:30."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    names = {0: _("今天"), 1: _("明天"), 2: _("后天"), -1: _("昨天")}
    name = names.get((local.date() - today).days)
    if name:
        return f"{name} {clock}"
    if local.year != today.year:
        return f"{day(local)} {clock}"
    return f"{local.day} {local:%b} {clock}" if is_english() else f"{local.month}月{local.day}日 {clock}"


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


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "exact": exact,
    "when": when,
    "span": span,
    "number": number,
}
