"""Raising a matter: one form, phone first. What was typed or photographed survives every mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.forms.resident import Place, request_input
from mulin.parts.service_requests.labels import type_hint, type_name
from mulin.parts.service_requests.links import link_secret
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.rules import Step
from mulin.parts.service_requests.services.photos import MAXIMUM_PHOTOS_A_STEP
from mulin.parts.service_requests.views.resident import frame_of, kept_photo_cards, place_for, unknown_code
from mulin.parts.service_requests.views.sending import Sending, all_problems, kept_photos
from mulin.parts.service_requests.views.sent_before import remember, sent_before
from mulin.web.drafts import initial_from_draft
from mulin.web.formats import listed
from mulin.web.pages import page
from mulin.web.typed import Typed

ROUTE = "service_requests:new"


@dataclass(frozen=True)
class NewPage:
    """Words of resident/new.html."""

    frame: dict[str, str]
    place: Place
    form: Typed
    types: list[dict[str, str]]
    with_phone: str
    photos: list[dict[str, str]]
    photo_limit: int
    is_restored: bool
    form_errors: bool


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, page_code: str) -> HttpResponse:
    place = place_for(page_code)
    if place is None:
        return unknown_code(request)
    types = selectors.active_types(for_residents=True)
    if request.method != "POST":
        draft = initial_from_draft(request, ROUTE)
        chosen = {"type": request.GET.get("type", "")} | own_words(request)
        return form_page(
            request, place, types, Typed.kept(chosen | draft), kept_photos(request), is_restored=bool(draft)
        )
    sending = Sending(request, Typed.sent(request))
    try:
        public_id = sent_before(request, sending.digest) or raise_once(sending, place, types)
    except MulinError as error:
        sending.typed.refuse(error)
        return sending.keep(lambda: form_page(request, place, types, sending.typed, sending.photos))
    secret = link_secret(public_id)
    response = HttpResponseRedirect(reverse("service_requests:by_secret", args=[secret]) + "?new=1")
    remember(response, sending.digest, public_id)
    return response


def own_words(request: HttpRequest) -> dict[str, str]:
    """A resident who signed in is not asked again for what we know."""
    homes = {scope.home for scope in request.actor.scopes}  # type: ignore[attr-defined]
    if not request.actor.is_signed_in or homes - {"resident"}:  # type: ignore[attr-defined]
        return {}
    user: Any = request.user
    return {"requester_name": user.display_name, "phone": user.phone}


def form_page(
    request: HttpRequest,
    place: Place,
    types: list[RequestType],
    typed: Typed,
    photos: list[Any],
    *,
    is_restored: bool = False,
) -> HttpResponse:
    context = NewPage(
        frame=frame_of(place),
        place=place,
        form=typed,
        types=[
            {"value": kind.code, "label": type_name(kind), "hint": type_hint(kind), "icon": kind.icon}
            for kind in types
        ],
        with_phone=listed([type_name(kind) for kind in types if kind.needs_phone]),
        photos=kept_photo_cards(photos),
        photo_limit=MAXIMUM_PHOTOS_A_STEP - len(photos),
        is_restored=is_restored,
        form_errors=typed.is_bad,
    )
    return page(request, "service_requests/resident/new.html", context, status=422 if typed.is_bad else 200)


def raise_once(sending: Sending, place: Place, types: list[RequestType]) -> str:
    """The public id of the request, raised now or by an earlier press of the same button."""
    request, typed = sending.request, sending.typed
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    problems: list[FieldProblem] = []
    data = None
    try:
        data = request_input(typed, place, types, actor)
    except InvalidInput as error:
        problems = error.problems
    area_path = (place.grid or place.community).path
    all_problems(problems, sending.take_photos(area_path))
    assert data is not None, "no problem was found, so the input is whole"
    given = data

    def action() -> dict[str, Any]:
        raised = services.request_raise(data=given, actor=actor, now=now)
        services.photos_attach(request=raised.request, files=sending.photos, step=Step.RAISE, now=now)
        return {"public_id": raised.request.public_id}

    return str(sending.run(action)["public_id"])
