"""Who may call the API, and how often."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from mulin.identity.access import Actor
from mulin.identity.attempts import client_address
from mulin.identity.middleware import policies, policy_key
from mulin.kernel.errors import LimitReached, NotFound

MINUTE_SECONDS = 60


class TooOften(LimitReached):
    """Too many calls in this minute; `wait_seconds` says when the next one begins."""

    default_code = "too-many-calls"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(
            zh=f"调用太频繁了，请在 {wait_seconds} 秒后再试。",
            en=f"Too many calls. Please try again in {wait_seconds} seconds.",
        )
        self.wait_seconds = wait_seconds


class Meter:
    """Counts the calls of each caller in the running minute. Each server process counts for itself."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.minute = 0
        self.calls: Counter[str] = Counter()

    def count(self, caller: str, now: datetime) -> None:
        """Raises TooOften."""
        seconds = int(now.timestamp())
        with self.lock:
            if seconds // MINUTE_SECONDS != self.minute:
                self.minute = seconds // MINUTE_SECONDS
                self.calls.clear()
            self.calls[caller] += 1
            calls = self.calls[caller]
        if calls > settings.MULIN_API_CALLS_A_MINUTE:
            raise TooOften(MINUTE_SECONDS - seconds % MINUTE_SECONDS)


meter = Meter()


def allowed(request: HttpRequest) -> Actor | None:
    """The actor, when it may use this operation; None leads to 401. Whoever is unknown is counted by address.

    Raises TooOften, and NotFound for an operation that the actor may not use.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    caller = f"actor {actor.public_id}" if actor.is_signed_in else f"address {client_address(request)}"
    meter.count(caller, request.clock.now())  # type: ignore[attr-defined]
    if not actor.is_signed_in:
        return None
    if not policies()[policy_key(request)].allows(actor):
        raise NotFound
    return actor


class Bearer(HttpBearer):
    """A token in the Authorization header. The gate has looked it up; here the operation's policy is asked."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        return allowed(request) if "Authorization" in request.headers else None

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return allowed(request)


class Session(APIKeyCookie):
    """The session of a signed-in page; a change needs the page's own CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        if "Authorization" in request.headers:
            return None
        actor = allowed(request)
        if actor and check_csrf(request):
            raise HttpError(403, "csrf")
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return allowed(request)
