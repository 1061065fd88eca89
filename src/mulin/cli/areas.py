"""`mulin areas import`: the tree of areas from a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mulin.cli import usage
from mulin.cli.words import say, text

PROBLEMS_SHOWN = 20
HELP_IMPORT = usage.described(
    "从表格（Excel 或 CSV）导入区域：编码、名称，必要时加级别和上级编码。可重复运行。",
    "Bring in areas from a table (Excel or CSV): code and name, with level and parent where needed. Safe to repeat.",
    "mulin areas import 区划.xlsx",
    "mulin areas import shandong.csv --county 370883",
)


def group() -> typer.Typer:
    app = usage.group("区域：从表格导入", "Areas: bring in a table")
    app.command(name="import", cls=usage.Command, help=HELP_IMPORT)(bring_in)
    return app


def bring_in(
    file: Annotated[Path, typer.Argument(help=say("区域表格", "The table of areas"), show_default=False)],
    county: Annotated[
        str,
        typer.Option(
            "--county",
            help=say("只导入这个县（6 位编码）及其上级", "Only this county (6 digits) and what it lies in"),
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> int:
    from mulin.cli import output
    from mulin.cli.house import CLOCK, need_tables, open_house

    open_house()
    need_tables()
    from mulin.cli.area_tables import tree_rows
    from mulin.identity.access import SYSTEM
    from mulin.parts.areas.services import tree_import

    report = tree_import(
        rows=tree_rows(file, county), valid_from=CLOCK.today(), actor=SYSTEM, now=CLOCK.now()
    )
    rejected = [{"line": one.line, "reason": text(one.reason)} for one in report.rejected]
    if as_json:
        counts = {"created": report.created, "renamed": report.renamed, "unchanged": report.unchanged}
        output.as_json({**counts, "rejected": rejected})
        return int(bool(rejected))
    output.line(
        say(
            f"新增 {report.created} 个，改名 {report.renamed} 个，不变 {report.unchanged} 个，未导入 {len(rejected)} 行。",
            f"{report.created} new, {report.renamed} renamed, {report.unchanged} unchanged, {len(rejected)} lines rejected.",
        )
    )
    for one in rejected[:PROBLEMS_SHOWN]:
        output.line(
            say(f"  第 {one['line']} 行：{one['reason']}", f"  line {one['line']}: {one['reason']}"),
            style="yellow",
        )
    if len(rejected) > PROBLEMS_SHOWN:
        output.line(
            say("  其余略，用 --json 可看全部。", "  and more; --json shows all of them."), style="dim"
        )
    return int(bool(rejected))
