"""A sheet of requests: what stands in the queue, masked, worded, every text as text, on the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mulin.base import crypto, spreadsheets
from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.parts.service_requests.labels import channel_label, outcome_label, status_label
from mulin.parts.service_requests.selectors import EXPORT_COLUMNS, QueueFilter, export_rows
from mulin.web.formats import number

EXPORT_JOB = "service_requests.export"
ROWS_AT_ONCE = 5_000
ROWS_MAX = 200_000
REPORT_EVERY = 1_000
MOMENTS = ("raised_from", "raised_to")
Progress = Callable[[int], None]


class Written(NamedTuple):
    """How many requests stand in a sheet, and whether there were more than fit."""

    rows: int
    is_cut: bool


def cut_text() -> str:
    """What is said of a sheet that had to end early."""
    return _("一次最多导出 %(limit)s 行，后面还有没导出的。请缩小条件，分几次导出。") % {
        "limit": number(ROWS_MAX)
    }


def write_sheet(
    target: BinaryIO,
    actor: Actor,
    asked: QueueFilter,
    *,
    now: datetime,
    progress: Progress = lambda rows: None,
) -> Written:
    """Write the sheet in the present language; one that had to end early says so in its last line.

    One query, streamed.
    """
    language = get_language() or "zh-hans"
    written, is_cut = 0, False

    def rows() -> Iterator[list[Any]]:
        nonlocal written, is_cut
        for row in export_rows(actor, asked, now=now):
            if written >= ROWS_MAX:
                is_cut = True
                yield [cut_text()]
                return
            yield worded(row)
            written += 1
            if written % REPORT_EVERY == 0:
                progress(written)

    columns = [text.in_language(language) for _name, text in EXPORT_COLUMNS]
    spreadsheets.write_to(target, columns, rows(), _("事项"))
    return Written(written, is_cut)


def worded(row: dict[str, Any]) -> list[Any]:
    """Codes become words; what nobody knows stays empty."""
    solved = {True: _("解决了"), False: _("没解决"), None: ""}[row["solved"]]
    words = row | {
        "channel": channel_label(row["channel"]),
        "status": status_label(row["status"]).label,
        "outcome": outcome_label(row["outcome"]).label if row["outcome"] else "",
        "solved": solved,
    }
    return [words[name] for name, _text in EXPORT_COLUMNS]


def export_record(actor: Actor, asked: QueueFilter, rows: int, *, now: datetime) -> None:
    """Who took how many rows out, and by which filter; the words that were searched for are not kept."""
    told = {name: value for name, value in plain(asked).items() if name not in {"words", "page"} and value}
    with transaction.atomic():
        audit.record(
            actor=actor, act="requests.export", now=now, about="service_requests", area_path=asked.area_path,
            data={"rows": rows, "filter": told},
        )  # fmt: skip


def export_payload(asked: QueueFilter, rows: int, language: str) -> dict[str, Any]:
    """What the job needs. The filter is sealed: words that somebody searched for may name a person."""
    return {"filter": crypto.encrypt(json.dumps(plain(asked))), "rows": rows, "language": language}


def export_asked(payload: dict[str, Any]) -> QueueFilter:
    """The filter that `export_payload` sealed."""
    words = json.loads(crypto.decrypt(payload["filter"]))
    moments = {name: datetime.fromisoformat(words[name]) if words[name] else None for name in MOMENTS}
    return QueueFilter(**words | moments)


def plain(asked: QueueFilter) -> dict[str, Any]:
    """A filter as JSON holds it."""
    words = asdict(replace(asked, page=1))
    return words | {name: words[name].isoformat() if words[name] else None for name in MOMENTS}
