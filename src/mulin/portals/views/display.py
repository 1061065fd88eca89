"""Size of letters and language: two plain cookies, changed by a link or a form, and back to where one was."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from mulin.web.pages import ELDER_COOKIE, ELDER_SIZES

A_YEAR_SECONDS = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def size(request: HttpRequest) -> HttpResponse:
    """Elder mode in one of its sizes, or off; an unknown size changes nothing."""
    wish = asked(request, "size")
    answer = HttpResponseRedirect(safe_next(request))
    if wish in ELDER_SIZES:
        put_cookie(answer, ELDER_COOKIE, wish)
    elif wish == "off":
        put_cookie(answer, ELDER_COOKIE, "off")
    return answer


@require_http_methods(["GET", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    wish = asked(request, "language")
    answer = HttpResponseRedirect(safe_next(request))
    if wish in dict(settings.LANGUAGES):
        put_cookie(answer, settings.LANGUAGE_COOKIE_NAME, wish)
    return answer


def asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")


def safe_next(request: HttpRequest, otherwise: str = "portals:front") -> str:
    """Where to go on: an address of this site, or the page `otherwise`."""
    target = asked(request, "next")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else reverse(otherwise)


def put_cookie(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=A_YEAR_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
