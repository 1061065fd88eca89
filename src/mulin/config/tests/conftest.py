"""A small demo county for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.test import override_settings

from mulin.config.demo import load_demo

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
PEOPLE = 500


def load(people: int = PEOPLE, seed: int = 7) -> dict[str, int]:
    """Load it with generated texts, whatever data this machine has; the counts of what was loaded."""
    with override_settings(MULIN_SHARED_DATA=Path("/nowhere")):
        return load_demo(people=people, seed=seed, now=NOW, report=lambda what, done, total: None)
