"""A matter is raised: by the resident, by a clerk on the telephone or at the desk, or by another program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mulin.base.crypto import blind_index
from mulin.base.ids import new_public_id
from mulin.identity.access import Actor
from mulin.kernel.clock import Rng, SystemRandomness
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers import new_short_code, normalise_phone
from mulin.parts.service_requests.clocks import accept_by
from mulin.parts.service_requests.links import link_digest, link_secret
from mulin.parts.service_requests.models import RequestEvent, RequestType, ServiceRequest
from mulin.parts.service_requests.rules import BY_STAFF, Channel, Status, Step, check_text
from mulin.parts.service_requests.services.telling import tell_community, tell_requester_raised

TITLE_LENGTH = 40


@dataclass(frozen=True)
class RequestInput:
    """What is known of a matter when it is raised. `area` and `grid` are rows of areas.Area; the phone as typed."""

    type: RequestType
    area: Any
    text: str
    channel: Channel
    grid: Any = None
    title: str = ""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    requester_name: str = ""
    phone: str = ""
    wants_visit: bool = False
    for_user_id: int | None = None


@dataclass(frozen=True)
class Raised:
    """The new request and the secret of its link."""

    request: ServiceRequest
    secret: str


def title_of(text: str) -> str:
    """The first line or sentence, short enough for a list.

    >>> title_of("三号楼路灯不亮。晚上老人不敢出门")
    '三号楼路灯不亮'
    """
    first = text.strip().split("\n", 1)[0]
    for stop in "。！？!?；;":
        first = first.split(stop, 1)[0] or first
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


@transaction.atomic
def request_raise(*, data: RequestInput, actor: Actor, now: datetime, rng: Rng | None = None) -> Raised:
    """Write the request, its first event and the messages it causes.

    Raises InvalidInput for an empty or endless text, a telephone number that cannot be one, or a type that is not
    offered.
    """
    if not data.type.is_active:
        raise InvalidInput(
            zh="这类事项已停止受理，请换一类。",
            en="This kind is no longer taken. Please choose another.",
            field="type",
        )
    text = check_text(data.text)
    phone = normalise_phone(data.phone) if data.phone.strip() else ""
    public_id = new_public_id()
    secret = link_secret(public_id)
    area = data.grid or data.area
    request = ServiceRequest.objects.create(
        public_id=public_id,
        number=free_number(rng or SystemRandomness()),
        link_digest=link_digest(secret),
        type=data.type,
        area=data.area,
        grid=data.grid,
        area_path=area.path,
        place=data.place.strip()[:200],
        longitude=data.longitude,
        latitude=data.latitude,
        title=(data.title.strip() or title_of(text))[:120],
        text=text,
        channel=data.channel,
        requester_id=data.for_user_id,
        requester_name=data.requester_name.strip()[:60],
        phone=phone,
        phone_index=phone_index(phone),
        phone_tail=phone[-4:],
        wants_visit=data.wants_visit,
        taken_in_by_id=actor.user_id if data.channel in BY_STAFF else None,
        holder_label=data.area.name,
        due_at=accept_by(data.type, now),
        raised_at=now,
        status=Status.RAISED,
        version=1,
    )
    RequestEvent.objects.create(
        request=request,
        sequence=1,
        step=Step.RAISE,
        at=now,
        actor_id=actor.user_id,
        actor_label=actor.name,
        due_at=request.due_at,
    )
    tell_community(request, now)
    tell_requester_raised(request, now)
    return Raised(request, secret)


def phone_index(phone: str) -> str:
    """The blind index of a normalised telephone number; nothing for none."""
    return blind_index(phone, "service_request.phone") if phone else ""


def free_number(rng: Rng) -> str:
    """A short code that no request bears yet."""
    while ServiceRequest.objects.filter(number=(number := new_short_code(rng))).exists():
        continue
    return number
