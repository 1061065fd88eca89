"""What the county keeps of what it promises, for everybody to read: the last thirty days, by community.

A group of fewer than five is not told: not its count, not a share of so few. Nor can it be reckoned from the rest: where
what is withheld would follow from the county's total, the next smallest group is withheld, too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count

from mulin.base.paths import WHOLE
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.parts.areas import selectors as areas
from mulin.parts.areas.rules import AreaKind
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.selectors.lists import COUNTED
from mulin.parts.service_requests.selectors.statistics import Share

DAYS = 30
LEAST = 5
KEPT_FOR = timedelta(minutes=5)
# Each share by the names of what it divides, as the statistics count them.
SHARES = {
    "solved": ("solved", "answered"),
    "in_time": ("in_time", "handled"),
    "unanswered": ("unanswered", "closed"),
}
NAMES = sorted({name for pair in SHARES.values() for name in pair})


@dataclass(frozen=True, slots=True)
class PublicLine:
    """The figures of one place; None where the group is too small to be told."""

    name: str
    above: str
    raised: int | None
    solved: Share | None
    in_time: Share | None
    unanswered: Share | None


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Requests raised from `first` to `last`, both days included, as they stood at `counted_at`."""

    first: date
    last: date
    counted_at: datetime
    whole: PublicLine
    communities: list[PublicLine]


@dataclass(frozen=True, slots=True)
class Counts:
    """One place with everything counted there, before anything is withheld."""

    name: str
    above: str
    path: str
    raised: int = 0
    counts: dict[str, int] | None = None

    def of(self, name: str) -> int:
        return (self.counts or {}).get(name, 0)


def public_figures(now: datetime) -> PublicFigures:
    """Counted now, in two queries."""
    last = now.astimezone(COUNTY_TIME_ZONE).date()
    first = last - timedelta(days=DAYS - 1)
    places = sorted(counted_places(first, last), key=lambda place: place.path)
    whole = Counts(
        name="",
        above="",
        path=WHOLE,
        raised=sum(place.raised for place in places),
        counts={name: sum(place.of(name) for place in places) for name in NAMES},
    )
    return PublicFigures(first, last, now, told([whole])[0], told(places))


def counted_places(first: date, last: date) -> list[Counts]:
    """Every community in force, and whichever else had requests in these days."""
    start, end = (
        datetime.combine(day, time(), COUNTY_TIME_ZONE) for day in (first, last + timedelta(days=1))
    )
    rows = (
        ServiceRequest.objects.filter(raised_at__gte=start, raised_at__lt=end)
        .order_by()
        .values_list("area__path", "area__name", "area__parent__name")
        .annotate(raised=Count("pk"), **{name: Count("pk", filter=COUNTED[name]) for name in NAMES})
    )
    found = {
        path: Counts(name, above or "", path, raised, dict(zip(NAMES, counts, strict=True)))
        for path, name, above, raised, *counts in rows
    }
    standing = areas.areas_below([WHOLE], AreaKind.COMMUNITY).values_list("path", "name", "parent__name")
    silent = {path: Counts(name, above or "", path) for path, name, above in standing}
    return list((silent | found).values())


def told(places: Sequence[Counts]) -> list[PublicLine]:
    """What may be told of places that add up to a total which is told as well."""
    silent = withheld([place.raised for place in places])
    shares: dict[str, list[Share | None]] = {}
    for share, (part, whole) in SHARES.items():
        hidden = silent | withheld([place.of(whole) for place in places])
        shares[share] = [
            None if number in hidden else Share(place.of(part), place.of(whole))
            for number, place in enumerate(places)
        ]
    return [
        PublicLine(
            name=place.name,
            above=place.above,
            raised=None if number in silent else place.raised,
            **{share: lines[number] for share, lines in shares.items()},
        )
        for number, place in enumerate(places)
    ]


def withheld(counts: Sequence[int], least: int = LEAST) -> set[int]:
    """Which of the groups that make up a total are not told. A group of nobody has nothing to hide.

    >>> withheld([0, 12, 40, 3])
    {1, 3}
    """
    hidden = {number for number, count in enumerate(counts) if 0 < count < least}
    others = sorted((count, number) for number, count in enumerate(counts) if count >= least)
    while hidden and others and (len(hidden) < 2 or sum(counts[number] for number in hidden) < least):
        hidden.add(others.pop(0)[1])
    return hidden


class Kept:
    """The last count, for as long as it is fresh. Each server process keeps its own."""

    def __init__(self, count: Callable[[datetime], PublicFigures]) -> None:
        self.count = count
        self.lock = threading.Lock()
        self.last: PublicFigures | None = None

    def at(self, now: datetime) -> PublicFigures:
        """Counted at most five minutes before `now`; whoever comes while another counts waits for that count."""
        with self.lock:
            if self.last is None or not timedelta(0) <= now - self.last.counted_at < KEPT_FOR:
                self.last = self.count(now)
            return self.last

    def forget(self) -> None:
        self.last = None


kept_figures = Kept(public_figures)
