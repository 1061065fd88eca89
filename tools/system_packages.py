"""System packages: which are missing, and installing them with apt where this process may."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Package:
    """A Debian package and the evidence, valid on any system, that its purpose is served already."""

    name: str
    is_served: Callable[[], bool]
    what_for: str


def has_command(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def has_library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def has_browser() -> bool:
    downloaded = Path.home() / ".cache" / "ms-playwright"
    return has_command(*BROWSERS)() or any(downloaded.glob("chromium*"))


def has_postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or has_command("initdb")()


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


PRINTING = (
    Package("libpango-1.0-0", has_library("pango-1.0"), "PDF"),
    Package("libpangoft2-1.0-0", has_library("pangoft2-1.0"), "PDF"),
    Package("libharfbuzz-subset0", has_library("harfbuzz-subset"), "PDF"),
    Package("fontconfig", has_command("fc-list"), "PDF"),
    Package("fonts-noto-cjk", has_chinese_font, "Chinese in PDF and pictures"),
)
TESTING = (
    *PRINTING,
    Package("chromium", has_browser, "browser journeys"),
    Package("postgresql", has_postgresql, "the suite on PostgreSQL"),
    Package("poppler-utils", has_command("pdftotext"), "reading PDF back"),
    Package("zbar-tools", has_command("zbarimg"), "reading QR codes back"),
)
MEASURING = (Package("wrk", has_command("wrk"), "load"),)


def missing(packages: Iterable[Package]) -> list[Package]:
    return [package for package in packages if not package.is_served()]


def may_install() -> bool:
    """Root on Debian or Ubuntu, unless MULIN_NO_APT=1 says to leave the system alone."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and shutil.which("apt-get") is not None and os.environ.get("MULIN_NO_APT") != "1"


def install(names: list[str], log: Path) -> bool:
    """Install by name; True when apt said yes. What it said is in `log`."""
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3", "-q"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("w") as output:
        for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *names]):
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode and "install" in command:
                return False
    return True


def install_line(names: Iterable[str]) -> str:
    return f"sudo apt-get install {' '.join(names)}"
