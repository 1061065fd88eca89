"""`mulin doctor`: what is in order, what is not, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli.usage import described
from mulin.cli.words import say, text

NAME = "doctor"
HELP = described(
    "检查这台机器和这个实例：哪里不对，该怎么办。有不合格项时返回 1。",
    "Examine machine and instance: what is wrong and what to do. Returns 1 when something fails.",
    "mulin doctor",
    "mulin doctor --json",
)
MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def command(
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> int:
    from mulin.cli import output
    from mulin.cli.house import open_house

    open_house()
    from mulin.cli.checks import Finding, Status, every_check

    findings = every_check()
    code = int(any(finding.status is Status.FAIL for finding in findings))
    if as_json:
        output.as_json([as_dict(finding) for finding in findings])
        return code

    def show(finding: Finding) -> None:
        mark, colour = MARKS[finding.status]
        output.console().print(f"[{colour}]{mark}[/] [bold]{text(finding.name)}[/]  ", end="")
        output.line(text(finding.detail))
        if finding.advice.zh:
            output.line(f"  → {text(finding.advice)}", style=colour)

    for finding in findings:
        show(finding)
    return code


def as_dict(finding: object) -> dict[str, str]:
    from mulin.cli.checks import Finding

    assert isinstance(finding, Finding)
    return {
        "check": finding.code,
        "name": text(finding.name),
        "status": str(finding.status),
        "detail": text(finding.detail),
        "advice": text(finding.advice),
    }
