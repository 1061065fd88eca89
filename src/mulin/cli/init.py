"""`mulin init`: the first day of a real county."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mulin.cli.usage import described
from mulin.cli.words import say

if TYPE_CHECKING:
    from mulin.cli.first_day import FirstDay

NAME = "init"
HELP = described(
    "建立一个真实的县：导入区域表，选定本县，建立三员账号。数据库须为空；没写在命令里的会逐项询问。",
    "Set up a real county: its areas from a table, and the three administrators. Only into an empty database; "
    "what the command does not say is asked for.",
    "mulin init",
    "mulin init --areas 区划.xlsx --county 370883 --system 张三 --security 李四 --audit 王五 --yes",
)


def command(
    areas: Annotated[
        Path | None,
        typer.Option(
            "--areas",
            help=say("区域表格（Excel 或 CSV）", "Table of areas (Excel or CSV)"),
            show_default=False,
        ),
    ] = None,
    county: Annotated[
        str, typer.Option("--county", help=say("本县的 6 位编码", "The county's code, six digits"))
    ] = "",
    system: Annotated[
        str, typer.Option("--system", help=say("系统管理员姓名", "Name of the system administrator"))
    ] = "",
    security: Annotated[
        str, typer.Option("--security", help=say("安全管理员姓名", "Name of the security administrator"))
    ] = "",
    audit: Annotated[
        str, typer.Option("--audit", help=say("审计管理员姓名", "Name of the audit administrator"))
    ] = "",
    mail_host: Annotated[
        str,
        typer.Option(
            "--mail-host", help=say("发邮件的服务器；不填就不发邮件", "Mail server; none, no mail leaves")
        ),
    ] = "",
    mail_sender: Annotated[
        str, typer.Option("--mail-sender", help=say("发件地址", "Address that mail comes from"))
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help=say("不再询问，直接建立", "Do not ask again"))] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("输出 JSON，供程序读取", "JSON for programs"))
    ] = False,
) -> None:
    from mulin.cli import database, output
    from mulin.cli.house import CLOCK, open_house

    open_house()
    with output.progress(quiet=as_json) as report:
        database.migrate(report, say("准备数据库", "Preparing the database"))
    from mulin.cli import first_day

    first_day.refuse_unless_empty()
    areas = areas or Path(typer.prompt(say("区域表格的路径", "Path of the table of areas")))
    counties = first_day.counties_in(areas)
    county = county or ask_county(counties)
    names = {
        "system_administrator": system or typer.prompt(say("系统管理员姓名", "System administrator")),
        "security_administrator": security or typer.prompt(say("安全管理员姓名", "Security administrator")),
        "audit_administrator": audit or typer.prompt(say("审计管理员姓名", "Audit administrator")),
    }
    channels = channels_asked(mail_host, mail_sender, quiet=yes or as_json)
    if not yes and not as_json:
        name = counties.get(county, county)
        typer.confirm(
            say(f"将建立 {name}（{county}），继续吗？", f"Set up {name} ({county})?"),
            default=True,
            abort=True,
        )
    made = first_day.begin(areas=areas, county=county, administrators=names, clock=CLOCK)
    first_day.keep_channels(channels)
    output.as_json(made.as_dict()) if as_json else show(made)


def channels_asked(mail_host: str, mail_sender: str, *, quiet: bool) -> dict[str, str]:
    """What the instance must know to send mail; asked for unless everything is to run by itself."""
    if not mail_host and not quiet:
        question = say("发邮件的服务器（没有就直接回车）", "Mail server (just Enter for none)")
        mail_host = typer.prompt(question, default="", show_default=False)
    if not mail_host:
        return {}
    if not mail_sender:
        mail_sender = typer.prompt(say("发件地址", "Sender's address")) if not quiet else f"mulin@{mail_host}"
    return {"MULIN_MAIL_HOST": mail_host, "MULIN_MAIL_SENDER": mail_sender}


def ask_county(counties: dict[str, str]) -> str:
    """The only county of the table, or the one that is chosen from its list."""
    from mulin.cli import output

    if len(counties) == 1:
        return next(iter(counties))
    output.table(
        [say("编码", "Code"), say("名称", "Name")], [[code, name] for code, name in counties.items()]
    )
    return str(typer.prompt(say("本县的编码", "Code of your county"))).strip()


def show(made: FirstDay) -> None:
    from mulin.cli import output

    output.line(
        say(
            f"{made.county} 已建立，共 {made.areas} 个区域。",
            f"{made.county} is set up with {made.areas} areas.",
        )
    )
    output.line(
        say(
            "三位管理员的首次密码只显示这一次，请分别交给本人：",
            "First passwords, shown this once; hand each to its owner:",
        )
    )
    output.table(
        [
            say("职责", "Duty"),
            say("姓名", "Name"),
            say("登录名", "Login name"),
            say("首次密码", "First password"),
        ],
        [
            [account.role, account.display_name, account.login_name, account.password]
            for account in made.accounts
        ],
    )
    output.line()
    output.line(say("接下来：", "Next:"), style="bold")
    for step in next_steps():
        output.line(f"  · {step}")


def next_steps() -> list[str]:
    return [
        say(
            "mulin run 启动，由系统管理员登录导入账号和岗位",
            "mulin run; the system administrator brings in accounts and posts",
        ),
        say(
            "站内消息已可用；邮件账号写在数据目录的 instance.env 里；短信尚未接入，只记在发件箱",
            "messages inside Mulin work; mail is set in instance.env; SMS is not connected yet and stays in the outbox",
        ),
        say("mulin doctor 检查域名、证书和备份", "mulin doctor looks at host names and certificates"),
    ]
