"""Time and chance, handed in from outside.

Nothing else in the house reads the clock or draws at random, so that a test, a simulator or the demo county can hold
both in its hand. Moments are always aware and in UTC; days belong to a time zone.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

COUNTY_TIME_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def today(self, time_zone: tzinfo = COUNTY_TIME_ZONE) -> date:
        """The calendar day it is in that time zone."""
        ...


class SystemClock:
    """The machine's own clock: the only place that reads it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self, time_zone: tzinfo = COUNTY_TIME_ZONE) -> date:
        return self.now().astimezone(time_zone).date()


class FixedClock:
    """A clock that stands still until it is told to move.

    >>> clock = FixedClock(datetime(2026, 3, 1, 17, tzinfo=UTC))
    >>> clock.today()
    datetime.date(2026, 3, 2)
    >>> clock.advance(timedelta(minutes=5)).minute
    5
    """

    def __init__(self, now: datetime) -> None:
        self._now = _in_utc(now)

    def now(self) -> datetime:
        return self._now

    def today(self, time_zone: tzinfo = COUNTY_TIME_ZONE) -> date:
        return self._now.astimezone(time_zone).date()

    def advance(self, by: timedelta) -> datetime:
        """Move by so much (backwards too, as real clocks do) and return the new moment."""
        self._now += by
        return self._now

    def set(self, now: datetime) -> None:
        self._now = _in_utc(now)


def _in_utc(moment: datetime) -> datetime:
    assert moment.tzinfo is not None, "a moment without a time zone is ambiguous: pass an aware datetime"
    return moment.astimezone(UTC)


class Rng(Protocol):
    """What ids and secrets are drawn from."""

    def token_bytes(self, count: int) -> bytes: ...


class SystemRandomness(random.SystemRandom):
    """The operating system's generator: for every id and secret outside tests and the demo."""

    def token_bytes(self, count: int) -> bytes:
        return self.randbytes(count)


class SeededRandomness(random.Random):
    """The same draws for the same seed, and all of `random.Random`: for the demo county, simulators and tests only."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def token_bytes(self, count: int) -> bytes:
        return self.randbytes(count)
