"""`mulin migrate`: tables and base pack up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli.usage import described
from mulin.cli.words import say

NAME = "migrate"
HELP = described(
    "建立或更新数据库表，并装入基础配置。可重复运行。",
    "Create or update the tables and load the base pack. Safe to repeat.",
    "mulin migrate",
    "MULIN_DATABASE_URL=postgresql://mulin@localhost/mulin mulin migrate",
)


def command(
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import database, output
    from mulin.cli.house import open_house

    open_house()
    with output.progress(quiet=as_json) as report:
        applied = database.migrate(report, say("更新数据库", "Updating the database"))
    packs_changed = database.bring_packs_up_to_date(["base"])
    if as_json:
        output.as_json({"applied": applied, "packs_loaded": packs_changed})
    elif applied or packs_changed:
        output.line(say(f"已更新：{len(applied)} 步。", f"Up to date: {len(applied)} steps applied."))
    else:
        output.line(say("已是最新，无需更新。", "Already up to date."))
