"""How every form of this part is shown, taken in, and done once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from mulin.base.operations import digest_of, run_once
from mulin.kernel.errors import MulinError
from mulin.parts.areas.forms import Field
from mulin.web.drafts import initial_from_draft
from mulin.web.pages import page
from mulin.web.typed import Typed


@dataclass(frozen=True)
class FormPage:
    """Words of areas/form.html."""

    title: str
    intro: str
    crumb: list[dict[str, str]]
    fields: Sequence[Field]
    form: Typed
    button_label: str
    back_url: str
    form_errors: bool


@dataclass(frozen=True)
class Asked:
    """One form: what it says, its fields, what it begins with, and what is done with what comes in.

    `act` returns the address to go to; what it raises is shown beside the fields.
    """

    route: str
    title: str
    fields: Sequence[Field]
    button: str
    back_url: str
    act: Callable[[Typed], str]
    crumb: list[dict[str, str]]
    intro: str = ""
    initial: dict[str, Any] | None = None


def answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The form, or what came of it: done once however often it is sent, and nothing typed is lost."""
    form = Typed.kept((asked.initial or {}) | initial_from_draft(request, asked.route))
    if request.method == "POST":
        form = Typed.sent(request)
        try:
            return HttpResponseRedirect(done_once(request, asked, form))
        except MulinError as error:
            form.refuse(error)
    context = FormPage(
        title=asked.title,
        intro=asked.intro,
        crumb=asked.crumb,
        fields=asked.fields,
        form=form,
        button_label=asked.button,
        back_url=asked.back_url,
        form_errors=form.is_bad,
    )
    return page(request, "areas/form.html", context, status=422 if form.is_bad else 200)


def done_once(request: HttpRequest, asked: Asked, form: Typed) -> str:
    typed = sorted((name, values) for name, values in form.values.items() if name != "csrfmiddlewaretoken")
    result = run_once(
        key=form.text("operation_id") or None,
        actor_key=request.actor.public_id,  # type: ignore[attr-defined]
        request_digest=digest_of(asked.route, request.path, typed),
        now=request.clock.now(),  # type: ignore[attr-defined]
        action=lambda: {"url": asked.act(form)},
    )
    return str(result["url"])
