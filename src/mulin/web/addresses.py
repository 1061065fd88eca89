"""Addresses of routes, worked out once: a page of rows has a hundred of them, and they differ by an id at most."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

ROUTES_KEPT = 1024
STAND_IN = "stand0in"
AS_IN_REVERSE = "/~:@!$&'()*+,;="


def address(name: str) -> str:
    """The address of a route without parameters, as `reverse` gives it."""
    return kept(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


class AddressPattern:
    """The addresses of a route with one textual parameter: `pattern(public_id)` is what `reverse` would give."""

    def __init__(self, name: str) -> None:
        self.before, self.after = ends(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())

    def __call__(self, word: str) -> str:
        return f"{self.before}{quote(word, safe=AS_IN_REVERSE)}{self.after}"


@lru_cache(ROUTES_KEPT)
def kept(name: str, routes: str, prefix: str) -> str:
    return reverse(name, urlconf=routes)


@lru_cache(ROUTES_KEPT)
def ends(name: str, routes: str, prefix: str) -> tuple[str, str]:
    before, _, after = reverse(name, urlconf=routes, args=[STAND_IN]).rpartition(STAND_IN)
    return before, after
