"""Leases: how a worker takes a waiting row so that no other takes it, and how a dead worker's row comes free again.

A row has `lease_until` and `lease_holder`. Taking it is one `update … where it is free`; whoever changes one row has
won. A lease that ends further ahead than any lease may last was written before the clock was set back: it counts as
ended, or its row would be stuck until the old time is reached again.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

from mulin.kernel.clock import SystemRandomness
from mulin.kernel.identifiers import new_public_id

LEASE_MAX = timedelta(minutes=10)
HOLDER_LENGTH = 60


def new_holder() -> str:
    """A name that no other worker has, nor this one after a restart."""
    name = f"{socket.gethostname()[:20]}:{os.getpid()}:{new_public_id(SystemRandomness())}"
    return name[:HOLDER_LENGTH]


def is_free(now: datetime) -> Q:
    """Rows that nobody holds at `now`."""
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=now + LEASE_MAX)


def take(
    rows: QuerySet[Any], row: Model, *, holder: str, now: datetime, duration: timedelta, **also: Any
) -> bool:
    """Take `row` if it still belongs to `rows` and is free; `also` is written with the lease. False: another was faster."""
    assert duration <= LEASE_MAX, "a lease longer than LEASE_MAX would count as ended"
    mine = rows.filter(is_free(now), pk=row.pk)
    return mine.update(lease_until=now + duration, lease_holder=holder, **also) == 1


def renew(rows: QuerySet[Any], *, holder: str, now: datetime, duration: timedelta) -> int:
    """Prolong what `holder` holds among `rows`; 0 when the lease was lost to another."""
    return rows.filter(lease_holder=holder).update(lease_until=now + duration)
