"""The public front page: what this is, whom to call, where to report, how to find one's own matter."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from mulin.portals.frame import address, home_of
from mulin.portals.places import Communities, communities
from mulin.web.pages import page


@dataclass(frozen=True)
class FrontPage:
    communities: Communities
    text: str
    find_url: str
    figures_url: str
    own_url: str
    own_name: str
    resident_page: str


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Open to all. `q` is part of a community's name."""
    text = " ".join(request.GET.get("q", "").split())[:40]
    actor = request.actor
    context = FrontPage(
        communities=communities(text),
        text=text,
        find_url=address("service_requests:find"),
        figures_url=reverse("portals:figures"),
        own_url=home_of(actor) if actor.is_signed_in else "",
        own_name=actor.name,
        resident_page="/c/",
    )
    return page(request, "portals/front.html", context)
