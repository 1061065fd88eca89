"""What became of requests: figures that open their rows, shares with what they are shares of, charts with their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mulin.parts.areas.rules import AreaKind
from mulin.parts.service_requests import selectors
from mulin.parts.service_requests.forms.work import Period, period_of
from mulin.parts.service_requests.labels import outcome_label, type_name
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.selectors.statistics import Group, Share, Statistics
from mulin.parts.service_requests.selectors.work import Place, places_for
from mulin.parts.service_requests.views.work_lists import address, indented
from mulin.web.formats import day, exact, is_english, listed, number, percent
from mulin.web.pages import page

BARS = 12
NAMES_IN_TITLE = 3
LONG_DAYS = 60
UNKNOWN = "—"


@dataclass(frozen=True)
class Figure:
    """A figure tile; `value` None is drawn as unknown."""

    label: str
    value: str | None
    url: str
    of_text: str = ""
    tone: str = ""
    unit: str = ""
    change_text: str = ""
    age_text: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart card; its title is the finding, its table the twin."""

    id: str
    title: str
    kind: str
    unit: str
    categories: list[str]
    series: list[dict[str, Any]]
    category_label: str
    source_text: str = ""
    age_text: str = ""
    rows_url: str = ""


@dataclass(frozen=True)
class GroupLine:
    """One line of a table: counts, and the share of those who answered that it was solved."""

    name: str
    url: str
    raised: str
    open: str
    solved: str
    solved_of: str


@dataclass(frozen=True)
class StatisticsPage:
    """Words of service_requests/work/statistics.html."""

    fields: list[dict[str, Any]]
    period_text: str
    is_turned_round: bool
    figures: list[Figure]
    shares: list[Figure]
    outcomes: list[dict[str, str]]
    charts: list[Chart]
    by_type: list[GroupLine]
    by_area: list[GroupLine]
    is_empty: bool
    counted_text: str


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    places = places_for(actor, "requests.statistics")
    types = selectors.active_types()
    period = period_of(request.GET, places, request.clock.today())  # type: ignore[attr-defined]
    found = selectors.statistics(actor, period.filter(), now=now)
    span_text = _("%(first)s 至 %(last)s") % {"first": day(period.first), "last": day(period.last)}
    words = StatisticsPage(
        fields=fields_shown(period, places, types),
        period_text=span_text,
        is_turned_round=period.is_turned_round,
        figures=figures_of(found, period),
        shares=shares_of(found, period),
        outcomes=outcomes_of(found),
        charts=charts_of(found, period, request.clock.today()) if found.raised else [],  # type: ignore[attr-defined]
        by_type=[group_line(group, period, type=group.code) for group in found.by_type],
        by_area=[group_line(group, period) for group in found.by_area],
        is_empty=not found.raised,
        counted_text=_("%(when)s 统计，按提出时间算") % {"when": exact(now)},
    )
    return page(
        request,
        "service_requests/work/statistics.html",
        words,
        fragment="service_requests/work/_statistics.html",
    )


def fields_shown(
    period: Period, places: Sequence[Place], types: Sequence[RequestType]
) -> list[dict[str, Any]]:
    anything = ("", _("不限"))
    area = period.place.public_id if period.place else ""
    fields: list[dict[str, Any]] = [
        {"name": "from", "kind": "date", "label": _("从哪天"), "value": period.first.isoformat()},
        {"name": "to", "kind": "date", "label": _("到哪天"), "value": period.last.isoformat()},
        {"name": "type", "kind": "select", "label": _("类别"), "value": period.type,
         "options": [anything, *((kind.code, type_name(kind)) for kind in types)]},
    ]  # fmt: skip
    options = [
        anything,
        *((place.public_id, indented(place)) for place in places if place.kind != AreaKind.GRID),
    ]
    if len(options) > 2:
        fields.append(
            {"name": "area", "kind": "select", "label": _("区域"), "value": area, "options": options}
        )
    return fields


def rows_url(period: Period, view: str, **changes: str) -> str:
    """The queue with exactly the rows that a figure counted."""
    return address(
        {"view": view} | {name: value for name, value in (period.params() | changes).items() if value}
    )


def figures_of(found: Statistics, period: Period) -> list[Figure]:
    overdue_tone = "accent" if found.overdue else ""
    return [
        Figure(_("提出"), number(found.raised), rows_url(period, "all"), unit=_("件")),
        Figure(_("还没有办结"), number(found.open), rows_url(period, "open"), unit=_("件")),
        Figure(
            _("其中超时"), number(found.overdue), rows_url(period, "overdue"), unit=_("件"), tone=overdue_tone
        ),
        Figure(_("已经结束"), number(found.ended), rows_url(period, "ended"), unit=_("件")),
    ]


def shares_of(found: Statistics, period: Period) -> list[Figure]:
    score = found.score_average
    average = _("平均 %(score).2f 分，满分 5 分") % {"score": score} if score is not None else ""
    satisfied = share(
        _("满意率"),
        found.satisfied,
        _("评 4 分以上 %(part)s / 已评分 %(whole)s"),
        rows_url(period, "satisfied"),
    )
    return [
        share(_("解决率"), found.solved, _("解决 %(part)s / 已答复 %(whole)s"), rows_url(period, "solved")),
        replace(satisfied, change_text=average),
        share(
            _("按时办理"), found.in_time, _("按时 %(part)s / 已办理 %(whole)s"), rows_url(period, "in_time")
        ),
        share(
            _("没等到答复"),
            found.unanswered,
            _("没答复 %(part)s / 办理后归档 %(whole)s"),
            rows_url(period, "unanswered"),
        ),
        share(_("接单率"), found.offers_taken, _("接单 %(part)s / 问过的合伙人 %(whole)s"), ""),
    ]


def share(label: str, counted: Share, words: str, url: str) -> Figure:
    """A share never stands without its numerator and denominator; a share of nothing is unknown."""
    of_text = words % {"part": number(counted.part), "whole": number(counted.whole)}
    return Figure(
        label, percent(counted.part, counted.whole) if counted.whole else None, url, of_text=of_text
    )


def outcomes_of(found: Statistics) -> list[dict[str, str]]:
    return [
        {"label": outcome_label(code).label, "value": number(count)} for code, count in found.outcomes.items()
    ]


def name_of(group: Group) -> str:
    return (group.name_en if is_english() else group.name_zh) or group.code


def group_line(group: Group, period: Period, **changes: str) -> GroupLine:
    solved = group.solved
    return GroupLine(
        name=name_of(group),
        url=rows_url(period, "all", **changes) if changes else "",
        raised=number(group.raised),
        open=number(group.open),
        solved=percent(solved.part, solved.whole) if solved.whole else UNKNOWN,
        solved_of=f"{number(solved.part)} / {number(solved.whole)}" if solved.whole else _("还没有人答复"),
    )


def charts_of(found: Statistics, period: Period, today: date) -> list[Chart]:
    charts = [groups_chart("by-type", found.by_type, found.raised, _("类别"))]
    if len(found.by_area) > 1:
        charts.append(groups_chart("by-area", found.by_area, found.raised, _("社区")))
    return [*charts, days_chart(found, period, today)]


def groups_chart(code: str, groups: Sequence[Group], raised: int, label: str) -> Chart:
    """Who has most stands out, and it is told when several have."""
    shown = groups[:BARS]
    top = [at for at, group in enumerate(shown) if group.raised == groups[0].raised]
    words = {
        "names": listed(name_of(shown[at]) for at in top[:NAMES_IN_TITLE]),
        "count": number(groups[0].raised),
        "share": percent(groups[0].raised, raised),
    }
    title = (
        _("%(names)s最多：%(count)s 件，占 %(share)s")
        if len(top) == 1
        else _("%(names)s最多：各 %(count)s 件，各占 %(share)s")
    )
    return Chart(
        id=code,
        title=title % words
        if len(top) <= NAMES_IN_TITLE
        else _("最多的有 %(count)s 件，占 %(share)s") % words,
        kind="bar-across",
        unit=_("件"),
        categories=[name_of(group) for group in shown],
        series=[{"name": _("提出"), "values": [group.raised for group in shown], "highlight": top}],
        category_label=label,
        source_text=_("前 %(count)s 名；全部见下表") % {"count": BARS} if len(groups) > BARS else "",
    )


def days_chart(found: Statistics, period: Period, today: date) -> Chart:
    """A day without a request is zero; a day still to come, or one long before the first request, is not drawn."""
    counts = {on: raised for on, raised, _ended in found.by_day}
    last = min(period.last, max(today, *counts))
    first = max(period.first, min(counts)) if (last - period.first).days > LONG_DAYS else period.first
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    busiest = max(counts, key=lambda on: counts[on])
    is_alone = list(counts.values()).count(counts[busiest]) == 1
    title = _("%(day)s提出最多：%(count)s 件") if is_alone else _("最多的几天各提出 %(count)s 件，如%(day)s")
    return Chart(
        id="by-day",
        title=title % {"day": day(busiest), "count": number(counts[busiest])},
        kind="line",
        unit=_("件"),
        categories=[f"{on.month}-{on.day:02d}" for on in days],
        series=[{"name": _("提出"), "values": [counts.get(on, 0) for on in days]}],
        category_label=_("日期"),
    )
