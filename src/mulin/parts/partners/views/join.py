"""Becoming a partner: one form, on a phone first, for whoever wants to serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from mulin.base.operations import digest_of, run_once
from mulin.identity.attempts import attempt_begin, client_address
from mulin.kernel.errors import LimitReached, MulinError
from mulin.parts.partners import selectors, services
from mulin.parts.partners.forms import application_of
from mulin.parts.partners.views import words
from mulin.parts.partners.views.places import place_groups
from mulin.web.drafts import initial_from_draft
from mulin.web.pages import page
from mulin.web.typed import Typed


@dataclass(frozen=True)
class FormPage:
    """Words of partners/_application.html."""

    form: Typed
    kinds: list[dict[str, str]]
    categories: list[dict[str, str]]
    places: list[dict[str, Any]]
    form_errors: bool


def form_page(form: Typed, *, area_paths: Sequence[str] = ("",)) -> FormPage:
    return FormPage(
        form=form,
        kinds=words.kind_options(),
        categories=words.category_options(selectors.service_categories()),
        places=place_groups(area_paths),
        form_errors=form.is_bad,
    )


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    form = (
        Typed.sent(request)
        if request.method == "POST"
        else Typed.kept(initial_from_draft(request, "partners:join"))
    )
    if request.method == "POST":
        try:
            apply_once(request, form)
            return HttpResponseRedirect(reverse("partners:join_sent"))
        except MulinError as error:
            form.refuse(error)
    return page(request, "partners/join.html", form_page(form), status=422 if form.is_bad else 200)


def apply_once(request: HttpRequest, form: Typed) -> None:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    application = application_of(form, on=request.clock.today())  # type: ignore[attr-defined]

    def action() -> dict[str, Any]:
        slow_down(request, application.phone)
        return {"public_id": services.partner_apply(application=application, actor=actor, now=now).public_id}

    run_once(
        key=form.text("operation_id"),
        actor_key="",
        request_digest=digest_of("partners.join", sorted(form.values.items())),
        now=now,
        action=action,
    )


def slow_down(request: HttpRequest, phone: str) -> None:
    """Nobody fills the register by machine: applications count like tries to sign in, by phone and by address."""
    try:
        attempt_begin(
            account=f"partner application: {phone}",
            address=f"partner application: {client_address(request)}",
            now=request.clock.now(),  # type: ignore[attr-defined]
            today=request.clock.today(),  # type: ignore[attr-defined]
        )
    except LimitReached as error:
        raise LimitReached(
            zh="这个电话刚才已经提交过好几次申请。请过一刻钟再试，或者打电话给社区。",
            en="Several applications came from this phone just now. Please wait a quarter of an hour, or call the community.",
            code="applications-too-often",
        ) from error


@require_GET
def join_sent(request: HttpRequest) -> HttpResponse:
    return page(request, "partners/join_sent.html")
