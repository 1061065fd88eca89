"""What every answer passes through: designed error pages, a strict content policy, the person's language."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from mulin.kernel.errors import MulinError
from mulin.web.errors import error_response

log = logging.getLogger("mulin.web")
Handler = Callable[[HttpRequest], HttpResponse]


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
        tiles = " ".join(settings.MULIN_OUTGOING_HOSTS)
        self.policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
            f"img-src 'self' data: blob: {tiles}".rstrip()
            + "; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Language:
    """The language of the cookie, else the browser's, else Chinese."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh-hans" else language)
        return response


def chosen_language(request: HttpRequest) -> str:
    offered = {code for code, _ in settings.LANGUAGES}
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in offered:
        return cookie
    accepted = request.headers.get("Accept-Language", "").lower()
    first = accepted.split(",")[0].strip()
    return "en" if first.startswith("en") else "zh-hans"


class Csrf(CsrfViewMiddleware):
    """Cross-site protection for pages; the API is protected by its token, or by this when a session is used."""
