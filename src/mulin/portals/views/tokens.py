"""Keys for programs: made here, shown once, closed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from mulin.identity.models import ApiToken
from mulin.identity.selectors import token_for, tokens_of
from mulin.identity.services import token_create, token_revoke
from mulin.kernel.errors import InvalidInput
from mulin.portals.forms import CreateToken, put_problems
from mulin.portals.frame import layout_of
from mulin.portals.permissions import NAMES
from mulin.web.drafts import initial_from_draft
from mulin.web.pages import page


@dataclass(frozen=True)
class TokensPage:
    layout: str
    form: CreateToken
    tokens: list[ApiToken]
    names: dict[str, str]
    may_create: bool
    secret: str
    form_errors: bool
    at: datetime


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """My keys; a POST makes one and shows its secret on this answer alone."""
    actor = request.actor
    names = {code: str(name) for code, name in NAMES.items()}
    scopes = [(code, name) for code, name in names.items() if actor.may(code)]
    form = CreateToken(
        request.POST if request.method == "POST" else None,
        scopes=scopes,
        initial=initial_from_draft(request, "portals:tokens"),
    )
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            words = form.cleaned_data
            _token, secret = token_create(
                user=request.user,  # type: ignore[arg-type]
                name=words["name"],
                scopes=words["scopes"],
                days=words["days"],
                actor=actor,
                now=request.clock.now(),
                today=request.clock.today(),
            )
        except InvalidInput as error:
            put_problems(form, error)
    context = TokensPage(
        layout=layout_of(actor),
        form=CreateToken(scopes=scopes) if secret else form,
        tokens=tokens_of(actor.user_id),
        names=names,
        may_create=bool(scopes),
        secret=secret,
        form_errors=bool(form.errors),
        at=request.clock.now(),
    )
    return page(request, "portals/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    token = token_for(request.actor, public_id)
    token_revoke(token=token, actor=request.actor, now=request.clock.now())
    return HttpResponseRedirect(reverse("portals:tokens"))
