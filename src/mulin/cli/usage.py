"""Help and misuse in the language of the run: typer speaks English only."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from mulin.cli.words import ENGLISH, language, say


class Command(TyperCommand):
    def get_help_option(self, ctx: Any) -> Any:
        return translated(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        return usage_of(super().get_usage(ctx))


class Group(TyperGroup):
    def get_help_option(self, ctx: Any) -> Any:
        return translated(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        return usage_of(super().get_usage(ctx))


def translated(option: Any) -> Any:
    if option is not None:
        option.help = say("显示这页说明。", "Show this page.")
    return option


def usage_of(usage: str) -> str:
    return usage.replace("Usage: ", say("用法：", "Usage: "), 1)


def speak_chinese() -> None:
    """Titles and marks of the help page. Only when a page is to be shown: it costs the import of rich."""
    if language() == ENGLISH:
        return
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.ENVVAR_STRING = "[环境变量：{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"


def group(zh: str, en: str) -> typer.Typer:
    """A group of commands, such as `mulin users`."""
    return typer.Typer(
        cls=Group, help=say(zh, en), no_args_is_help=True, rich_markup_mode="rich", add_completion=False
    )


def described(zh: str, en: str, *examples: str) -> str:
    """The help of a command: what it does, then how it is called."""
    shown = "\n".join(f"  [bold cyan]{example}[/]" for example in examples)
    return f"{say(zh, en)}\n\n[bold]{say('例如', 'Examples')}[/]\n{shown}"


def usage_problem(error: Any) -> str:
    """One line that says what was wrong in the call, and one that says where to look."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "mulin"
    return f"{problem_of(error)}\n{say(f'用法见：{command} --help', f'See: {command} --help')}"


def problem_of(error: Any) -> str:
    name = type(error).__name__
    message = str(error.format_message())
    if language() == ENGLISH:
        return message
    if name == "NoSuchOption":
        near = "、".join(error.possibilities or [])
        return f"没有选项“{error.option_name}”。" + (f"您是不是要用 {near}？" if near else "")
    if name == "MissingParameter":
        return f"缺少{hint_of(error)}。"
    if name == "BadParameter":
        return f"{hint_of(error)}的值不对：{error.message}"
    if message.startswith("No such command"):
        return f"没有命令{message.removeprefix('No such command').split('.')[0].strip()}。"
    if message.startswith("Got unexpected extra argument"):
        return f"多出了参数{message.partition('(')[2].rpartition(')')[0].join(('“', '”'))}。"
    return f"命令写得不对：{message}"


def hint_of(error: Any) -> str:
    param = getattr(error, "param", None)
    hint = getattr(error, "param_hint", None)
    if param is None:
        return str(hint or "参数")
    return f"选项 {param.opts[0]} " if str(param.opts[0]).startswith("-") else f"参数 {param.name}"
