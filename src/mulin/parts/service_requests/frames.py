"""What requests bring to the rail of the workbench and to its first page. `config` hands both to the portals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mulin.identity.access import Actor
from mulin.parts.service_requests.views.work_lists import address, counts_of

Place = dict[str, Any]
UNIT = _("件")


@dataclass(frozen=True)
class HomeTile:
    """One count of the first page: it opens the rows behind it."""

    code: str
    label: str | Promise
    permission: str
    count: Callable[[HttpRequest], int]
    url: Callable[[], str]
    order: int
    unit: str | Promise = UNIT
    accent_when_positive: bool = False


def work_places(request: HttpRequest) -> list[Place]:
    """Places of work with their counts, for whoever may see requests. One query, shared with the queue itself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    places: list[Place] = []
    if actor.may_any(["requests.view", "requests.handle"]):
        counts = counts_of(request)
        places = [
            place(request, _("待办事项"), "inbox", {"view": "waiting"}, counts["waiting"]),
            place(request, _("我手上的"), "user-check", {"view": "mine"}, counts["mine"]),
            place(
                request, _("超时的"), "clock-alert", {"view": "overdue"}, counts["overdue"], is_alarming=True
            ),
            place(request, _("待告知"), "megaphone", {"view": "tell"}, counts["tell"]),
        ]
    if actor.may("requests.take_in"):
        places.append(page_place(request, _("代为登记"), "phone", "service_requests:work_new"))
    if actor.may("requests.statistics"):
        places.append(page_place(request, _("事项统计"), "chart-column", "service_requests:work_statistics"))
    return places


def place(
    request: HttpRequest,
    label: Any,
    icon: str,
    params: dict[str, str],
    count: int,
    *,
    is_alarming: bool = False,
) -> Place:
    is_queue = request.resolver_match is not None and request.resolver_match.view_name in {
        "service_requests:work_queue",
        "service_requests:work_one",
    }
    asked = request.GET.get("view", "waiting")
    return {
        "label": label,
        "icon": icon,
        "url": address(params),
        "count": count,
        "current": is_queue and asked == params["view"],
        "tone": "accent" if is_alarming and count else "",
    }


def page_place(request: HttpRequest, label: Any, icon: str, route: str) -> Place:
    url = reverse(route)
    return {"label": label, "icon": icon, "url": url, "current": request.path.startswith(url)}


def counted(view: str) -> Callable[[HttpRequest], int]:
    return lambda request: counts_of(request)[view]


def home_tiles() -> list[HomeTile]:
    """The figures of requests on the first page."""
    return [
        HomeTile("requests.waiting", _("待办事项"), "requests.view", counted("waiting"), lambda: address({"view": "waiting"}), 10),
        HomeTile(
            "requests.overdue", _("超时的事项"), "requests.view", counted("overdue"), lambda: address({"view": "overdue"}), 20,
            accent_when_positive=True,
        ),
        HomeTile("requests.mine", _("我手上的事"), "requests.handle", counted("mine"), lambda: address({"view": "mine"}), 30),
        HomeTile(
            "requests.confirming", _("等居民确认"), "requests.view", counted("confirming"),
            lambda: address({"view": "confirming"}), 40,
        ),
    ]  # fmt: skip
