"""`mulin worker`: one process that delivers messages, runs jobs and does what is due."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from mulin.cli.usage import described
from mulin.cli.words import say

NAME = "worker"
HELP = described(
    "后台进程：发送消息，办理排队的任务，按时做定期的事。",
    "The background process: sends messages, runs jobs, does what is due.",
    "mulin worker",
    "mulin worker --once",
    "mulin worker --drain",
)


def command(
    once: Annotated[
        bool, typer.Option("--once", help=say("只做一轮就结束", "Do one round, then end"))
    ] = False,
    drain: Annotated[
        bool,
        typer.Option("--drain", help=say("把现在该做的都做完再结束", "Do everything that is due, then end")),
    ] = False,
) -> None:
    from mulin.cli.house import CLOCK, need_tables, open_house

    open_house()
    need_tables()
    from mulin.base import worker

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if once:
        worker.run_once(CLOCK)
    elif drain:
        worker.drain(CLOCK)
    else:
        worker.run(CLOCK, stop)
