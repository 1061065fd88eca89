"""The gate before every view: attach the actor and the clock, then ask the route's policy."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from mulin.identity.access import ANONYMOUS, Actor
from mulin.identity.policy import Policy
from mulin.identity.selectors import actor_for, actor_for_token
from mulin.identity.signed_in import session_seen
from mulin.kernel.clock import Clock, SystemClock

API_PREFIX = "api/"
ROUTES_WHILE_PASSWORD_IS_DUE = {"portals:change_password", "portals:sign_out"}


@cache
def policies() -> dict[str, Policy]:
    """Route → policy, from every part."""
    return import_string(settings.MULIN_POLICIES)


def policy_key(request: HttpRequest) -> str:
    """How a route is named in the policies: a page by its view name, an API operation as "GET api/v1/requests"."""
    match = request.resolver_match
    assert match is not None
    if match.route.startswith(API_PREFIX):
        return f"{'GET' if request.method == 'HEAD' else request.method} {match.route}"
    return match.view_name


def page_of(request: HttpRequest) -> str:
    """The page that somebody was on: for a sent form, the page that showed it, so that signing in leads back there."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path:
        return request.path
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and from there back; `request.is_sign_in_asked` tells outer layers to keep what was typed."""
    request.is_sign_in_asked = True  # type: ignore[attr-defined]
    answer = redirect_to_login(page_of(request))
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": answer.url})
    return answer


def refuse_undeclared(request: HttpRequest) -> HttpResponse:
    """No policy, no entrance. An address of the API that knows other methods says which."""
    match = request.resolver_match
    assert match is not None
    declared = (key.split(" ", 1) for key in policies() if " " in key)
    methods = sorted(method for method, route in declared if route == match.route)
    if not methods:
        raise Http404("the route declares no policy")
    return HttpResponseNotAllowed(methods)


class Access:
    """Middleware. Sets `request.clock` and `request.actor`; denies routes without a policy and actors without leave.

    Forbidden and non-existent are one answer (404). Only a person who is not signed in is told to sign in.
    """

    clock: Clock = SystemClock()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.clock = self.clock  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: self.actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def actor(self, request: HttpRequest) -> Actor:
        today = self.clock.today(ZoneInfo(settings.TIME_ZONE))
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and request.path.startswith(f"/{API_PREFIX}"):
            return actor_for_token(token.strip(), now=self.clock.now(), today=today) or ANONYMOUS
        user: Any = request.user
        if not user.is_authenticated:
            return ANONYMOUS
        # A first password opens the page where it is changed and nothing else, the API included.
        is_closed = user.must_change_password and request.path.startswith(f"/{API_PREFIX}")
        return ANONYMOUS if is_closed else actor_for(user, today=today)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        policy = policies().get(policy_key(request))
        if policy is None:
            return refuse_undeclared(request)
        if policy.anyone:
            return None
        actor: Actor = request.actor  # type: ignore[attr-defined]
        is_api = request.path.startswith(f"/{API_PREFIX}")
        if not actor.is_signed_in:
            return None if is_api else ask_to_sign_in(request)
        if is_api:
            return None
        session_seen(session=request.session, now=request.clock.now())  # type: ignore[attr-defined]
        if actor.must_change_password and policy_key(request) not in ROUTES_WHILE_PASSWORD_IS_DUE:
            return HttpResponseRedirect(reverse("portals:change_password"))
        if not policy.allows(actor):
            raise Http404("not for this actor")
        return None
