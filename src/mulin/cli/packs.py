"""`mulin packs load`: configuration from YAML, checked as a whole before anything is changed."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli import usage
from mulin.cli.words import say

HELP_LOAD = usage.described(
    "检查并装入配置包；有一处错误就什么都不改，并指出文件和行号。",
    "Check packs and load them. One mistake, and nothing changes; file and line are named.",
    "mulin packs load",
    "mulin packs load qinghe",
    "mulin packs load --check",
)


def group() -> typer.Typer:
    app = usage.group("配置包：检查和装入", "Packs: check and load")
    app.command(name="load", cls=usage.Command, help=HELP_LOAD)(load)
    return app


def load(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help=say("配置包名称；不填则装入 base", "Names of packs; base without any"), show_default=False
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help=say("只检查，不装入", "Check only"))] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import output
    from mulin.cli.house import need_tables, open_house

    open_house()
    from django.conf import settings

    from mulin.base import packs

    if check:
        found = packs.check_packs(settings.MULIN_PACKS, names or None)
        output.as_json({"packs": found}) if as_json else output.line(
            say(f"没有问题：{'、'.join(found)}", f"No problems: {', '.join(found)}")
        )
        return
    need_tables()
    report = packs.load_packs(settings.MULIN_PACKS, names or ["base"])
    sections = {
        name: {"created": applied.created, "changed": applied.changed, "unchanged": applied.unchanged}
        for name, applied in report.sections.items()
    }
    if as_json:
        output.as_json({"packs": report.packs, "sections": sections})
        return
    columns = [say("配置项", "Section"), say("新增", "New"), say("改动", "Changed"), say("不变", "Unchanged")]
    rows = [
        [name, str(len(applied.created)), str(len(applied.changed)), str(applied.unchanged)]
        for name, applied in report.sections.items()
    ]
    output.line(say(f"已装入：{'、'.join(report.packs)}", f"Loaded: {', '.join(report.packs)}"))
    output.table(columns, rows)
