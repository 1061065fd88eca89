"""What a resident types, brought into shape; every problem is found before anything is said about the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mulin.identity.access import Actor
from mulin.kernel.errors import FieldProblem, InvalidInput, Text
from mulin.kernel.identifiers import normalise_phone
from mulin.parts.areas.selectors import grid_at
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.rules import Channel, check_text
from mulin.parts.service_requests.services import RequestInput
from mulin.web.typed import Typed

TYPE_MISSING = FieldProblem(
    "type", Text(zh="请选择是哪一类事。", en="Please choose what kind of matter it is."), "type-missing"
)
PHONE_MISSING = FieldProblem(
    "phone",
    Text(
        zh="这一类事要先打电话再上门，请留一个能打通的电话。",
        en="Somebody calls before coming for this kind of matter. Please leave a number where you can be reached.",
    ),
    "phone-missing",
)
NAME_LENGTH, PLACE_LENGTH = 60, 200


@dataclass(frozen=True)
class Place:
    """Where a poster hangs: its own area, the community that answers for it, and the grid, as rows of areas.Area."""

    page_code: str
    area: Any
    community: Any
    grid: Any | None

    @property
    def telephone(self) -> str:
        return str(self.community.telephone or self.area.telephone)


def one_line(text: str, limit: int) -> str:
    """One line without control characters, cut to `limit`."""
    return " ".join("".join(max(sign, " ") for sign in text).split())[:limit]


def request_input(typed: Typed, place: Place, types: Sequence[RequestType], actor: Actor) -> RequestInput:
    """The request as typed; raises InvalidInput with every problem."""
    problems: list[FieldProblem] = []
    kind = next((one for one in types if one.code == typed.text("type")), None)
    if kind is None:
        problems.append(TYPE_MISSING)
    for check in (lambda: check_text(typed.text("text")), lambda: phone_of(typed)):
        try:
            check()
        except InvalidInput as error:
            problems.extend(error.problems)
    if kind is not None and kind.needs_phone and not typed.text("phone").strip():
        problems.append(PHONE_MISSING)
    if problems or kind is None:
        raise InvalidInput(problems=problems)
    longitude, latitude = position_of(typed)
    return RequestInput(
        type=kind,
        area=place.community,
        grid=grid_of(place, longitude, latitude),
        text=typed.text("text"),
        channel=Channel.WEB if actor.is_signed_in else Channel.CODE_PAGE,
        place=one_line(typed.text("place"), PLACE_LENGTH),
        longitude=longitude,
        latitude=latitude,
        requester_name=one_line(typed.text("requester_name"), NAME_LENGTH),
        phone=typed.text("phone"),
        wants_visit=typed.text("wants_visit") == "1",
        for_user_id=actor.user_id,
    )


def phone_of(typed: Typed) -> str:
    """The telephone in one form; whether it may be left out is the type's to say."""
    text = typed.text("phone")
    return normalise_phone(text) if text.strip() else ""


def position_of(typed: Typed) -> tuple[float | None, float | None]:
    """Longitude and latitude in degrees (WGS-84) when the phone gave them; nonsense counts as nothing given."""
    try:
        longitude, latitude = float(typed.text("longitude")), float(typed.text("latitude"))
    except ValueError:
        return None, None
    is_on_earth = -180 <= longitude <= 180 and -90 <= latitude <= 90
    return (longitude, latitude) if is_on_earth else (None, None)


def grid_of(place: Place, longitude: float | None, latitude: float | None) -> Any | None:
    """The grid of the position if it lies in this community, else the poster's own."""
    if place.grid is None and longitude is not None and latitude is not None:
        found = grid_at(longitude, latitude)
        if found is not None and found.path.startswith(place.community.path):
            return found
    return place.grid


def score_of(typed: Typed) -> int | None:
    """The mark chosen, or none; what is no digit is none too."""
    text = typed.text("score")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None
