"""What became of requests, with the counts behind every share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from mulin.base.paths import within
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.parts.service_requests.models import Offer, ServiceRequest
from mulin.parts.service_requests.rules import FINAL, OPEN, OfferState, Outcome
from mulin.parts.service_requests.selectors.lists import COUNTED, overdue


@dataclass(frozen=True)
class StatisticsFilter:
    """Requests raised in [raised_from, raised_to), below `area_path`, of one type if given."""

    raised_from: datetime
    raised_to: datetime
    area_path: str = ""
    type: str = ""


@dataclass(frozen=True)
class Share:
    """A numerator and its denominator; what they count is said by the name it stands under."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, or None when nothing was counted: unknown, not zero."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Group:
    """One line of a table: what it is, how many were raised, still open, solved among those who answered."""

    code: str
    name_zh: str
    name_en: str
    raised: int
    open: int
    solved: Share


@dataclass(frozen=True)
class Statistics:
    """The figures of one page. Sources of the shares: domain.md §3.2; the names of the denominators are shown."""

    raised: int
    open: int
    overdue: int
    ended: int
    outcomes: dict[str, int]
    in_time: Share
    solved: Share
    satisfied: Share
    unanswered: Share
    offers_taken: Share
    score_average: float | None
    by_type: list[Group]
    by_area: list[Group]
    by_day: list[tuple[date, int, int]]


def scope(actor: Actor, asked: StatisticsFilter) -> QuerySet[ServiceRequest]:
    rows = ServiceRequest.objects.filter(
        actor.filter("requests.statistics"), raised_at__gte=asked.raised_from, raised_at__lt=asked.raised_to
    )
    if asked.area_path:
        rows = rows.filter(within([asked.area_path]))
    return rows.filter(type_id=asked.type) if asked.type else rows


def statistics(actor: Actor, asked: StatisticsFilter, *, now: datetime) -> Statistics:
    """All figures of the page in five queries."""
    rows = scope(actor, asked)
    totals: dict[str, Any] = rows.aggregate(
        raised=Count("pk"),
        overdue=Count("pk", filter=overdue(actor, now)),
        score_sum=Sum("score"),
        **{name: Count("pk", filter=counted) for name, counted in COUNTED.items()},
        **{f"outcome_{outcome.value}": Count("pk", filter=Q(outcome=outcome)) for outcome in Outcome},
    )
    offers = Offer.objects.filter(request__in=rows, opened_at__isnull=False).aggregate(
        settled=Count("pk", filter=Q(state__in=[OfferState.TAKEN, OfferState.DECLINED, OfferState.LAPSED])),
        taken=Count("pk", filter=Q(state=OfferState.TAKEN)),
    )
    return Statistics(
        raised=totals["raised"],
        open=totals["open"],
        overdue=totals["overdue"],
        ended=totals["ended"],
        outcomes={outcome.value: totals[f"outcome_{outcome.value}"] for outcome in Outcome},
        in_time=Share(totals["in_time"], totals["handled"]),
        solved=Share(totals["solved"], totals["answered"]),
        satisfied=Share(totals["satisfied"], totals["rated"]),
        unanswered=Share(totals["unanswered"], totals["closed"]),
        offers_taken=Share(offers["taken"], offers["settled"]),
        score_average=totals["score_sum"] / totals["rated"] if totals["rated"] else None,
        by_type=groups(rows, "type_id", "type__name_zh", "type__name_en"),
        by_area=groups(rows, "area__code", "area__name", "area__name"),
        by_day=by_day(rows),
    )


def groups(rows: QuerySet[ServiceRequest], code: str, name_zh: str, name_en: str) -> list[Group]:
    """Counts by one key, the most frequent first. One query."""
    found = (
        rows.order_by()
        .values_list(code, name_zh, name_en)
        .annotate(
            raised=Count("pk"),
            open=Count("pk", filter=Q(status__in=OPEN)),
            solved=Count("pk", filter=Q(is_solved=True)),
            answered=Count("pk", filter=Q(is_solved__isnull=False)),
        )
        .order_by("-raised", code)
    )
    return [
        Group(key, zh, en, raised, still_open, Share(solved, answered))
        for key, zh, en, raised, still_open, solved, answered in found
    ]


def by_day(rows: QuerySet[ServiceRequest]) -> list[tuple[date, int, int]]:
    """(day, raised, of which ended by now) in the county's time. One query."""
    found = (
        rows.order_by()
        .annotate(day=TruncDate("raised_at", tzinfo=COUNTY_TIME_ZONE))
        .values_list("day")
        .annotate(raised=Count("pk"), ended=Count("pk", filter=Q(status__in=FINAL)))
        .order_by("day")
    )
    return list(found)
