"""`mulin requests import`: messages of another system come into the queue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mulin.cli import usage
from mulin.cli.words import say

HELP_IMPORT = usage.described(
    "把别处导出的留言（Excel 或 CSV）收进事项队列。同一编号只进一次，可重复运行。",
    "Take messages exported elsewhere (Excel or CSV) into the queue. A number comes in once; safe to repeat.",
    "mulin requests import hot_issue_messages.csv",
    "mulin requests import 留言.xlsx --area 990101001001 --type suggestion",
)


def group() -> typer.Typer:
    app = usage.group("事项：导入别处的留言", "Requests: bring in messages from elsewhere")
    app.command(name="import", cls=usage.Command, help=HELP_IMPORT)(bring_in)
    return app


def bring_in(
    file: Annotated[Path, typer.Argument(help=say("留言表格", "The table of messages"), show_default=False)],
    area: Annotated[
        str,
        typer.Option(
            "--area",
            help=say(
                "接收的社区或网格编码；演示县可不填", "Code of the community or grid; not needed in the demo"
            ),
        ),
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--type", help=say("事项类别代码；默认咨询求助", "Type of request; consultation without it")
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import output
    from mulin.cli.house import CLOCK, need_tables, open_house

    open_house()
    need_tables()
    from mulin.cli.places import receiving_place
    from mulin.cli.tables import bring_in as bring_in_table
    from mulin.parts.service_requests.importing import messages_kind

    place = receiving_place(area)
    options = {"type": kind} if kind else {}
    with output.progress(quiet=as_json) as report:
        outcome = bring_in_table(
            file, messages_kind, area_path=place.path, options=options, clock=CLOCK, report=report
        )
    if as_json:
        output.as_json({"area": place.code, **outcome.as_dict()})
        return
    output.line(
        say(
            f"{place.name}：新收 {outcome.created} 件，已有 {outcome.unchanged} 件，未收 {outcome.rejected} 件。",
            f"{place.name}: {outcome.created} new, {outcome.unchanged} already there, {outcome.rejected} rejected.",
        )
    )
    if outcome.reject_file:
        output.line(
            say(
                f"未收的行和原因：{outcome.reject_file}", f"Rejected rows with reasons: {outcome.reject_file}"
            )
        )
