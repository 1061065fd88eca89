"""A request as residents and partners read it: worded, toned, with the parcel's track."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from mulin.parts.service_requests.labels import (
    TROUBLED_STEPS,
    ClockLabel,
    StatusLabel,
    clock_label,
    due_text,
    outcome_label,
    status_label,
    step_label,
)
from mulin.parts.service_requests.models import RequestEvent, RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.web.formats import exact, when

PhotoUrl = Callable[[RequestPhoto], str]


@dataclass(frozen=True)
class Line:
    """One line of the timeline, as the component draws it."""

    what: str
    who: str = ""
    when_text: str = ""
    when_iso: str = ""
    when_exact: str = ""
    state: str = "done"
    detail: str = ""
    step: str = ""
    photos: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """One of a person's own matters in a list, as `matter_card` draws it."""

    title: str
    url: str
    number: str
    status: StatusLabel
    clock: ClockLabel | None
    holder_text: str
    due_text: str
    needs_answer: bool = False


def greeting(now: datetime) -> str:
    """By the county's time of day."""
    hour = timezone.localtime(now).hour
    if hour < 5 or hour >= 18:
        return _("晚上好")
    return (
        _("早上好") if hour < 9 else _("上午好") if hour < 12 else _("中午好") if hour < 14 else _("下午好")
    )


def holder_text(request: ServiceRequest) -> str:
    """Who has it now."""
    words = {"holder": request.holder_label}
    sentences = {
        Status.RAISED: _("%(holder)s收到了，还没受理"),
        Status.ACCEPTED: _("%(holder)s正在安排人"),
        Status.DISPATCHED: _("已派给 %(holder)s，等待接单"),
        Status.TAKEN: _("%(holder)s正在办"),
        Status.HANDLED: _("%(holder)s已办理"),
        Status.RETURNED: _("退回后在%(holder)s手上"),
    }
    sentence = sentences.get(Status(request.status))
    return sentence % words if sentence and request.holder_label else ""


def next_text(request: ServiceRequest, now: datetime) -> str:
    """What happens next and by when, in one sentence."""
    words = {
        "due": due_text(request.due_at, now),
        "community": request.area.name,
        "holder": request.holder_label,
    }
    if is_late(request, now):
        return _("本该在 %(due)s有回音，已经晚了。您可以打电话给社区催一催。") % words
    sentences = {
        Status.RAISED: _("%(community)s会在%(due)s受理并答复。"),
        Status.ACCEPTED: _("%(community)s会在%(due)s派人。"),
        Status.DISPATCHED: _("%(holder)s会在%(due)s答复接不接；不接就请下一位。"),
        Status.TAKEN: _("%(holder)s会在%(due)s办好。"),
        Status.HANDLED: _("请您说说解决了没有。%(due)s没有答复，就按已办结处理。"),
        Status.CONFIRMED: _("您已确认解决。要是又出问题，%(due)s还可以重新提出。"),
        Status.RETURNED: _("%(community)s会在%(due)s重新安排。"),
        Status.CLOSED: _("这件事已经办结。"),
        Status.WITHDRAWN: _("您已撤回，不再办理。"),
        Status.REJECTED: _("没有受理，原因在下面。觉得不对，可以打电话给社区。"),
    }
    return sentences[Status(request.status)] % words


def is_late(request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody owes an answer; waiting for the resident's own word is never late."""
    owed = {Status.RAISED, Status.ACCEPTED, Status.DISPATCHED, Status.TAKEN, Status.RETURNED}
    return request.status in owed and request.due_at is not None and request.due_at <= now


WAITING_FOR: dict[str, Callable[[], str]] = {
    Status.RAISED: lambda: _("等社区受理"),
    Status.ACCEPTED: lambda: _("等社区派人"),
    Status.DISPATCHED: lambda: _("等对方接单"),
    Status.TAKEN: lambda: _("等办好"),
    Status.HANDLED: lambda: _("等您确认"),
    Status.RETURNED: lambda: _("等社区重新安排"),
}


def track(
    request: ServiceRequest,
    events: Sequence[RequestEvent],
    photos: Sequence[RequestPhoto],
    now: datetime,
    photo_url: PhotoUrl,
    *,
    for_staff: bool = False,
) -> list[Line]:
    """The track of the parcel, newest first; what is still to come stands on top. A partner reads it as staff do."""
    lines = [
        line_of(
            event,
            now,
            [photo for photo in photos if belongs(photo, event)],
            photo_url,
            is_last=event is events[-1],
            for_staff=for_staff,
        )
        for event in events
    ]
    waiting = WAITING_FOR.get(request.status)
    if waiting is not None:
        due = request.due_at
        lines.append(
            Line(
                waiting(),
                when_text=due_text(due, now),
                when_iso=due.isoformat() if due else "",
                when_exact=exact(due),
                state="next",
            )
        )
    return lines[::-1]


def belongs(photo: RequestPhoto, event: RequestEvent) -> bool:
    """Pictures are attached in the moment of their step."""
    return photo.step == event.step and abs(photo.added_at - event.at) < timedelta(seconds=1)


def line_of(
    event: RequestEvent,
    now: datetime,
    photos: Sequence[RequestPhoto],
    photo_url: PhotoUrl,
    *,
    is_last: bool,
    for_staff: bool,
) -> Line:
    return Line(
        what=step_label(event.step, for_staff=for_staff),
        who=event.actor_label,
        when_text=when(event.at, now),
        when_iso=event.at.isoformat(),
        when_exact=exact(event.at),
        state="problem" if event.step in TROUBLED_STEPS else "now" if is_last else "done",
        detail=event.note,
        step=event.step,
        photos=shown_photos(photos, photo_url),
    )


def shown_photos(photos: Sequence[RequestPhoto], photo_url: PhotoUrl) -> list[dict[str, str]]:
    return [
        {
            "url": photo_url(photo),
            "thumb_url": photo_url(photo) + "?small=1",
            "alt": _("第 %(n)s 张照片") % {"n": number},
        }
        for number, photo in enumerate(photos, start=1)
    ]


def began_at(request: ServiceRequest) -> datetime | None:
    """When the running clock was started, for the ring."""
    return {
        Status.RAISED: request.raised_at,
        Status.ACCEPTED: request.accepted_at,
        Status.TAKEN: request.taken_at,
    }.get(Status(request.status))


def clock_of_request(request: ServiceRequest, now: datetime) -> ClockLabel:
    return clock_label(request.status, request.due_at, now, began_at(request))


def card(request: ServiceRequest, url: str, now: datetime) -> Card:
    """A matter in a list of one's own."""
    is_over = request.status in {Status.CLOSED, Status.WITHDRAWN, Status.REJECTED, Status.CONFIRMED}
    return Card(
        title=request.title,
        url=url,
        number=request.number,
        status=status_label(request.status, request.outcome),
        clock=None if is_over else clock_of_request(request, now),
        holder_text="" if is_over else holder_text(request),
        due_text="" if is_over else due_text(request.due_at, now),
        needs_answer=request.status == Status.HANDLED,
    )


def outcome_text(request: ServiceRequest) -> str:
    """What came of it, where it is known."""
    return outcome_label(request.outcome).label if request.outcome else ""
