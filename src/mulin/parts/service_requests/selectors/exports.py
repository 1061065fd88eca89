"""What a sheet of requests holds: masked, in the queue's order, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from mulin.identity.access import Actor
from mulin.kernel.errors import Text
from mulin.kernel.identifiers import mask_name
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.selectors.lists import QueueFilter, condition

EXPORT_COLUMNS: tuple[tuple[str, Text], ...] = (
    ("number", Text(zh="编号", en="Number")),
    ("type", Text(zh="类别", en="Type")),
    ("title", Text(zh="事项", en="Matter")),
    ("text", Text(zh="内容", en="Text")),
    ("area", Text(zh="社区", en="Community")),
    ("place", Text(zh="地点", en="Place")),
    ("requester", Text(zh="反映人", en="Raised by")),
    ("phone", Text(zh="电话", en="Telephone")),
    ("channel", Text(zh="来源", en="Channel")),
    ("status", Text(zh="状态", en="Status")),
    ("outcome", Text(zh="结果", en="Outcome")),
    ("holder", Text(zh="承办", en="Held by")),
    ("raised_at", Text(zh="提出时间", en="Raised")),
    ("due_at", Text(zh="时限", en="Due")),
    ("handled_at", Text(zh="办理时间", en="Handled")),
    ("solved", Text(zh="是否解决", en="Solved")),
    ("score", Text(zh="评分", en="Score")),
)


def exported(actor: Actor, asked: QueueFilter, now: datetime) -> QuerySet[ServiceRequest]:
    """What the actor may both see in the queue and take away."""
    return ServiceRequest.objects.filter(condition(actor, asked, now), actor.filter("requests.export"))


def export_count(actor: Actor, asked: QueueFilter, *, now: datetime) -> int:
    """How many rows `export_rows` would yield. One query."""
    return exported(actor, asked, now).count()


def export_rows(actor: Actor, asked: QueueFilter, *, now: datetime) -> Iterator[dict[str, object]]:
    """Rows by the names of EXPORT_COLUMNS, only where the actor may export. One query, streamed."""
    rows = (
        exported(actor, asked, now)
        .order_by("-raised_at", "-id")
        .values_list(
            "number", "type__name_zh", "title", "text", "area__name", "place", "requester_name", "phone_tail", "channel",
            "status", "outcome", "holder_label", "raised_at", "due_at", "handled_at", "is_solved", "score",
        )
    )  # fmt: skip
    names = [name for name, _ in EXPORT_COLUMNS]
    for row in rows.iterator(chunk_size=2000):
        values: dict[str, object] = dict(zip(names, row, strict=True))
        values["requester"] = mask_name(str(values["requester"] or ""))
        values["phone"] = f"*******{values['phone']}" if values["phone"] else ""
        yield values
