"""`mulin demo load`: the demo county, as large as one likes."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli import usage
from mulin.cli.words import say

NAMES = {
    "areas": "区域",
    "dwellings": "住房",
    "households": "家庭",
    "people": "居民",
    "accounts": "账号",
    "posts_held": "在岗",
    "bodies": "组织",
    "partners": "合伙人",
    "requests": "事项",
    "events": "办理记录",
}
HELP_LOAD = usage.described(
    "把演示县“青禾县”装入空的数据库：居民、队伍、合伙人和两个月的事项，全是虚构的。",
    "Load the demo county Qinghe into an empty database. Everybody in it is invented.",
    "mulin demo load",
    "mulin demo load --people 1100000",
    "MULIN_HOME=/tmp/big mulin demo load --people 200000 --seed 7",
)


def group() -> typer.Typer:
    app = usage.group("演示县：装入虚构的青禾县", "The demo county: load invented Qinghe")
    app.command(name="load", cls=usage.Command, help=HELP_LOAD)(load)
    return app


def load(
    people: Annotated[
        int, typer.Option(min=200, max=1_100_000, help=say("居民人数", "How many residents"))
    ] = 20_000,
    seed: Annotated[
        int, typer.Option(help=say("随机种子；相同的种子得到相同的县", "The same seed gives the same county"))
    ] = 2026,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import database, output
    from mulin.cli.house import CLOCK, open_house

    open_house()
    with output.progress(quiet=as_json) as report:
        database.migrate(report, say("准备数据库", "Preparing the database"))
        from mulin.config.demo import load_demo

        counts = load_demo(people=people, seed=seed, now=CLOCK.now(), report=report)
    if as_json:
        output.as_json(counts)
        return
    output.line(say("青禾县已就绪：", "Qinghe County is ready:"))
    output.table(
        ["", ""], [[say(NAMES[name], name.replace("_", " ")), f"{count:,}"] for name, count in counts.items()]
    )
    output.line(say("启动：mulin run --demo", "Start it: mulin run --demo"))
