"""What every answer passes through: designed error pages, a strict content policy, the person's language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from mulin.kernel.errors import MulinError
from mulin.web.errors import error_response, plain_problem, wants_json
from mulin.web.pages import ELDER_COOKIE, ELDER_FIRST_SIZE, ELDER_SIZES

log = logging.getLogger("mulin.web")
Handler = Callable[[HttpRequest], HttpResponse]
A_YEAR_SECONDS = 365 * 24 * 3600


class ErrorPages:
    """Turns whatever a view raises into a page or a problem document in the person's language; never a traceback."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, MulinError):
            return error_response(request, error)
        return None


class ContentSecurity:
    """No inline script or style, nothing from another host; personal pages are never kept by a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
            f"img-src 'self' data: blob: {settings.MULIN_TILE_HOST}".rstrip()
            + "; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Preferences:
    """The language and the size of letters a person chose: from `?lang=` and `?big=`, kept in two plain cookies.

    Without a choice, the browser's first language decides, else Chinese. The cookies hold nothing personal.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        request.elder_size = chosen_elder_size(request)  # type: ignore[attr-defined]
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh-hans" else language)
        if "lang" in request.GET:
            keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        if "big" in request.GET:
            keep(response, ELDER_COOKIE, request.elder_size)  # type: ignore[attr-defined]
        return response


def keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def chosen_language(request: HttpRequest) -> str:
    offered = {code for code, _ in settings.LANGUAGES}
    for wish in (request.GET.get("lang", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if wish in offered:
            return wish
    first = request.headers.get("Accept-Language", "").lower().split(",")[0].strip()
    return "en" if first.startswith("en") else "zh-hans"


def chosen_elder_size(request: HttpRequest) -> str:
    """The letter size of elder mode in pixels, or nothing outside it. `?big=1` begins at 22."""
    wish = request.GET.get("big", request.COOKIES.get(ELDER_COOKIE, ""))
    wish = ELDER_FIRST_SIZE if wish == "1" else wish
    return wish if wish in ELDER_SIZES else ""


class ApiProblems:
    """Whatever refuses a call of the API, the answer is a problem document: also what Django refuses by itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not wants_json(request):
            return response
        if response.headers.get("Content-Type", "").startswith("application/problem+json"):
            return response
        answer = plain_problem(response.status_code, code_of(response.status_code))
        if "Allow" in response.headers:
            answer.headers["Allow"] = response.headers["Allow"]
        return answer


def code_of(status: int) -> str:
    """
    >>> code_of(405)
    'method-not-allowed'
    """
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


class Csrf(CsrfViewMiddleware):
    """Cross-site protection for pages; the API is protected by its token, or by this when a session is used."""
