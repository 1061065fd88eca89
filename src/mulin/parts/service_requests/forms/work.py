"""What the workbench's forms and addresses carry, brought to what services and selectors take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError, NotFound, Text
from mulin.kernel.identifiers import normalise_phone
from mulin.parts.areas import selectors as areas
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.rules import Channel, Status, check_text
from mulin.parts.service_requests.selectors import VIEWS, QueueFilter, StatisticsFilter
from mulin.parts.service_requests.selectors.work import Place
from mulin.parts.service_requests.services import RequestInput
from mulin.web.typed import Typed

TAKING_IN = (Channel.TELEPHONE, Channel.DESK, Channel.VISIT)
WORDS_LENGTH = 60
STATISTICS_DAYS = 30
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
PARAMS = ("view", "status", "type", "channel", "area", "words", "from", "to")


@dataclass(frozen=True)
class Asked:
    """A filter as it was asked for; `params` are the parts of the address that mean something, for links."""

    filter: QueueFilter
    params: dict[str, str] = field(default_factory=dict)

    def query(self, **changes: str | int) -> str:
        """The address's tail with `changes`; an empty value drops its parameter."""
        return query_of(self.params | changes)


def query_of(params: Mapping[str, str | int]) -> str:
    """An address's tail; what is empty is left out."""
    words = {name: str(value) for name, value in params.items() if value}
    return f"?{urlencode(words)}" if words else ""


def one_line(text: str, limit: int) -> str:
    """One line of text without control characters (a database may refuse them), cut to `limit` characters."""
    return " ".join("".join(max(sign, " ") for sign in text).split())[:limit]


def queue_asked(query: Mapping[str, str], places: Sequence[Place]) -> Asked:
    """What an address asks to see. Whatever it says that nobody knows is left out: old links go on working."""
    given = {name: one_line(query.get(name, ""), WORDS_LENGTH) for name in PARAMS}
    place = next((place for place in places if place.public_id == given["area"]), None)
    first, last = day_of(given["from"]), day_of(given["to"])
    meant = {
        "view": given["view"] if given["view"] in VIEWS else "waiting",
        "status": given["status"] if given["status"] in set(Status) else "",
        "type": given["type"],
        "channel": given["channel"] if given["channel"] in set(Channel) else "",
        "area": place.public_id if place else "",
        "words": given["words"],
        "from": first.isoformat() if first else "",
        "to": last.isoformat() if last else "",
    }
    asked = QueueFilter(
        view=meant["view"],
        status=meant["status"],
        type=meant["type"],
        channel=meant["channel"],
        area_path=place.path if place else "",
        words=meant["words"],
        raised_from=begin_of(first) if first else None,
        raised_to=begin_of(last + timedelta(days=1)) if last else None,
        page=page_number(query.get("page", "")),
    )
    return Asked(asked, {name: value for name, value in meant.items() if value})


def page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1


def day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day < LATEST else None


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, COUNTY_TIME_ZONE)


@dataclass(frozen=True)
class Period:
    """What the statistics page shows: the days, both included, and the place and type if one is chosen."""

    first: date
    last: date
    place: Place | None
    type: str
    is_turned_round: bool = False

    def filter(self) -> StatisticsFilter:
        return StatisticsFilter(
            raised_from=begin_of(self.first),
            raised_to=begin_of(self.last + timedelta(days=1)),
            area_path=self.place.path if self.place else "",
            type=self.type,
        )

    def params(self) -> dict[str, str]:
        """The same for the queue's address."""
        words = {"from": self.first.isoformat(), "to": self.last.isoformat(), "type": self.type}
        return words | {"area": self.place.public_id if self.place else ""}


def period_of(query: Mapping[str, str], places: Sequence[Place], today: date) -> Period:
    """The last 30 days unless other days are given; given the wrong way round they are turned, and the page says so."""
    last = day_of(query.get("to", "")) or today
    first = day_of(query.get("from", "")) or last - timedelta(days=STATISTICS_DAYS - 1)
    is_turned = first > last
    first, last = (last, first) if is_turned else (first, last)
    place = next((place for place in places if place.public_id == query.get("area", "")), None)
    return Period(first, last, place, one_line(query.get("type", ""), 40), is_turned)


def new_request(typed: Typed, actor: Actor, types: Sequence[RequestType]) -> RequestInput:
    """What a clerk took down. Raises InvalidInput that names every field at fault, and NotFound for a foreign place."""
    problems: list[FieldProblem] = []
    kind = next((kind for kind in types if kind.code == typed.text("type")), None)
    if kind is None:
        problems.append(problem("type", "请选择事项类别。", "Please choose the type.", "type-missing"))
    if not typed.text("area"):
        problems.append(
            problem("area", "请选择社区或网格。", "Please choose the community or grid.", "area-missing")
        )
    channel = typed.text("channel")
    if channel not in TAKING_IN:
        problems.append(
            problem("channel", "请选择是怎么来的。", "Please choose how it came in.", "channel-missing")
        )
    text = tried(problems, lambda: check_text(typed.text("text")))
    phone = one_line(typed.text("phone"), 40)
    if phone:
        tried(problems, lambda: normalise_phone(phone))
    if problems or kind is None:
        raise InvalidInput(problems=problems)
    area, grid = areas.community_and_grid(areas.area_for(actor, typed.text("area"), "requests.take_in"))
    if area is None:
        raise NotFound()
    return RequestInput(
        type=kind,
        area=area,
        grid=grid,
        text=text,
        channel=Channel(channel),
        place=one_line(typed.text("place"), 200),
        requester_name=one_line(typed.text("requester_name"), 60),
        phone=phone,
        wants_visit=bool(typed.text("wants_visit")),
    )


def problem(name: str, zh: str, en: str, code: str) -> FieldProblem:
    return FieldProblem(name, Text(zh=zh, en=en), code)


def tried(problems: list[FieldProblem], check: Callable[[], str]) -> str:
    """What `check` returns; what it refuses is added to `problems`."""
    try:
        return check()
    except InvalidInput as error:
        problems.extend(error.problems)
    except MulinError as error:
        problems.append(FieldProblem(error.field, error.text, error.code))
    return ""


def order_of(typed: Typed) -> list[str]:
    """Public ids of partners by the number written beside each; the ones left empty are not asked.

    Raises InvalidInput for a number that is none, or one that stands twice.
    """
    wanted: dict[int, str] = {}
    for name in typed.values:
        text = typed.text(name).strip()
        if not name.startswith("order-") or not text:
            continue
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if not number or number in wanted:
            raise InvalidInput(
                zh="顺序请填 1、2、3……，每个数字只用一次。",
                en="Number the order 1, 2, 3 …, each number once.",
                field="partners",
                code="partner-order",
            )
        wanted[number] = name.removeprefix("order-")
    return [wanted[number] for number in sorted(wanted)]
