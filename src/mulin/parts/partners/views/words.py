"""Partners as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from mulin.kernel.errors import Text
from mulin.kernel.identifiers import mask_name
from mulin.parts.partners.models import Partner, PartnerEvent, ServiceCategory
from mulin.parts.partners.rules import (
    EVENT_NAMES,
    KIND_HINTS,
    KIND_NAMES,
    STATE_NAMES,
    EventKind,
    PartnerKind,
    PartnerState,
)
from mulin.web import formats

TONES = {
    PartnerState.APPLIED: "waiting",
    PartnerState.ADMITTED: "ok",
    PartnerState.REFUSED: "stopped",
    PartnerState.SUSPENDED: "warn",
    PartnerState.LEFT: "closed",
}


def said(text: Text) -> str:
    """In the reader's language."""
    return text.in_language(get_language() or "zh-hans")


def status(partner: Partner) -> dict[str, str]:
    state = PartnerState(partner.state)
    return {"label": said(STATE_NAMES[state]), "tone": TONES[state]}


def kind_name(partner: Partner) -> str:
    return said(KIND_NAMES[PartnerKind(partner.kind)])


def category_name(category: ServiceCategory) -> str:
    return category.name_en if formats.is_english() else category.name_zh


def categories_text(categories: Iterable[ServiceCategory]) -> str:
    return formats.listed(category_name(category) for category in categories)


def kind_options() -> list[dict[str, str]]:
    return [
        {"value": kind.value, "label": said(KIND_NAMES[kind]), "hint": said(KIND_HINTS[kind])}
        for kind in PartnerKind
    ]


def category_options(categories: Iterable[ServiceCategory]) -> list[dict[str, str]]:
    return [{"value": category.code, "label": category_name(category)} for category in categories]


@dataclass(frozen=True)
class Line:
    """One line of the partner's file, as the timeline component draws it."""

    what: str
    who: str
    when_text: str
    when_iso: str
    when_exact: str
    state: str
    detail: str


def line(event: PartnerEvent, now: datetime, *, is_newest: bool) -> Line:
    is_trouble = event.kind in {EventKind.REFUSED, EventKind.SUSPENDED}
    return Line(
        what=said(EVENT_NAMES[EventKind(event.kind)]),
        who=event.actor_label,
        when_text=formats.when(event.at, now),
        when_iso=event.at.isoformat(),
        when_exact=formats.exact(event.at),
        state="problem" if is_trouble else "now" if is_newest else "done",
        detail=event.note,
    )


def file_of(events: list[PartnerEvent], now: datetime) -> list[Line]:
    return [line(event, now, is_newest=place == 0) for place, event in enumerate(events)]


def masked_contact(partner: Partner) -> str:
    return mask_name(partner.contact_name)
