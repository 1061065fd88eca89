from datetime import UTC, date, datetime, timedelta

import pytest

from mulin.kernel.clock import COUNTY_TIME_ZONE, FixedClock, SeededRandomness, SystemClock, SystemRandomness


def test_the_system_clock_speaks_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_the_day_is_the_countys_and_not_the_servers():
    clock = FixedClock(datetime(2026, 2, 28, 16, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 3, 1)
    assert clock.today(UTC) == date(2026, 2, 28)


def test_a_fixed_clock_moves_only_when_told():
    clock = FixedClock(datetime(2026, 3, 1, 9, tzinfo=COUNTY_TIME_ZONE))
    before = clock.now()
    assert clock.now() == before == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert clock.advance(timedelta(hours=-2)) == clock.now() == before - timedelta(hours=2)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(AssertionError):
        FixedClock(datetime.fromisoformat("2026-03-01T09:00"))


def test_a_seed_replays_its_draws():
    assert SeededRandomness(7).token_bytes(16) == SeededRandomness(7).token_bytes(16)
    assert SeededRandomness(7).token_bytes(16) != SeededRandomness(8).token_bytes(16)


def test_the_systems_randomness_does_not_repeat():
    assert SystemRandomness().token_bytes(16) != SystemRandomness().token_bytes(16)
