"""What the common search finds of requests: one by its number, others by words of their titles and places."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mulin.identity.access import Actor
from mulin.parts.service_requests.labels import status_label
from mulin.parts.service_requests.selectors.finding import find_rows
from mulin.web.contributions import FindProvider, Hit


def find(actor: Actor, text: str, limit: int, today: date) -> list[Hit]:
    """The newest first. One query."""
    return [
        Hit(
            title=row.title,
            url=reverse("service_requests:work_one", args=[row.public_id]),
            meta=f"{row.number} · {status_label(row.status).label} · {row.area}",
        )
        for row in find_rows(actor, text, limit)
    ]


PROVIDER = FindProvider("requests", _("事项"), "requests.view", find, order=10)
