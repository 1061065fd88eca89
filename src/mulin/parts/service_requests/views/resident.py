"""Where a resident begins: the poster's page, the way back to one's own matter, one's own home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mulin.base.files import file_response
from mulin.identity.attempts import attempt_begin, attempt_succeeded, client_address
from mulin.kernel.errors import LimitReached, MulinError, NotFound
from mulin.kernel.identifiers.typed_text import plain
from mulin.parts.areas.rules import AreaKind
from mulin.parts.areas.selectors import area_for_page_code, areas_below, community_and_grid
from mulin.parts.service_requests import selectors
from mulin.parts.service_requests.forms.resident import Place
from mulin.parts.service_requests.labels import type_hint, type_name
from mulin.parts.service_requests.links import link_secret
from mulin.parts.service_requests.models import RequestType, ServiceRequest
from mulin.parts.service_requests.services import photo_drafts
from mulin.parts.service_requests.views import shown
from mulin.web import drafts
from mulin.web.pages import page
from mulin.web.typed import Typed


def place_for(page_code: str) -> Place | None:
    """Where the poster with this code hangs. Two queries."""
    area = area_for_page_code(page_code)
    if area is None:
        return None
    community, grid = community_and_grid(area)
    return Place(page_code=area.page_code or "", area=area, community=community or area, grid=grid)


def unknown_code(request: HttpRequest) -> HttpResponse:
    """A poster that hangs no more, or a code mistyped: say so kindly and show the ways on."""
    return page(request, "service_requests/resident/code_unknown.html", status=404)


def frame_of(place: Place) -> dict[str, str]:
    """The shell of pages that belong to a place: its name, its telephone, its page as home."""
    return {
        "community_name": str(place.community.name),
        "phone": place.telephone,
        "home_url": code_url(place.page_code),
    }


def code_url(page_code: str) -> str:
    return reverse("service_requests:code_page", args=[page_code])


def new_url(page_code: str, kind: RequestType | None = None) -> str:
    address = reverse("service_requests:new", args=[page_code])
    return f"{address}?type={kind.code}" if kind else address


@dataclass(frozen=True)
class CodePage:
    """Words of resident/code_page.html. `first` is the kind that the county puts first, with its own big button."""

    frame: dict[str, str]
    place: Place
    where: str
    new_url: str
    first: dict[str, str] | None


@require_safe
def code_page(request: HttpRequest, page_code: str) -> HttpResponse:
    place = place_for(page_code)
    if place is None:
        return unknown_code(request)
    context = CodePage(
        frame=frame_of(place),
        place=place,
        where=place.area.name if place.area.pk != place.community.pk else "",
        new_url=new_url(place.page_code),
        first=first_action(place.page_code),
    )
    return page(request, "service_requests/resident/code_page.html", context)


def first_action(page_code: str) -> dict[str, str] | None:
    kinds = selectors.active_types(for_residents=True)
    if not kinds:
        return None
    return {"label": type_name(kinds[0]), "hint": type_hint(kinds[0]), "url": new_url(page_code, kinds[0])}


@dataclass(frozen=True)
class ChoosePage:
    """Words of resident/choose.html."""

    groups: list[dict[str, Any]]
    form: Typed
    form_errors: bool


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Who has no poster at hand picks the community, or types the poster's code."""
    typed = Typed.kept({"code": request.GET.get("code", "")})
    if code := typed.text("code"):
        place = place_for(code)
        if place is not None:
            return HttpResponseRedirect(code_url(place.page_code))
        typed.problems["code"] = [_("没有这个编号的页面。请对照海报再看一遍，或者在下面选社区。")]
    context = ChoosePage(groups=community_groups(), form=typed, form_errors=typed.is_bad)
    return page(
        request, "service_requests/resident/choose.html", context, status=422 if typed.is_bad else 200
    )


def community_groups() -> list[dict[str, Any]]:
    """Subdistricts with the pages of their communities. One query."""
    groups: list[dict[str, Any]] = []
    rows = areas_below([""]).filter(kind__in=[AreaKind.SUBDISTRICT, AreaKind.COMMUNITY])
    for kind, name, code in rows.values_list("kind", "name", "page_code"):
        if kind == AreaKind.SUBDISTRICT or not groups:
            groups.append({"label": name, "links": []})
        if kind == AreaKind.COMMUNITY and code:
            groups[-1]["links"].append({"label": name, "url": code_url(code)})
    return [group for group in groups if group["links"]]


@dataclass(frozen=True)
class FindPage:
    """Words of resident/find.html."""

    form: Typed
    form_errors: bool


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By number and the last four digits of the telephone; unknown and wrong have one answer."""
    typed = Typed.sent(request) if request.method == "POST" else Typed()
    if request.method == "POST":
        try:
            found = found_by(request, typed)
            return HttpResponseRedirect(
                reverse("service_requests:by_secret", args=[link_secret(found.public_id)])
            )
        except MulinError as error:
            typed.refuse(error)
    context = FindPage(form=typed, form_errors=typed.is_bad)
    return page(request, "service_requests/resident/find.html", context, status=422 if typed.is_bad else 200)


def found_by(request: HttpRequest, typed: Typed) -> ServiceRequest:
    """Each number and each address may be tried so often only; guessing gets slower, not likelier."""
    number = plain(typed.text("number")).replace("-", "").upper()[:40]
    try:
        attempt = attempt_begin(
            account=f"request number {number}",
            address=f"request number {client_address(request)}",
            now=request.clock.now(),  # type: ignore[attr-defined]
            today=request.clock.today(),  # type: ignore[attr-defined]
        )
    except LimitReached as error:
        raise LimitReached(
            zh="试的次数多了。请过一刻钟再试，或者打电话给社区，报编号就能查。",
            en="Too many tries. Please wait a quarter of an hour, or call the community and tell them the number.",
            code="find-too-often",
        ) from error
    found = selectors.find_by_number(number, typed.text("phone_tail"))
    attempt_succeeded(attempt)
    return found


@dataclass(frozen=True)
class MePage:
    """Words of resident/me.html."""

    frame: dict[str, str]
    greeting: str
    name: str
    new_url: str
    first: dict[str, str] | None
    waiting: list[shown.Card]
    open: list[shown.Card]
    ended: list[shown.Card]


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """王奶奶's own page: a greeting, two big actions, her matters with who has them and until when."""
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    place = place_of_path(request.user.area_path)  # type: ignore[union-attr]
    rows = selectors.resident_requests(actor)
    cards = [shown.card(row, secret_url(row), now) for row in rows]
    frame = frame_of(place) if place else {}
    context = MePage(
        frame=frame
        | {"home_url": reverse("service_requests:me"), "community_url": reverse("service_requests:choose")},
        greeting=shown.greeting(now),
        name=actor.name,
        new_url=new_url(place.page_code) if place else reverse("service_requests:choose"),
        first=first_action(place.page_code) if place else None,
        waiting=[one for one in cards if one.needs_answer],
        open=[one for one in cards if not one.needs_answer and one.clock],
        ended=[one for one in cards if not one.clock],
    )
    return page(request, "service_requests/resident/me.html", context)


@require_safe
def mine(request: HttpRequest, public_id: str) -> HttpResponse:
    """From a line in the inbox, which keeps no secret, to the resident's own matter."""
    return HttpResponseRedirect(secret_url(selectors.request_of_resident(request.actor, public_id)))  # type: ignore[attr-defined]


def place_of_path(area_path: str) -> Place | None:
    """The page of the place that an account belongs to; none above a community. Two queries."""
    area = areas_below([area_path]).filter(path=area_path).first() if area_path else None
    try:
        community, grid = community_and_grid(area)
    except NotFound:
        return None
    with_page = next((one for one in (area, grid, community) if one is not None and one.page_code), None)
    return Place(with_page.page_code or "", with_page, community or area, grid) if with_page else None


def secret_url(request: ServiceRequest) -> str:
    return reverse("service_requests:by_secret", args=[link_secret(request.public_id)])


def kept_photo_cards(files: Sequence[Any]) -> list[dict[str, str]]:
    """Pictures that wait with the draft, for the picker."""
    return [
        {
            "id": file.public_id,
            "thumb_url": reverse("service_requests:draft_photo", args=[file.public_id]) + "?small=1",
            "name": file.original_name,
        }
        for file in files
    ]


@require_safe
def draft_photo(request: HttpRequest, public_id: str) -> FileResponse:
    """A picture that waits with the draft of this browser."""
    file = photo_drafts.photo_kept(request.COOKIES.get(drafts.COOKIE, ""), public_id)
    return file_response(file, thumbnail="small" in request.GET)
