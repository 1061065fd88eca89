"""Changes that happen once although they are sent twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mulin.base.models import Operation
from mulin.kernel.errors import Conflict, InvalidInput

KEY_LENGTH = 64
Result = dict[str, Any]


def run_once(
    *, key: str | None, actor_key: str, request_digest: str, now: datetime, action: Callable[[], Result]
) -> Result:
    """Run `action` in one transaction and keep its answer under `key`; the same key again gives the kept answer.

    `action` returns what JSON can hold. A key that somebody else used, or that was used for another request, raises
    Conflict. A second sender waits until the first has ended. Without a key the action just runs.
    """
    if not key:
        with transaction.atomic():
            return action()
    check_key(key)
    digest = digest_of(actor_key, request_digest)
    with transaction.atomic():
        if not claim(key, digest, now):
            return kept_result(key, digest)
        result = action()
        Operation.objects.filter(key=key).update(result=result)
        return result


def digest_of(*parts: object) -> str:
    """One digest over anything JSON can hold, in order."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def forget_before(moment: datetime) -> int:
    """Remove kept answers older than `moment`; a replay that comes later would happen again."""
    return Operation.objects.filter(created_at__lt=moment).delete()[0]


def check_key(key: str) -> None:
    if len(key) > KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise InvalidInput(
            zh=f"操作编号应为不超过 {KEY_LENGTH} 个的英文字母、数字或符号。",
            en=f"An operation id has at most {KEY_LENGTH} printable ASCII characters.",
            code="operation-key",
        )


def claim(key: str, digest: str, now: datetime) -> bool:
    """Whether the key is ours. One statement, so that of two at once the second waits for the first's transaction."""
    table = connection.ops.quote_name(Operation._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, digest, result, created_at) VALUES (%s, %s, %s, %s) "  # noqa: S608 our table
            "ON CONFLICT (key) DO NOTHING",
            [key, digest, "{}", connection.ops.adapt_datetimefield_value(now)],
        )
        return cursor.rowcount == 1


def kept_result(key: str, digest: str) -> Result:
    kept = Operation.objects.get(key=key)
    if kept.digest != digest:
        raise Conflict(
            zh="这个操作编号已经用于另一件事，这次没有办理。请刷新页面后重新提交。",
            en="This operation id was already used for something else, so nothing was done. "
            "Please reload the page and send it again.",
            code="operation-key-reused",
        )
    result: Result = kept.result
    return result
