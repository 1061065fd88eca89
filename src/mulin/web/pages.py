"""How a view answers: one helper decides between the whole page and a fragment, one context carries the shell."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mulin.identity.access import ANONYMOUS, Actor
from mulin.kernel.clock import Clock, SystemClock
from mulin.web import frames

ELDER_COOKIE = "mulin-elder"
ELDER_SIZES = ("18", "22", "26", "30")
ELDER_FIRST_SIZE = "22"


@dataclass(frozen=True)
class Shell:
    """What every page's frame needs: who is here, in which language, how large."""

    actor: Actor
    language: str
    elder_size: str
    path: str
    is_demo: bool
    request: HttpRequest

    @property
    def is_elder(self) -> bool:
        return bool(self.elder_size)

    def frame(self, name: str) -> dict[str, Any]:
        """What the shell `name` draws around a page: places of work with their counts, who is here, whom to call."""
        return frames.build(name, self.request)


def clock_of(request: HttpRequest) -> Clock:
    """The request's clock; an answer given before the gate was reached has the system's."""
    return getattr(request, "clock", None) or SystemClock()


def shell_of(request: HttpRequest) -> Shell:
    return Shell(
        actor=getattr(request, "actor", ANONYMOUS),
        language=getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        elder_size=getattr(request, "elder_size", ""),
        path=request.get_full_path(),
        is_demo=settings.MULIN_IS_DEMO,
        request=request,
    )


def page(
    request: HttpRequest, template: str, context: Any = None, *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or `fragment` when htmx asks for a part of the page. `context` is a dataclass or a dict."""
    is_fragment = bool(fragment) and bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    words = as_dict(context) | {
        "shell": shell_of(request),
        "now": clock_of(request).now(),
        "operation_id": uuid.uuid4().hex,
    }
    return render(request, fragment if is_fragment else template, words, status=status)


def as_dict(context: Any) -> dict[str, Any]:
    if context is None:
        return {}
    if is_dataclass(context) and not isinstance(context, type):
        return {field.name: getattr(context, field.name) for field in fields(context)}
    return dict(context)
