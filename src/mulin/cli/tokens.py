"""`mulin tokens add`: a key for a program that uses the API."""

from __future__ import annotations

from typing import Annotated

import typer

from mulin.cli import usage
from mulin.cli.words import say

HELP_ADD = usage.described(
    "给账号开一个 API 令牌。令牌只显示这一次，权限不会超过账号本身。",
    "Give an account an API token. It is shown this once and can do no more than its owner.",
    "mulin tokens add zhang.wei --name 大屏 --scope requests.statistics --days 90",
)


def group() -> typer.Typer:
    app = usage.group("API 令牌：新建", "API tokens: add one")
    app.command(name="add", cls=usage.Command, help=HELP_ADD)(add)
    return app


def add(
    login_name: Annotated[
        str, typer.Argument(help=say("账号的登录名", "Login name of the owner"), show_default=False)
    ],
    name: Annotated[str, typer.Option("--name", help=say("用在哪里", "What it is for"), show_default=False)],
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope", help=say("允许的权限，可写多次", "A permission; may be repeated"), show_default=False
        ),
    ],
    days: Annotated[int, typer.Option("--days", min=1, help=say("有效天数", "Days it is valid"))] = 90,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import output
    from mulin.cli.house import CLOCK, need_tables, open_house

    open_house()
    need_tables()
    from mulin.identity.access import SYSTEM
    from mulin.identity.backends import user_by_name_or_phone
    from mulin.identity.services import token_create
    from mulin.kernel.errors import NotFound

    user = user_by_name_or_phone(login_name)
    if user is None:
        raise NotFound(
            zh=f"没有账号“{login_name}”。", en=f"There is no account “{login_name}”.", code="user-unknown"
        )
    token, secret = token_create(
        user=user, name=name, scopes=scope, days=days, actor=SYSTEM, now=CLOCK.now(), today=CLOCK.today()
    )
    if as_json:
        output.as_json({"token": secret, "scopes": token.scopes, "expires_at": token.expires_at.isoformat()})
        return
    output.line(say("令牌（只显示一次）：", "Token (shown this once):"))
    output.line(secret, style="bold")
    output.line(
        say(f"有效期至 {token.expires_at:%Y-%m-%d}", f"Valid until {token.expires_at:%Y-%m-%d}"), style="dim"
    )
