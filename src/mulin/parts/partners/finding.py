"""What the common search finds of partners: their names."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mulin.identity.access import Actor
from mulin.parts.partners.selectors import PartnerFilter, matching
from mulin.parts.partners.views.words import kind_name, status
from mulin.web.contributions import FindProvider, Hit


def find(actor: Actor, text: str, limit: int, today: date) -> list[Hit]:
    """Partners of the actor's areas by a part of their name. One query."""
    rows = (
        matching(actor, PartnerFilter(words=text))
        .select_related("area")
        .defer("phone")
        .order_by("name", "pk")
    )
    return [
        Hit(
            title=partner.name,
            url=reverse("partners:one", args=[partner.public_id]),
            meta=f"{kind_name(partner)} · {status(partner)['label']} · {partner.area.name}",
        )
        for partner in rows[:limit]
    ]


PROVIDER = FindProvider("partners", _("合伙人"), "partners.view", find, order=30)
