"""Pages of the registry: a masked list, one person behind the mask for a reason, one household.

What identifies a person never stands in an address: the search is sent, not linked to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput
from mulin.parts.areas.selectors import area_by_code
from mulin.parts.registry import selectors
from mulin.parts.registry.rules import SEX_NAMES
from mulin.parts.registry.selectors import HouseholdView, PeoplePage, PersonCard, PersonInFull, PersonSearch
from mulin.web import formats
from mulin.web.pages import page
from mulin.web.typed import Typed

ROWS = 25
LAST_PAGE = 10_000


@dataclass(frozen=True)
class ListPage:
    """Words of registry/list.html."""

    rows: list[dict[str, Any]]
    form: Typed
    number: int
    has_previous: bool
    has_next: bool
    position_text: str
    is_filtered: bool
    form_errors: bool


@dataclass(frozen=True)
class PersonPage:
    """Words of registry/person.html."""

    person: dict[str, Any]
    facts: list[dict[str, str]]
    household_url: str
    look_url: str
    look_error: str
    form_errors: bool


@dataclass(frozen=True)
class HouseholdPage:
    """Words of registry/household.html."""

    title: str
    facts: list[dict[str, str]]
    rows: list[dict[str, Any]]


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The list; what it is searched for comes by POST and is never kept."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = Typed.sent(request) if request.method == "POST" else Typed()
    number = page_number(form.text("page", "1"))
    found = PeoplePage([], has_more=False)
    try:
        search = search_of(form)
        found = selectors.people_page(actor, search, on=today(request), start=(number - 1) * ROWS, limit=ROWS)
    except InvalidInput as error:
        form.refuse(error)
    first = (number - 1) * ROWS + 1
    context = ListPage(
        rows=[row(card) for card in found.cards],
        form=form,
        number=number,
        has_previous=number > 1,
        has_next=found.has_more,
        position_text=_("第 %(first)s–%(last)s 人") % {"first": first, "last": first + len(found.cards) - 1}
        if found.cards
        else "",
        is_filtered=any(form.text(name) for name in ("name", "phone_tail", "id_number", "area")),
        form_errors=form.is_bad,
    )
    return page(request, "registry/list.html", context, status=422 if form.is_bad else 200)


def today(request: HttpRequest) -> date:
    found: date = request.clock.today()  # type: ignore[attr-defined]
    return found


def page_number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def search_of(form: Typed) -> PersonSearch:
    """Raises InvalidInput for the code of no area."""
    code = form.text("area").strip()
    area = area_by_code(code) if code else None
    if code and area is None:
        raise InvalidInput(
            zh="没有这个编码的现行区域，请核对，或者留空。",
            en="No area in force has this code; please check it or leave it empty.",
            code="area-unknown",
            field="area",
        )
    return PersonSearch(
        name=form.text("name"),
        phone_tail=form.text("phone_tail"),
        id_number=form.text("id_number"),
        area_path=area.path if area else "",
    )


def row(card: PersonCard) -> dict[str, Any]:
    return {
        "id": card.public_id,
        "url": reverse("registry:person", args=[card.public_id]),
        "name": card.name,
        "sex": sex_name(card.sex),
        "age": "" if card.age is None else _("%(years)s 岁") % {"years": card.age},
        "phone": card.phone,
        "address": card.address,
        "relation": card.relation_to_head,
        "source": f"{card.source} {formats.day(card.source_on)}",
    }


def sex_name(code: str) -> str:
    return SEX_NAMES[code].in_language(get_language() or "zh-hans")


@require_GET
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return person_page(request, selectors.person_for(actor, public_id, on=today(request)))


@require_POST
def look(request: HttpRequest, public_id: str) -> HttpResponse:
    """Behind the mask, for a reason; the answer is shown once and never kept by a browser."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    card = selectors.person_for(actor, public_id, on=today(request))
    try:
        seen = selectors.look_at_person(actor, public_id, reason_of(request), request.clock.now())  # type: ignore[attr-defined]
    except InvalidInput as error:
        message = error.text.in_language(get_language() or "zh-hans")
        return person_page(request, card, look_error=message)
    return person_page(request, card, seen=seen)


def reason_of(request: HttpRequest) -> str:
    chosen, note = request.POST.get("reason", "").strip(), request.POST.get("reason_note", "").strip()
    return "：".join(part for part in (chosen, note) if part)


def person_page(
    request: HttpRequest, card: PersonCard, *, seen: PersonInFull | None = None, look_error: str = ""
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    may_look = actor.may(selectors.LOOK, card.area_path)
    context = PersonPage(
        person=shown(card, seen),
        facts=origin(card),
        household_url=reverse("registry:household", args=[card.household_public_id])
        if card.household_public_id
        else "",
        look_url=reverse("registry:look", args=[card.public_id]) if may_look else "",
        look_error=look_error,
        form_errors=bool(look_error),
    )
    return page(request, "registry/person.html", context, status=422 if look_error else 200)


def shown(card: PersonCard, seen: PersonInFull | None) -> dict[str, Any]:
    """What the person card component draws."""
    subtitle = [
        sex_name(card.sex),
        "" if card.age is None else _("%(years)s 岁") % {"years": card.age},
        card.relation_to_head,
    ]
    fields = [
        (_("身份证号码"), card.id_number, seen.id_number if seen else ""),
        (_("出生日期"), "", formats.day(seen.birth_date) if seen else ""),
        (_("电话"), card.phone, seen.phone if seen else ""),
        (_("住址"), card.address, seen.address if seen else ""),
    ]
    return {
        "name": seen.name if seen else card.name,
        "subtitle": " · ".join(part for part in subtitle if part),
        "fields": [
            {
                "label": label,
                "value": whole or masked,
                "masked": not seen,
                "href": f"tel:{whole}" if whole and label == _("电话") else "",
            }
            for label, masked, whole in fields
            if masked or whole
        ],
        "tags": [],
        "revealed": seen is not None,
        "revealed_note": "",
    }


def origin(card: PersonCard) -> list[dict[str, str]]:
    return [
        {"label": _("来源"), "value": card.source},
        {"label": _("日期"), "value": formats.day(card.source_on)},
    ]


@require_GET
def household(request: HttpRequest, public_id: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found: HouseholdView = selectors.household_for(actor, public_id, on=today(request))
    facts = [
        (_("户号"), found.number),
        (_("住址"), found.address),
        (_("人数"), str(len(found.members))),
        (_("来源"), found.source),
        (_("日期"), formats.day(found.source_on)),
    ]
    context = HouseholdPage(
        title=_("住户 %(number)s") % {"number": found.number} if found.number else _("住户"),
        facts=[{"label": label, "value": value} for label, value in facts if value],
        rows=[row(card) for card in found.members],
    )
    return page(request, "registry/household.html", context)
