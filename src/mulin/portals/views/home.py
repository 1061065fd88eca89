"""The first page of the workbench: what waits for me today, each number leading to its rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from mulin.base.notices import unread_count
from mulin.portals.frame import home_of
from mulin.portals.homes import Figure, figures_for, lists_for
from mulin.portals.policies import MAY_FIND
from mulin.web.contributions import HomeList
from mulin.web.pages import page


@dataclass(frozen=True)
class HomePage:
    name: str
    figures: list[Figure]
    lists: list[HomeList]
    unread: int
    may_find: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Partners and residents have homes of their own and are sent there."""
    actor = request.actor
    own = home_of(actor)
    if own != reverse("portals:home"):
        return HttpResponseRedirect(own)
    may_find = actor.may_any(MAY_FIND)
    context = HomePage(
        name=actor.name,
        figures=figures_for(request),
        lists=lists_for(request),
        unread=unread_count(actor.user_id),
        may_find=may_find,
    )
    return page(request, "portals/home.html", context)
