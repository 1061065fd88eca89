"""Messages of another system's export come into the queue: once each, in whole chunks, without telling anybody.

The columns are those of the public message boards (留言编号, 留言用户, 留言主题, 留言时间, 留言详情, 反对数, 点赞数). The time a
message bears is when it was raised; the clocks begin when it is brought in, for nobody here could act before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mulin.base.ids import new_public_id
from mulin.base.import_kinds import Applied, Column, ImportContext, ImportKind, Row
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE, Rng, SystemRandomness
from mulin.kernel.errors import InvalidInput, NotFound, Text
from mulin.kernel.identifiers import new_short_code
from mulin.parts.areas import selectors as areas
from mulin.parts.service_requests.clocks import accept_by
from mulin.parts.service_requests.links import link_digest, link_secret
from mulin.parts.service_requests.models import RequestEvent, RequestType, ServiceRequest
from mulin.parts.service_requests.rules import Channel, Status, Step, check_text
from mulin.parts.service_requests.services.raising import title_of

CODE = "service_requests.messages"
IMPORT_JOB = "service_requests.import"
PERMISSION = "requests.import"
DEFAULT_TYPE = "consultation"
KEY_LENGTH, NAME_LENGTH, TITLE_LENGTH, TEXT_LENGTH, VOTES_LENGTH = 80, 60, 120, 20_000, 9
MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?)?"
)

COLUMNS = (
    Column("msg_id", "留言编号", "Message number", ("编号", "工单编号", "message id", "id"), required=True,
           help=Text(zh="同一个编号只进一次。", en="The same number comes in once.")),
    Column("user_code", "留言用户", "Sender", ("用户", "留言人", "user")),
    Column("topic", "留言主题", "Topic", ("主题", "标题", "subject", "title")),
    Column("time", "留言时间", "Time", ("时间", "提交时间", "日期"), required=True,
           help=Text(zh="如 2019/2/28 11:25:05。", en="Such as 2019/2/28 11:25:05.")),
    Column("detail", "留言详情", "Text", ("详情", "内容", "留言内容", "body"), required=True),
    Column("downvotes", "反对数", "Votes against", ("反对", "downvote")),
    Column("upvotes", "点赞数", "Votes for", ("点赞", "upvote")),
)  # fmt: skip


def moment_of(text: str) -> datetime | None:
    """A moment as such tables write it, in the county's time; None when it is none.

    >>> moment_of("2019/2/28 11:25:05").isoformat()
    '2019-02-28T11:25:05+08:00'
    """
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=COUNTY_TIME_ZONE)
    except ValueError:
        return None


def words_of(row: Row) -> str:
    """The message itself; its topic where nothing else is said."""
    return check_text(row.values["detail"] or row.values["topic"], TEXT_LENGTH)


def check_rows(rows: Sequence[Row], context: ImportContext) -> list[Text | None]:
    """What is wrong with each row, or None. Reads nothing."""
    return [problem_of(row, context.now) for row in rows]


def problem_of(row: Row, now: datetime) -> Text | None:
    key = row.values["msg_id"].strip()
    if not key or len(key) > KEY_LENGTH:
        return Text(
            zh=f"留言编号是空的，或超过 {KEY_LENGTH} 个字。",
            en=f"The number is missing or over {KEY_LENGTH} characters.",
        )
    moment = moment_of(row.values["time"])
    if moment is None:
        return Text(
            zh="留言时间看不懂，请写成 2019/2/28 11:25:05。",
            en="The time is not understood; write 2019/2/28 11:25:05.",
        )
    if moment > now:
        return Text(zh="留言时间在将来，请核对。", en="The time lies in the future. Please check it.")
    try:
        words_of(row)
    except InvalidInput as error:
        return error.text
    return None


def apply_rows(rows: Sequence[Row], context: ImportContext) -> Applied:
    """Store what is new. A number that came in before, in this table or another, is left as it is."""
    kind, area, grid = target_of(context)
    fresh = new_rows(rows)
    place = grid or area
    numbers = free_numbers(len(fresh), SystemRandomness())
    due_at = accept_by(kind, context.now)
    requests = []
    for row, number in zip(fresh, numbers, strict=True):
        public_id, text = new_public_id(), words_of(row)
        requests.append(
            ServiceRequest(
                public_id=public_id,
                number=number,
                link_digest=link_digest(link_secret(public_id)),
                type=kind,
                area=area,
                grid=grid,
                area_path=place.path,
                title=one_line(row.values["topic"], TITLE_LENGTH) or title_of(text),
                text=text,
                channel=Channel.IMPORT,
                requester_name=one_line(row.values["user_code"], NAME_LENGTH),
                holder_label=area.name,
                due_at=due_at,
                raised_at=moment_of(row.values["time"]) or context.now,
                status=Status.RAISED,
                version=1,
                source_name=CODE,
                source_key=row.values["msg_id"].strip(),
            )
        )
    stored = ServiceRequest.objects.bulk_create(requests)
    RequestEvent.objects.bulk_create(
        first_event(request, row, context) for request, row in zip(stored, fresh, strict=True)
    )
    return Applied(created=len(fresh), unchanged=len(rows) - len(fresh))


def target_of(context: ImportContext) -> tuple[RequestType, Any, Any]:
    """Type, community and grid that the run was given. Raises InvalidInput and NotFound."""
    kind = RequestType.objects.filter(
        code=context.options.get("type") or DEFAULT_TYPE, is_active=True
    ).first()
    if kind is None:
        raise InvalidInput(
            zh="所选的事项类别已停用，请换一类再导入。",
            en="The chosen type is no longer taken. Please choose another and import again.",
            field="type",
            code="type-unknown",
        )
    actor: Actor = context.actor
    if not actor.may(PERMISSION, context.area_path):
        raise NotFound()
    place = areas.areas_below([context.area_path]).filter(path=context.area_path).first()
    try:
        area, grid = areas.community_and_grid(place)
    except NotFound:
        raise InvalidInput(
            zh="请选择一个社区或网格来接收这些留言。",
            en="Please choose a community or grid to receive these messages.",
            field="area",
            code="area-above-community",
        ) from None
    return kind, area, grid


def new_rows(rows: Sequence[Row]) -> list[Row]:
    """Rows whose number is not stored yet, each number once. One query."""
    by_key: dict[str, Row] = {}
    for row in rows:
        by_key.setdefault(row.values["msg_id"].strip(), row)
    known = set(
        ServiceRequest.objects.filter(source_name=CODE, source_key__in=list(by_key)).values_list(
            "source_key", flat=True
        )
    )
    return [row for key, row in by_key.items() if key not in known]


def free_numbers(count: int, rng: Rng) -> list[str]:
    """Short codes that no request bears yet, asked of the database together."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {new_short_code(rng) for _ in range(count - len(found))}
        found |= drawn - set(ServiceRequest.objects.filter(number__in=drawn).values_list("number", flat=True))
    return list(found)


def first_event(request: ServiceRequest, row: Row, context: ImportContext) -> RequestEvent:
    return RequestEvent(
        request=request,
        sequence=1,
        step=Step.RAISE,
        at=request.raised_at,
        actor_id=context.actor.user_id,
        actor_label=context.actor.name,
        note=votes_of(row),
        due_at=request.due_at,
    )


def votes_of(row: Row) -> str:
    """How many others agreed or not, where anybody did."""
    up, down = (digits(row.values[name]) for name in ("upvotes", "downvotes"))
    return f"点赞 {up}，反对 {down}" if up or down else ""


def digits(text: str) -> int:
    plain = text.strip().removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= VOTES_LENGTH else 0


def one_line(text: str, limit: int) -> str:
    return " ".join("".join(max(sign, " ") for sign in text).split())[:limit]


messages_kind = ImportKind(
    code=CODE,
    title=Text(zh="留言", en="Messages"),
    columns=COLUMNS,
    permission=PERMISSION,
    check_rows=check_rows,
    apply_rows=apply_rows,
    chunk_rows=1000,
    page="service_requests:work_import",
)
