"""The machine: Python, disk, and what printing needs."""

from __future__ import annotations

import platform
import shutil
import sys

from django.conf import settings

from mulin.base.printing import is_available
from mulin.cli.checks.finding import Finding, Status, ok
from mulin.kernel.errors import Text

OLDEST = (3, 11)
DISK_WARN_BYTES = 2 * 1024**3
DISK_FAIL_BYTES = 200 * 1024**2


def python() -> Finding:
    name = Text(zh="Python", en="Python")
    version = platform.python_version()
    if sys.version_info[:2] < OLDEST:
        advice = Text(zh="请安装 Python 3.11 或更新版本。", en="Install Python 3.11 or newer.")
        return Finding("python", name, Status.FAIL, Text(zh=version, en=version), advice)
    return ok("python", name, Text(zh=version, en=version))


def disk() -> Finding:
    name = Text(zh="磁盘空间", en="Disk space")
    free = shutil.disk_usage(settings.MULIN_HOME).free
    size = f"{free / 1024**3:.1f} GB"
    detail = Text(zh=f"剩余 {size}", en=f"{size} free")
    if free >= DISK_WARN_BYTES:
        return ok("disk", name, detail)
    status = Status.FAIL if free < DISK_FAIL_BYTES else Status.WARN
    advice = Text(
        zh="请清理磁盘，或把 MULIN_HOME 移到更大的盘上。",
        en="Free some space, or move MULIN_HOME to a larger disk.",
    )
    return Finding("disk", name, status, detail, advice)


def printing() -> Finding:
    name = Text(zh="PDF 打印", en="PDF printing")
    if is_available():
        return ok("printing", name, Text(zh="可以生成 PDF", en="PDF can be made"))
    return Finding(
        "printing",
        name,
        Status.WARN,
        Text(
            zh="缺少 WeasyPrint 或 pango，页面仍可从浏览器打印",
            en="WeasyPrint or pango is missing; pages still print from the browser",
        ),
        Text(
            zh="以 root 运行 make setup，或安装 libpango-1.0-0 等系统库。",
            en="Run make setup as root, or install libpango-1.0-0.",
        ),
    )


CHECKS = [python, disk, printing]
