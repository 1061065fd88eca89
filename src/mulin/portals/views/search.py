"""One box that asks every part. The words go in the body, never in the address: they are often names."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from mulin.portals.finding import LONGEST, SHORTEST, Section, find
from mulin.web.pages import page


@dataclass(frozen=True)
class SearchPage:
    text: str
    sections: list[Section]
    is_asked: bool
    is_too_short: bool
    longest: int = LONGEST


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    text = " ".join(request.POST.get("text", "").split())[:LONGEST]
    is_asked = request.method == "POST"
    context = SearchPage(
        text, find(request.actor, text, request.clock.today()), is_asked, is_asked and len(text) < SHORTEST
    )
    return page(request, "portals/search.html", context)
