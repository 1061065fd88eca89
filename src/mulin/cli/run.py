"""`mulin run`: the whole instance in the foreground, until Ctrl-C."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from mulin.cli.supervisor import Child
from mulin.cli.usage import described
from mulin.cli.words import say

NAME = "run"
HELP = described(
    "启动睦邻：网页服务和后台进程一起运行，按 Ctrl-C 全部停止。",
    "Start Mulin: server and worker together, until Ctrl-C.",
    "mulin run --demo",
    "mulin run --host 0.0.0.0 --port 8080",
    "MULIN_HOME=/srv/mulin MULIN_PORT=8001 mulin run",
)


def command(
    host: Annotated[str, typer.Option(help=say("监听的地址", "Address to listen on"))] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            envvar="MULIN_PORT", help=say("端口；0 表示任选一个空闲的", "Port; 0 takes any free one")
        ),
    ] = 8000,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help=say("数据库为空时装入演示县“青禾县”", "Load the demo county into an empty database"),
        ),
    ] = False,
) -> int:
    from mulin.cli.ports import free_port

    port = free_port(host, port)
    if demo:
        os.environ["MULIN_DEMO"] = "1"
    prepare(is_demo=demo)
    return serve(host, port, is_demo=demo)


def prepare(*, is_demo: bool) -> None:
    """Tables, base pack and, for the demo, the county: what is there already costs no time."""
    from mulin.cli import database, output
    from mulin.cli.house import CLOCK, open_house

    open_house()
    with output.progress() as report:
        database.migrate(report, say("准备数据库", "Preparing the database"))
        database.bring_packs_up_to_date(["base"])
        if is_demo:
            from mulin.config.demo import load_demo_if_empty

            load_demo_if_empty(now=CLOCK.now(), report=report)


def serve(host: str, port: int, *, is_demo: bool) -> int:
    from django.db import connections

    from mulin.cli import output, serving, welcome
    from mulin.cli.supervisor import Supervisor

    environment = serving.environment_for(host, port, is_demo=is_demo)
    supervisor = Supervisor(serving.children(host, port), environment, tell_death)
    supervisor.listen()
    supervisor.start()
    try:
        if serving.wait_until_ready(supervisor, host, port):
            welcome.show(host, port, is_demo=is_demo)
            connections.close_all()
        supervisor.watch()
    finally:
        supervisor.stop()
    output.line(say("已全部停止。", "Everything has stopped."))
    return 0


def tell_death(child: Child) -> None:
    from mulin.cli import output

    name = {"server": say("网页服务", "the server"), "worker": say("后台进程", "the worker")}[child.name]
    seconds = round(child.pause_seconds)
    if seconds:
        sentence = say(
            f"{name}意外退出，{seconds} 秒后重新启动。", f"{name} died; it starts again in {seconds} s."
        )
    else:
        sentence = say(f"{name}意外退出，已重新启动。", f"{name} died and was started again.")
    output.line(sentence, style="yellow")
