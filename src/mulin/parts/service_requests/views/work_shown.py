"""A request as the workbench's templates read it: worded, toned, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mulin.identity.models import User
from mulin.kernel.identifiers import mask_name
from mulin.parts.service_requests.forms.work import Asked
from mulin.parts.service_requests.labels import (
    TROUBLED_STEPS,
    ClockLabel,
    StatusLabel,
    channel_label,
    clock_label,
    offer_label,
    outcome_label,
    status_label,
    step_label,
    type_name,
)
from mulin.parts.service_requests.models import Offer, RequestEvent, RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Step
from mulin.parts.service_requests.selectors import QueuePage, QueueRow, tellings_open
from mulin.web.addresses import address
from mulin.web.formats import exact, is_english, when


@dataclass(frozen=True)
class Row:
    """One line of the queue."""

    public_id: str
    url: str
    title: str
    status: StatusLabel
    clock: ClockLabel
    meta: list[str]


@dataclass(frozen=True)
class Pages:
    """The way to the pages before and after."""

    previous_url: str
    next_url: str
    position_text: str


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    what: str
    who: str
    when_text: str
    when_iso: str
    when_exact: str
    state: str
    detail: str
    photos: list[dict[str, str]] = field(default_factory=list)


def row_of(row: QueueRow, url: str, now: datetime, to_tell: tuple[str, datetime] | None = None) -> Row:
    """`to_tell`: what waits to be said to the resident, and since when."""
    kind = row.type_en if is_english() else row.type
    holder = _("%(holder)s 手上") % {"holder": row.holder} if row.holder not in {"", row.area} else ""
    place = " ".join(part for part in (row.area, row.place) if part)
    again = _("退回过 %(count)s 次") % {"count": row.return_count} if row.return_count else ""
    telling = (
        _("%(when)s 起要告诉居民：%(text)s") % {"when": when(to_tell[1], now), "text": to_tell[0]}
        if to_tell
        else ""
    )
    return Row(
        public_id=row.public_id,
        url=url,
        title=row.title,
        status=status_label(row.status),
        clock=clock_label(row.status, row.due_at, now, row.raised_at if row.status == "raised" else None),
        meta=[words for words in (row.number, kind, place, row.requester, holder, again, telling) if words],
    )


def pages_of(found: QueuePage, asked: Asked) -> Pages:
    queue_url = address("service_requests:work_queue")
    first = (found.page - 1) * 25 + 1
    numbers = {"first": first, "last": first + len(found.rows) - 1}
    return Pages(
        previous_url=queue_url + asked.query(page=found.page - 1) if found.page > 1 else "",
        next_url=queue_url + asked.query(page=found.page + 1) if found.has_next else "",
        position_text=_("第 %(first)s–%(last)s 件") % numbers
        if found.rows and (found.has_next or found.page > 1)
        else "",
    )


def to_tell_shown(request: ServiceRequest, now: datetime) -> list[dict[str, str]]:
    """What waits to be said, each since when. One query, or none when nothing waits."""
    if request.tell_since is None:
        return []
    return [
        {"text": telling.text, "since": _("%(when)s 起") % {"when": when(telling.created_at, now)}}
        for telling in tellings_open(request)
    ]


def place_text(request: ServiceRequest) -> str:
    parts = [request.area.name, request.grid.name if request.grid else "", request.place]
    return " · ".join(part for part in parts if part)


def facts_of(request: ServiceRequest, responsible: User | None, now: datetime) -> list[dict[str, str]]:
    taken_in = channel_label(request.channel)
    pairs = [
        (_("地点"), place_text(request)),
        (_("负责的人"), responsible.display_name if responsible else _("还没有安排，由社区值班人员负责")),
        (_("现在由谁办"), request.holder_label or "—"),
        (_("提出"), when(request.raised_at, now)),
        (_("时限"), exact(request.due_at, is_end=True) or "—"),
        (_("来源"), taken_in),
        (_("结果"), outcome_label(request.outcome).label if request.outcome else ""),
        (_("居民说"), said_by_resident(request)),
        (_("评分"), _("%(score)s 分（满分 5 分）") % {"score": request.score} if request.score else ""),
        (_("评价"), request.comment),
        (_("退回过"), _("%(count)s 次") % {"count": request.return_count} if request.return_count else ""),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def said_by_resident(request: ServiceRequest) -> str:
    return {True: _("解决了"), False: _("没解决"), None: ""}[request.is_solved]


def person_of(request: ServiceRequest, phone: str | None) -> dict[str, Any]:
    """The requester: masked until somebody gave a reason; `phone` is what that look brought."""
    is_shown = phone is not None
    name = request.requester_name
    number = phone or (f"*******{request.phone_tail}" if request.phone_tail else _("没有留电话"))
    return {
        "name": (name if is_shown else mask_name(name)) or _("没有留姓名"),
        "subtitle": _("不会用手机，要上门或打电话告诉") if request.wants_visit else "",
        "revealed": is_shown,
        "fields": [
            {
                "label": _("电话"),
                "value": number,
                "masked": bool(request.phone_tail) and not is_shown,
                "href": f"tel:{phone}" if phone else "",
            }
        ],
    }


def photo_shown(request: ServiceRequest, photo: RequestPhoto, number: int) -> dict[str, str]:
    url = reverse("service_requests:work_photo", args=[request.public_id, photo.file.public_id])
    words = _("办理后的第 %(number)s 张照片") if photo.step == Step.HANDLE else _("现场第 %(number)s 张照片")
    return {"url": url, "thumb_url": f"{url}?small=1", "alt": words % {"number": number}}


def photos_shown(
    request: ServiceRequest, photos: Sequence[RequestPhoto], *steps: str
) -> list[dict[str, str]]:
    """Pictures that came with `steps`; with no step named, those that came with no handling."""
    wanted = [photo for photo in photos if (photo.step in steps if steps else photo.step != Step.HANDLE)]
    return [photo_shown(request, photo, number) for number, photo in enumerate(wanted, start=1)]


def lines_of(
    request: ServiceRequest, events: Sequence[RequestEvent], photos: Sequence[RequestPhoto], now: datetime
) -> list[Line]:
    """The timeline, newest first; pictures of the handling stand at the last time it was handled."""
    proof = photos_shown(request, photos, Step.HANDLE)
    lines: list[Line] = []
    for event in reversed(events):
        is_latest = not lines
        shown, proof = (proof, []) if event.step == Step.HANDLE else ([], proof)
        lines.append(line_of(event, is_latest, shown, now))
    return lines


def line_of(event: RequestEvent, is_latest: bool, photos: list[dict[str, str]], now: datetime) -> Line:
    what = step_label(event.step, for_staff=True)
    if not event.is_public and event.step == Step.NOTE:
        what = _("内部备注（居民看不到）")
    state = "problem" if event.step in TROUBLED_STEPS else "now" if is_latest else "done"
    return Line(
        what=what,
        who=event.actor_label,
        when_text=when(event.at, now),
        when_iso=event.at.isoformat(),
        when_exact=exact(event.at),
        state=state,
        detail=event.note,
        photos=photos,
    )


def offers_shown(offers: Sequence[Offer], now: datetime) -> list[dict[str, Any]]:
    """Whom it was offered to in the latest round, and what each said."""
    last = max((offer.round for offer in offers), default=0)
    return [
        {
            "position": offer.position,
            "name": offer.partner.name,
            "state": offer_label(offer.state),
            "clock": clock_label("dispatched", offer.answer_by, now, offer.opened_at)
            if offer.state == OfferState.OPEN
            else None,
            "reason": offer.reason,
        }
        for offer in offers
        if offer.round == last
    ]


def kind_of(request: ServiceRequest) -> str:
    return type_name(request.type)
