"""Is it alive? For the machine that watches; it says nothing about people."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from mulin import __version__
from mulin.base.selectors import ALIVE
from mulin.portals.selectors import worker_seen_at
from mulin.web.pages import clock_of


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, 503 when the database does not answer.

    `worker` is "alive", "silent" (heard of, but not lately) or "unknown"; `worker_age_seconds` says how long ago.
    """
    try:
        seen = worker_seen_at()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "down", "version": __version__}, status=503)
    age = clock_of(request).now() - seen if seen else None
    worker = "unknown" if age is None else "silent" if age > ALIVE else "alive"
    return JsonResponse(
        {
            "status": "ok" if worker == "alive" else "degraded",
            "database": "ok",
            "worker": worker,
            "worker_age_seconds": None if age is None else int(age.total_seconds()),
            "version": __version__,
        }
    )
