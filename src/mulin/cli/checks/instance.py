"""The instance: its folder, its keys, its front-end files, and whether it may stand on the open network."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from django.conf import settings

from mulin.cli.checks.finding import Finding, Status, ok
from mulin.kernel.errors import Text

ASSETS = ("vendor/htmx.min.js", "vendor/icons.svg", "css/base.css")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


def home() -> Finding:
    name = Text(zh="数据目录", en="Home folder")
    path = Path(settings.MULIN_HOME)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return ok("home", name, Text(zh=str(path), en=str(path)))
    except OSError as error:
        return Finding(
            "home",
            name,
            Status.FAIL,
            Text(zh=f"{path} 不可写：{error.strerror}", en=f"{path} cannot be written to: {error.strerror}"),
            Text(
                zh="请检查所有者和权限，或另设 MULIN_HOME。",
                en="Check owner and permissions, or set another MULIN_HOME.",
            ),
        )


def keys() -> Finding:
    """Whoever reads the keys reads everything: they belong to their owner alone."""
    name = Text(zh="密钥文件", en="Keys")
    folder = Path(settings.MULIN_HOME) / "keys"
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    open_ones = [file.name for file in files if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_ones:
        return Finding(
            "keys",
            name,
            Status.FAIL,
            Text(zh=f"其他用户能读：{'、'.join(open_ones)}", en=f"Others can read: {', '.join(open_ones)}"),
            Text(
                zh=f"请运行 chmod 600 {folder}/*，并考虑更换密钥。",
                en=f"Run chmod 600 {folder}/* and think of new keys.",
            ),
        )
    if os.environ.get("MULIN_SECRET_KEY"):
        return ok("keys", name, Text(zh="由环境变量提供", en="given by the environment"))
    return ok(
        "keys",
        name,
        Text(
            zh=f"{len(files)} 个，仅所有者可读，请纳入备份",
            en=f"{len(files)}, for their owner only; back them up",
        ),
    )


def assets() -> Finding:
    name = Text(zh="前端文件", en="Front-end files")
    static = Path(settings.STATICFILES_DIRS[0])
    missing = [file for file in ASSETS if not (static / file).is_file()]
    if not missing:
        return ok("assets", name, Text(zh="齐全", en="complete"))
    return Finding(
        "assets",
        name,
        Status.FAIL,
        Text(zh=f"缺少 {'、'.join(missing)}", en=f"Missing: {', '.join(missing)}"),
        Text(zh="请运行 make setup。", en="Run make setup."),
    )


def debugging() -> Finding:
    name = Text(zh="调试模式", en="Debugging")
    if not settings.DEBUG:
        return ok("debug", name, Text(zh="已关闭", en="off"))
    return Finding(
        "debug",
        name,
        Status.FAIL,
        Text(zh="已打开，出错时会泄露内部信息", en="On: errors show what is inside"),
        Text(zh="正式环境必须关闭 DEBUG。", en="DEBUG must be off."),
    )


def hosts() -> Finding:
    name = Text(zh="访问地址", en="Hosts")
    allowed = ", ".join(settings.ALLOWED_HOSTS)
    if "*" in settings.ALLOWED_HOSTS:
        return Finding(
            "hosts",
            name,
            Status.FAIL,
            Text(zh="允许任何主机名", en="Any host name is accepted"),
            Text(
                zh="请把 MULIN_ALLOWED_HOSTS 设为真实域名。", en="Set MULIN_ALLOWED_HOSTS to the real names."
            ),
        )
    return ok("hosts", name, Text(zh=allowed, en=allowed))


def encryption() -> Finding:
    """Served beyond this machine, the pages need TLS in front."""
    name = Text(zh="加密传输", en="TLS")
    is_local = set(settings.ALLOWED_HOSTS) <= LOOPBACK
    if settings.SESSION_COOKIE_SECURE:
        return ok("tls", name, Text(zh="由反向代理提供", en="in front of us"))
    if is_local:
        return ok("tls", name, Text(zh="只在本机访问，不需要", en="served to this machine only; not needed"))
    return Finding(
        "tls",
        name,
        Status.WARN,
        Text(zh="对外服务但没有加密", en="Served to others without encryption"),
        Text(
            zh="请在前面放带证书的反向代理，并设 MULIN_TLS=1。",
            en="Put a reverse proxy with a certificate in front and set MULIN_TLS=1.",
        ),
    )


CHECKS = [home, keys, assets, debugging, hosts, encryption]
