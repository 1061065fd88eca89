"""Shapes of what the API takes and gives. Nothing of policy stands here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

from mulin.parts.service_requests.rules import Channel, Outcome

Words = Annotated[str, StringConstraints(max_length=5_000)]
Line = Annotated[str, StringConstraints(max_length=200)]


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
    status: str
    area: str
    place: str
    requester: str
    holder: str
    raised_at: datetime
    due_at: datetime | None
    channel: str
    return_count: int


class RequestPageOut(Schema):
    """One page of requests, in the order of the view."""

    items: list[RequestRow]
    page: int
    has_next: bool


class EventOut(Schema):
    """One line of a timeline."""

    sequence: int
    step: str
    at: datetime
    actor_label: str
    note: str
    is_public: bool
    due_at: datetime | None


class RequestOut(Schema):
    """One request in full; name and telephone are masked."""

    public_id: str
    number: str
    version: int
    type: str
    title: str
    text: str
    status: str
    outcome: str
    area_code: str
    area: str
    place: str
    longitude: float | None
    latitude: float | None
    channel: str
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


class RequestIn(Schema):
    """A new request, taken in on somebody's behalf."""

    type: str = Field(max_length=40, description="code of a request type")
    area_code: str = Field(max_length=40, description="official code of the community or grid")
    text: Words
    title: Annotated[str, StringConstraints(max_length=120)] = ""
    place: Line = ""
    longitude: float | None = Field(default=None, ge=-180, le=180)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    requester_name: Annotated[str, StringConstraints(max_length=60)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    channel: Channel = Channel.API
    operation_id: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="your own id of this change; sent again, it happens once"
    )


class RaisedOut(Schema):
    """What the person who raised it should keep."""

    public_id: str
    number: str
    link: str
    due_at: datetime | None


class NoteIn(Schema):
    """A few words that go with a step."""

    note: Words = ""


class RejectIn(Schema):
    """Why a request is not taken."""

    reason: Line
    outcome: Outcome = Outcome.NOT_OURS


class DispatchIn(Schema):
    """Partners in the order in which they are to be asked."""

    partners: list[str] = Field(min_length=1, max_length=10, description="public ids of partners")
    note: Words = ""


class TimelineNoteIn(Schema):
    """A line for the timeline."""

    note: Words
    is_public: bool = False


class ShareOut(Schema):
    """A share with what it was counted from."""

    part: int
    whole: int
    value: float | None


class StatisticsOut(Schema):
    """What became of the requests raised in a period."""

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


class FieldErrorOut(Schema):
    """One field at fault."""

    field: str | None
    message: str


class ProblemOut(Schema):
    """What every refusal looks like (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldErrorOut] | None = None
