"""What the API of every part shares: the shape of a refusal, clean texts, and changes that happen once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Header, Path, Query, Schema
from pydantic import ConfigDict, StringConstraints

from mulin.base.operations import KEY_LENGTH, Result, digest_of, run_once
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput

PAGE_ROWS = 25
LAST_PAGE = 400
PRINTABLE_ASCII = r"^[ -~]*$"
NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
NO_CONTROLS_BUT_BREAKS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
CODE = r"^[0-9A-Za-z_-]*$"

Words = Annotated[str, StringConstraints(max_length=5_000, pattern=NO_CONTROLS_BUT_BREAKS)]
Note = Annotated[str, StringConstraints(max_length=1_000, pattern=NO_CONTROLS_BUT_BREAKS)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROLS)]
Name = Annotated[str, StringConstraints(max_length=60, pattern=NO_CONTROLS)]
Code = Annotated[str, StringConstraints(max_length=40, pattern=CODE)]
OperationId = Annotated[str, StringConstraints(min_length=1, max_length=KEY_LENGTH, pattern=PRINTABLE_ASCII)]

PublicId = Annotated[str, Path(max_length=32, pattern=r"^[0-9A-Za-z_-]+$")]
PageNumber = Annotated[int, Query(ge=1, le=LAST_PAGE)]
SearchWords = Annotated[str, Query(max_length=100, pattern=NO_CONTROLS)]
CodeWanted = Annotated[str, Query(max_length=40, pattern=CODE)]
OperationKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=KEY_LENGTH,
        pattern=PRINTABLE_ASCII,
        description="your own id of this change, as `operation_id` in the body; sent again, it happens once",
    ),
]


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


class ChangeIn(Schema):
    """What every change may carry. A name that the operation does not know is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")

    operation_id: OperationId | None = Field(
        default=None, description="your own id of this change; sent again, it happens once"
    )


READING: dict[int, Any] = dict.fromkeys((400, 401, 404, 405, 422, 429), ProblemOut)
CHANGING: dict[int, Any] = READING | dict.fromkeys((403, 409, 413, 415), ProblemOut)


def moment(request: HttpRequest) -> datetime:
    """The moment at which the request is answered."""
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    return now


def actor_of(request: HttpRequest) -> Actor:
    """Whoever asks, as the gate found them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def once(
    request: HttpRequest, sent: ChangeIn, header_key: str | None, action: Callable[[], Result]
) -> Result:
    """Run `action` in one transaction, once for each operation id. Raises InvalidInput and Conflict."""
    asked = sent.model_dump(mode="json", exclude={"operation_id"})
    return run_once(
        key=operation_key(sent.operation_id, header_key),
        actor_key=actor_of(request).public_id,
        request_digest=digest_of(request.method, request.path, asked),
        now=moment(request),
        action=action,
    )


def operation_key(in_body: str | None, in_header: str | None) -> str | None:
    """The one id that body and header agree on."""
    if in_body and in_header and in_body != in_header:
        raise InvalidInput(
            zh="请求体里的 operation_id 和请求头里的 Idempotency-Key 不一致，请只用一个。",
            en="operation_id in the body and the Idempotency-Key header differ. Please send only one.",
            field="operation_id",
            code="operation-key-twice",
        )
    return in_body or in_header
