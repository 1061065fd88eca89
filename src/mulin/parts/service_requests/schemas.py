"""Shapes of what the API takes and gives. Nothing of policy stands here."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from mulin.parts.service_requests.rules import Channel, Outcome, Status, Step
from mulin.web.api import ChangeIn, Code, Line, Name, Note, Words


class RequestTypeOut(Schema):
    """One kind of request that can be raised."""

    code: str
    name_zh: str
    name_en: str


class RequestRow(Schema):
    """One line of a list; the requester's name is masked."""

    public_id: str
    number: str
    title: str
    type: str
    type_en: str
    status: Status
    area: str
    place: str
    requester: str
    holder: str
    raised_at: datetime
    due_at: datetime | None
    channel: Channel
    return_count: int


class RequestPageOut(Schema):
    """One page of requests, in the order of the view."""

    items: list[RequestRow]
    page: int
    has_next: bool


class EventOut(Schema):
    """One line of a timeline."""

    sequence: int
    step: Step
    at: datetime
    actor_label: str
    note: str
    is_public: bool
    due_at: datetime | None


class RequestOut(Schema):
    """One request in full; name and telephone are masked. `outcome` is empty until it has ended."""

    public_id: str
    number: str
    version: int
    type: str
    title: str
    text: str
    status: Status
    outcome: str
    area_code: str
    area: str
    place: str
    longitude: float | None
    latitude: float | None
    channel: Channel
    requester: str
    phone: str
    holder: str
    raised_at: datetime
    due_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    is_solved: bool | None
    score: int | None
    timeline: list[EventOut]


class RequestIn(ChangeIn):
    """A new request, taken in on somebody's behalf."""

    type: Code = Field(description="code of a request type")
    area_code: Code = Field(description="official code of the community or grid")
    text: Words
    title: Name = ""
    place: Line = ""
    longitude: float | None = Field(default=None, ge=-180, le=180)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    requester_name: Name = ""
    phone: Name = ""
    channel: Channel = Channel.API


class RaisedOut(Schema):
    """What the person who raised it should keep."""

    public_id: str
    number: str
    link: str
    due_at: datetime | None


class NoteIn(ChangeIn):
    """A few words that go with a step."""

    note: Note = ""


class RejectIn(ChangeIn):
    """Why a request is not taken."""

    reason: Line
    outcome: Outcome = Outcome.NOT_OURS


class DispatchIn(NoteIn):
    """Partners in the order in which they are to be asked."""

    partners: list[Code] = Field(min_length=1, max_length=10, description="public ids of partners")


class TimelineNoteIn(ChangeIn):
    """A line for the timeline."""

    note: Note
    is_public: bool = False


class ShareOut(Schema):
    """A share with what it was counted from; null when nothing was counted."""

    part: int
    whole: int
    value: float | None


class GroupOut(Schema):
    """One line of a table of counts."""

    code: str
    name_zh: str
    name_en: str
    raised: int
    open: int
    solved: ShareOut


class DayOut(Schema):
    """What was raised on one day, and how much of it has ended since."""

    day: date
    raised: int
    ended: int


class StatisticsOut(Schema):
    """What became of the requests raised from `since` through `until`."""

    since: date
    until: date
    raised: int
    open: int
    overdue: int
    ended: int
    outcomes: dict[str, int]
    in_time: ShareOut
    solved: ShareOut
    satisfied: ShareOut
    unanswered: ShareOut
    offers_taken: ShareOut
    score_average: float | None
    by_type: list[GroupOut]
    by_area: list[GroupOut]
    by_day: list[DayOut]
