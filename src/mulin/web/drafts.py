"""Nothing typed is lost: a form sent after the session has ended, or from a page that grew too old, is kept.

`KeepTyped` stores the fields encrypted and leaves a secret in an HttpOnly cookie. The view that shows the form asks
`initial_from_draft`; sending the form with success forgets the draft, and so does signing out. Files and passwords are
never kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from mulin.base import drafts
from mulin.identity.access import ANONYMOUS
from mulin.kernel.errors import LimitReached
from mulin.web.pages import clock_of

COOKIE = "mulin-draft"
COOKIE_SECONDS = 3600
PATH, OWNER = "__path", "__owner"
_NEVER_KEPT = re.compile(r"password|secret|token|^operation_id$", re.IGNORECASE)


class KeepTyped:
    """Middleware, outside of the gate and of the cross-site check: both leave a mark when they turn a form away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST":
            if getattr(request, "is_sign_in_asked", False) or getattr(request, "is_form_expired", False):
                keep(request, response)
            elif COOKIE in request.COOKIES and response.status_code < 400:
                forget(request)
        return response


def form_of(request: HttpRequest) -> str:
    """How a form is named: by the route that it is sent to."""
    return request.resolver_match.view_name[:120] if request.resolver_match else ""


def typed_fields(request: HttpRequest) -> drafts.Fields:
    return {name: request.POST.getlist(name) for name in request.POST if not _NEVER_KEPT.search(name)}


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Store what was typed and leave the cookie. An empty form is not worth keeping, an enormous one cannot be kept."""
    fields, form = typed_fields(request), form_of(request)
    if not form or not fields:
        return
    token = request.COOKIES.get(COOKIE) or drafts.new_token()
    try:
        drafts.save(
            token=token,
            form=form,
            fields={**fields, PATH: request.path, OWNER: owner_of(request)},
            now=clock_of(request).now(),
        )
    except LimitReached:
        return
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def initial_from_draft(request: HttpRequest, form_name: str, *, path: str = "") -> dict[str, Any]:
    """What was typed into the form sent to the route `form_name`, as a form's `initial`; empty when nothing is kept.

    A draft belongs to one address: `path` is where this form is sent to, by default the page's own. It is shown to
    the person whose session had ended, as far as that is known, and to nobody else on the same machine.
    """
    token = request.COOKIES.get(COOKIE)
    kept = drafts.load(token=token, form=form_name) if token else None
    if not kept or kept.pop(PATH, "") != (path or request.path):
        return {}
    owner, actor = kept.pop(OWNER, ""), getattr(request, "actor", ANONYMOUS)
    if owner and owner != str(actor.user_id):
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in kept.items()}


def owner_of(request: HttpRequest) -> str:
    """Whose session the browser still names, though it has ended: on a shared machine the next person is another."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    session = Session.objects.filter(session_key=key).first() if key else None
    return str(session.get_decoded().get(SESSION_KEY, "")) if session else ""


def forget(request: HttpRequest) -> None:
    """Drop the draft of the form that was just sent."""
    drafts.forget(token=request.COOKIES[COOKIE], form=form_of(request))
