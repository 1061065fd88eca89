"""`mulin users add`: an account from the command line, for the first ones and for emergencies."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli import usage
from mulin.cli.words import say

HELP_ADD = usage.described(
    "新建一个账号，可同时授予一个角色。首次密码只显示这一次。",
    "Create an account and, if wanted, give it a role. The first password is shown this once.",
    "mulin users add zhang.wei --name 张伟 --role community_worker --area 990101001001",
    "mulin users add it.desk --name 值班员 --phone 15400000000 --json",
)


def group() -> typer.Typer:
    app = usage.group("账号：新建", "Accounts: add one")
    app.command(name="add", cls=usage.Command, help=HELP_ADD)(add)
    return app


def add(
    login_name: Annotated[str, typer.Argument(help=say("登录名", "Login name"), show_default=False)],
    name: Annotated[str, typer.Option("--name", help=say("姓名", "Name of the person"), show_default=False)],
    phone: Annotated[
        str, typer.Option("--phone", help=say("手机号，也可用来登录", "Phone; can be used to sign in, too"))
    ] = "",
    role: Annotated[
        str, typer.Option("--role", help=say("角色代码，如 community_worker", "Role, as community_worker"))
    ] = "",
    area: Annotated[
        str,
        typer.Option(
            "--area",
            help=say("区域编码；不填表示整个平台", "Code of the area; the whole platform without it"),
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import accounts, output
    from mulin.cli.house import CLOCK, need_tables, open_house

    open_house()
    need_tables()
    made = accounts.account_add(
        login_name=login_name, display_name=name, phone=phone, role=role, area_code=area, clock=CLOCK
    )
    if as_json:
        output.as_json({"login_name": made.login_name, "password": made.password, "role": role, "area": area})
        return
    output.line(say(f"已建立账号 {made.login_name}。", f"The account {made.login_name} is ready."))
    output.line(
        say(f"首次密码（只显示一次）：{made.password}", f"First password (shown this once): {made.password}")
    )
    output.line(say("首次登录时须修改密码。", "It has to be changed at the first sign-in."), style="dim")
