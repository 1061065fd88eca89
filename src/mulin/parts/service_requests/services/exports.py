"""Sheets that were made as a job lie on the server for a while, then they go: they hold what residents wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from mulin.base import files, settings_store
from mulin.base.models import StoredFile
from mulin.kernel.clock import COUNTY_TIME_ZONE

EXPORT_PURPOSE = "service_requests.export"
KEPT_DAYS_KEY, KEPT_DAYS_DEFAULT = "service_requests.export_kept_days", 7


def exports_remove_old(*, now: datetime, limit: int = 200) -> int:
    """Remove sheets older than the county keeps them; how many went. Safe to run twice."""
    today = now.astimezone(COUNTY_TIME_ZONE).date()
    kept = timedelta(days=int(settings_store.value(KEPT_DAYS_KEY, on=today, default=KEPT_DAYS_DEFAULT)))
    old = StoredFile.objects.filter(purpose=EXPORT_PURPOSE, created_at__lt=now - kept)
    count = 0
    for stored in old.order_by("created_at")[:limit]:
        with transaction.atomic():
            files.remove(stored)
        count += 1
    return count
