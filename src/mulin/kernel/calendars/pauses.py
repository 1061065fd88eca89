"""Times in which a clock stands: while the resident is away, or a matter waits for somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pause:
    """From `began` until `ended`, or still going on where `ended` is None."""

    began: datetime
    ended: datetime | None = None


def elapsed_excluding(start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """Time from `start` to `end` without the pauses, which may overlap, be in any order, and be open."""
    paused = timedelta()
    for began, ended in merged(pauses, until=end):
        paused += max(min(ended, end) - max(began, start), timedelta())
    return max(end - start, timedelta()) - paused


def merged(pauses: Iterable[Pause], until: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """Pauses in order and without overlap. An open one ends at `until`; without `until` none may be open."""
    spans: list[tuple[datetime, datetime]] = []
    for began, ended in sorted((pause.began, _end_of(pause, until)) for pause in pauses):
        if ended <= began:
            continue
        if spans and began <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], ended))
        else:
            spans.append((began, ended))
    return spans


def _end_of(pause: Pause, until: datetime | None) -> datetime:
    ended = pause.ended or until
    assert ended is not None, (
        "while the clock stands there is no deadline: ask again when the pause has ended"
    )
    return ended
