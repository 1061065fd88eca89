"""All commands, joined. Each module only declares; what a command needs it imports when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli.usage import Command, Group, described, speak_chinese
from mulin.cli.words import say


def build(*, with_help: bool) -> typer.Typer:
    """The application in the language of this run; `with_help` when a help page will be shown."""
    if with_help:
        speak_chinese()
    app = typer.Typer(
        cls=Group,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        help=described(
            "睦邻：社区共治平台。居民点单、社区下单、合伙人接单、居民评价。",
            "Mulin: needs meet help, promises are kept, and the books are open.",
            "mulin run --demo",
            "mulin init",
            "mulin doctor",
        ),
    )
    app.callback()(whole)
    add_commands(app)
    return app


def whole(
    language: Annotated[
        str, typer.Option("--language", metavar="zh|en", help=say("用哪种语言说话", "The language to speak"))
    ] = "",
) -> None:
    """Nothing to do: the language was chosen before the commands were built."""


def add_commands(app: typer.Typer) -> None:
    from mulin.cli import areas, demo, doctor, init, migrate, packs, requests, run, tokens, users, worker

    for module in (run, init, doctor, migrate, worker):
        app.command(name=module.NAME, cls=Command, help=module.HELP)(module.command)
    for name, module_of_group in (
        ("demo", demo),
        ("requests", requests),
        ("areas", areas),
        ("users", users),
        ("tokens", tokens),
        ("packs", packs),
    ):
        app.add_typer(module_of_group.group(), name=name)
