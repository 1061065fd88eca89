"""What `mulin run` shows when the instance is ready: where to go and, in the demo, as whom."""

from __future__ import annotations

from mulin.cli.output import console
from mulin.cli.ports import addresses
from mulin.cli.words import ENGLISH, language, say


def show(host: str, port: int, *, is_demo: bool) -> None:
    from rich.console import Group
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.text import Text

    open_at = addresses(host, port)
    parts: list[object] = [Text(address, style="bold cyan") for address in open_at]
    parts += demo_parts(open_at[0]) if is_demo else first_steps()
    body = Group(*(Padding(part, (0, 1)) for part in parts))  # type: ignore[arg-type]
    title = say("[bold]睦邻已启动[/]", "[bold]Mulin is running[/]")
    console().print(
        Panel(
            body,
            title=title,
            title_align="left",
            subtitle=say("按 Ctrl-C 停止", "Ctrl-C stops it"),
            expand=False,
        )
    )


def first_steps() -> list[object]:
    from rich.text import Text

    from mulin.cli.places import has_areas

    if has_areas():
        return []
    hint = say(
        "还没有任何区域。建立一个真实的县：mulin init",
        "There are no areas yet. Set up a real county: mulin init",
    )
    return [Text(), Text(hint)]


def demo_parts(address: str) -> list[object]:
    """Accounts of the demo county with their one password, and the page behind a community's QR code."""
    from rich.table import Table
    from rich.text import Text

    from mulin.config.demo import introduction

    demo = introduction()
    if demo is None:
        return []
    accounts = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for account in demo.accounts:
        role = account.role_en if language() == ENGLISH else account.role_zh
        accounts.add_row(
            Text(role, style="dim"), Text(account.display_name), Text(account.login_name, style="bold")
        )
    page = Text.assemble(
        (say("扫码页（免登录）  ", "Code page (no account)  "), "dim"),
        (f"{address}c/{demo.page_code}/", "cyan"),
    )
    password = Text.assemble(
        (say("所有演示账号的密码  ", "Password of every demo account  "), "dim"), (demo.password, "bold")
    )
    return [page, Text(), accounts, Text(), password]
