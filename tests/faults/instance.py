"""Commands of one instance under attack, each a process of its own with MULIN_HOME and MULIN_DATABASE_URL:

python -m tests.faults.instance prepare   tables, one place, one worker, one key; prints {"token", "area_code"}
python -m tests.faults.instance worker    `mulin worker` with a sink for text messages (see Sink)
python -m tests.faults.instance census    what is there now, counted; prints JSON
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

HOME = Path(os.environ.get("MULIN_HOME", "."))
SINK, MOMENTS = HOME / "sink", HOME / "moments"
LEASE_SECONDS = 2
DANGER_SECONDS = 0.03
MARK_FIRST = "MULIN_TEST_MARK_BEFORE_SEND"


def append(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


class Sink:
    """A carrier of text messages that writes down what it was given.

    Between the two halves of a delivery (sending, marking) it says so in MOMENTS and waits a little: that is when a
    kill hurts most.
    """

    name = "sink"

    def send(self, *, phone: str, text: str, message_id: str) -> None:
        if MARK_FIRST in os.environ:
            append(MOMENTS, message_id)
            time.sleep(DANGER_SECONDS)
            append(SINK, message_id)
        else:
            append(SINK, message_id)
            append(MOMENTS, message_id)
            time.sleep(DANGER_SECONDS)


def prepare() -> dict[str, Any]:
    from django.core.management import call_command

    from mulin.identity.access import SYSTEM
    from mulin.identity.services import token_create
    from mulin.kernel.clock import SystemClock
    from mulin.parts.areas.models import PostHolding, PostKind
    from mulin.parts.areas.rules import FULL_TIME_GRID_WORKER
    from mulin.parts.service_requests.models import RequestType
    from tests.support.world import CLOCKS, ROLES, World, area, role

    call_command("migrate", verbosity=0)
    clock = SystemClock()
    role("community_worker", ROLES["community_worker"], home="work")
    county = area("990101", "青禾县", "county")
    subdistrict = area("990101001", "青禾街道", "subdistrict", county)
    community = area("990101001001", "青禾社区", "community", subdistrict)
    grid = area("990101001001001", "青禾社区第一网格", "grid", community)
    kind = RequestType.objects.create(code="repair", name_zh="设施报修", name_en="Repairs", clocks=CLOCKS)
    world = World(clock, county, subdistrict, community, grid, None, None, None, kind, None, None)  # type: ignore[arg-type]
    user = world.user("worker", "community_worker", community)
    post = PostKind.objects.create(
        code=FULL_TIME_GRID_WORKER, name_zh="专职网格员", name_en="Grid worker", area_kind="grid"
    )
    PostHolding.objects.create(kind=post, area=grid, holder=user, valid_from=clock.today())
    token = token_create(
        user=user,
        name="drill",
        scopes=["requests.take_in", "requests.dispatch", "requests.view"],
        days=2,
        actor=SYSTEM,
        now=clock.now(),
        today=clock.today(),
    )[1]
    return {"token": token, "area_code": grid.code}


def work() -> None:
    from mulin.base import channels, outbox, worker
    from mulin.kernel.clock import SystemClock

    outbox.LEASE = timedelta(seconds=LEASE_SECONDS)
    channels.register("sms", channels.SmsChannel(Sink()))
    if MARK_FIRST in os.environ:
        deliver = outbox.deliver

        def marked_first(message: Any, clock: Any, *more: Any) -> None:
            outbox.mark_sent(message, "marked first", clock.now())
            deliver(message, clock, *more)

        outbox.deliver = marked_first
    worker.run(SystemClock(), threading.Event())


def census() -> dict[str, Any]:
    """Numbers and ids by which the test judges; nothing is judged here."""
    from django.db.models import Count, Max, Q

    from mulin.base.models import Notice, Operation, OutboxMessage
    from mulin.parts.service_requests.models import ServiceRequest

    requests = ServiceRequest.objects.annotate(
        event_count=Count("events", distinct=True),
        last=Max("events__sequence"),
        raise_count=Count("events", filter=Q(events__step="raise", events__sequence=1), distinct=True),
    )
    accept_counts = requests.annotate(accepts=Count("events", filter=Q(events__step="accept"), distinct=True))
    half = requests.exclude(raise_count=1).values_list("number", flat=True)
    uneven = [row.number for row in requests if not row.version == row.event_count == row.last]
    told = Counter(OutboxMessage.objects.filter(channel="inbox").values_list("about", flat=True))
    noticed = Counter(Notice.objects.values_list("message__about", flat=True))
    texts = Counter(requests.values_list("text", flat=True))
    messages = OutboxMessage.objects.filter(channel="sms").values_list("public_id", flat=True)
    carried = Counter(lines(SINK))
    return {
        "requests": {text.split()[0]: count for text, count in texts.items()},
        "public_ids": list(requests.values_list("public_id", flat=True)),
        "accepted": dict(accept_counts.values_list("public_id", "accepts")),
        "half_written": sorted({*half, *uneven}),
        "operations_without_answer": Operation.objects.filter(result={}).count(),
        "waiting": OutboxMessage.objects.filter(state="waiting").count(),
        "dead": OutboxMessage.objects.filter(state="dead").count(),
        "inbox_messages": sum(told.values()),
        "untold": [
            one for one in requests.values_list("public_id", flat=True) if not told[f"service_requests:{one}"]
        ],
        "notices_not_once": sorted(about for about in told | noticed if told[about] != noticed[about]),
        "sms_messages": len(messages),
        "sms_lost": sorted(set(messages) - set(carried)),
        "sms_unknown": sorted(set(carried) - set(messages)),
        "sms_repeated": sum(count - 1 for count in carried.values()),
    }


def main(command: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mulin.config.settings")
    import django

    django.setup()
    if command == "worker":
        work()
    else:
        print(json.dumps({"prepare": prepare, "census": census}[command]()))


if __name__ == "__main__":
    main(sys.argv[1])
