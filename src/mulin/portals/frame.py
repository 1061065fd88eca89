"""What stands around a page in each shell: places to go, who is here, the switches for size and language.

Parts bring the places of their own work, with counts, through `add_places`; `config` registers them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mulin.identity.access import ANONYMOUS, Actor
from mulin.portals.places import county
from mulin.portals.policies import MAY_FIND, MAY_IMPORT
from mulin.web import frames
from mulin.web.pages import ELDER_SIZES

log = logging.getLogger("mulin.portals")
Place = dict[str, Any]
Provider = Callable[[HttpRequest], list[Place]]
# label, icon, route, the permissions of which one opens it
COMMON_PLACES: tuple[tuple[str | Promise, str, str, tuple[str, ...]], ...] = (
    (_("查找"), "search", "portals:search", MAY_FIND),
    (_("合伙人"), "handshake", "partners:list", ("partners.view",)),
    (_("居民底册"), "users", "registry:list", ("registry.view",)),
    (_("区域和岗位"), "map-pin", "areas:list", ("areas.view",)),
    (_("账号"), "user", "portals:users", ("users.view",)),
    (_("导入表格"), "upload", "portals:imports", MAY_IMPORT),
    (_("操作记录"), "history", "portals:audit", ("audit.view",)),
    (_("运行状况"), "wrench", "portals:operations", ("operations.view",)),
)
PARTNER_PLACES: tuple[tuple[str | Promise, str, str], ...] = (
    (_("今天的单"), "inbox", "service_requests:partner_home"),
    (_("办过的单"), "history", "service_requests:partner_history"),
    (_("我的资料"), "store", "partners:profile"),
)
_providers: dict[str, list[Provider]] = {}


def add_places(shell: str, provider: Provider) -> None:
    """Let a part put its places of work into the rail of a shell, after "today" and before what all share."""
    found = _providers.setdefault(shell, [])
    if provider not in found:
        found.append(provider)


def register() -> None:
    """Furnish the shells; called once when the application is ready."""
    frames.register("workbench", workbench)
    frames.register("partner", partner)
    frames.register("resident", resident)
    frames.register("public", public)
    frames.register("error", error)


def workbench(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    today = {
        "label": _("今天"),
        "icon": "house",
        "url": reverse("portals:home"),
        "current": is_at(request, "portals:home"),
    }
    shared = [
        {"label": label, "icon": icon, "url": url, "current": request.path.startswith(url)}
        for label, icon, route, permissions in COMMON_PLACES
        if actor.may_any(permissions) and (url := address(route))
    ]
    places = [today, *brought(request, "workbench"), *shared]
    return switches(request) | {
        "home_url": reverse("portals:home"),
        "places": places,
        "actor_name": actor.name,
    }


def partner(request: HttpRequest) -> dict[str, Any]:
    own = [
        {"label": label, "icon": icon, "url": url, "current": is_at(request, route)}
        for label, icon, route in PARTNER_PLACES
        if (url := address(route))
    ]
    places = [*own, *brought(request, "partner")]
    return switches(request) | {
        "home_url": home_of(actor_of(request)),
        "places": places,
        "actor_name": actor_of(request).name,
    }


def resident(request: HttpRequest) -> dict[str, Any]:
    return switches(request) | {
        "home_url": reverse("portals:front"),
        "help_url": reverse("portals:front") + "#communities",
    }


def public(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    ours = county()
    frame = switches(request) | {
        "home_url": reverse("portals:front"),
        "places": brought(request, "public"),
        "county_name": ours.name,
        "phone": ours.telephone,
    }
    if actor.is_signed_in:
        frame |= {"actor_name": actor.name, "account_url": reverse("portals:account")}
    return frame


def error(request: HttpRequest) -> dict[str, Any]:
    """Whom to call when something went wrong; where it is the database that did, the page stands without."""
    try:
        return {"phone": county().telephone}
    except DatabaseError:
        log.warning("no telephone for an error page: the database does not answer", exc_info=True)
        return {}


def brought(request: HttpRequest, shell: str) -> list[Place]:
    return [place for provider in _providers.get(shell, []) for place in provider(request)]


def switches(request: HttpRequest) -> dict[str, Any]:
    """Size, language, and the way in or out."""
    size = str(getattr(request, "elder_size", ""))
    larger = (
        ELDER_SIZES[min(ELDER_SIZES.index(size) + 1, len(ELDER_SIZES) - 1)] if size in ELDER_SIZES else ""
    )
    other = "zh-hans" if getattr(request, "LANGUAGE_CODE", "").startswith("en") else "en"
    frame = {
        "elder_url": switch(request, "portals:size", size="off" if size else "22"),
        "text_size_url": switch(request, "portals:size", size=larger) if larger and larger != size else "",
        "language_url": switch(request, "portals:language", language=other),
    }
    if actor_of(request).is_signed_in:
        return frame | {
            "sign_out_url": reverse("portals:sign_out"),
            "account_url": reverse("portals:account"),
        }
    return frame | {"sign_in_url": reverse("portals:sign_in")}


def switch(request: HttpRequest, route: str, **words: str) -> str:
    here = request.get_full_path() if request.method == "GET" else request.path
    return f"{reverse(route)}?{urlencode(words | {'next': here})}"


def home_of(actor: Actor) -> str:
    """Where somebody lands: by the first of their roles that has pages of its own."""
    homes = {scope.home for scope in actor.scopes}
    if "workbench" in homes:
        return reverse("portals:home")
    return (address("service_requests:partner_home") if "partner" in homes else "") or reverse(
        "portals:account"
    )


def layout_of(actor: Actor) -> str:
    """The shell for pages that all kinds of people share."""
    homes = {scope.home for scope in actor.scopes}
    name = "workbench" if "workbench" in homes else "partner" if "partner" in homes else "public"
    return f"shells/{name}.html"


def address(route: str, *words: str) -> str:
    """The route's address, or nothing where this installation does not have the part."""
    try:
        return reverse(route, args=words)
    except NoReverseMatch:
        return ""


def is_at(request: HttpRequest, route: str) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == route


def actor_of(request: HttpRequest) -> Actor:
    return getattr(request, "actor", ANONYMOUS)
