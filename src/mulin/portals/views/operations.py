"""How the house runs: what beats, what recurs, what is being done, what was not delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from mulin.base import outbox
from mulin.identity import audit
from mulin.portals.names import PERIODIC
from mulin.portals.selectors import Operations, dead_message_for, operations_at
from mulin.portals.views.jobs import JobView, job_view
from mulin.web.pages import page


@dataclass(frozen=True)
class OperationsPage:
    operations: Operations
    open_jobs: list[JobView]
    ended_jobs: list[JobView]
    may_manage: bool
    is_worker_alive: bool
    at: datetime
    names: dict[str, Any]


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    now = request.clock.now()
    operations = operations_at(now)
    context = OperationsPage(
        operations=operations,
        open_jobs=[job_view(job, now) for job in operations.open_jobs],
        ended_jobs=[job_view(job, now) for job in operations.ended_jobs],
        may_manage=request.actor.may("operations.manage"),
        is_worker_alive=any(row.kind == "worker" and not row.is_silent for row in operations.processes),
        at=now,
        names=PERIODIC,
    )
    return page(request, "portals/operations.html", context)


@require_POST
@transaction.atomic
def resend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try a given-up message again, from the start."""
    now = request.clock.now()
    message = dead_message_for(public_id)
    outbox.send_again(message, now)
    audit.record(
        actor=request.actor, act="base.outbox_resend", about=f"base.outbox:{message.public_id}", now=now
    )
    return HttpResponseRedirect(reverse("portals:operations") + "#outbox")
