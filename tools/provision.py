"""What a checkout needs before it runs, step by step; a second call sees that nothing changed and returns.

1. system packages, with apt as root on Debian, otherwise one line that says what to install
2. uv, the machine's own or a pinned one under var/bootstrap
3. the locked Python packages in .venv
4. front-end files in src/mulin/web/static/vendor
5. compiled translations
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import system_packages
from system_packages import MEASURING, PRINTING, TESTING, Package

ROOT = Path(__file__).resolve().parent.parent
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
BOOTSTRAP = ROOT / "var" / "bootstrap"
STAMPS = ROOT / "var" / "setup"
LOCALE = ROOT / "src" / "mulin" / "locale"
VENDOR = ROOT / "src" / "mulin" / "web" / "static" / "vendor"
UV_PINNED = "0.13.9"
UV_OLDEST = (0, 9)
NODE_OLDEST = 18
INPUTS = (
    "pyproject.toml",
    "uv.lock",
    "package.json",
    "package-lock.json",
    "tools/build_assets.py",
    "tools/provision.py",
    "tools/system_packages.py",
)


@dataclass(frozen=True)
class Purpose:
    """What a target asks of set-up; without its `required` packages the target cannot do its work."""

    groups: tuple[str, ...] = ()
    packages: tuple[Package, ...] = PRINTING
    required: bool = False
    keeps_other_packages: bool = True


PURPOSES = {
    "run": Purpose(),
    "test": Purpose(groups=("test", "lint"), packages=TESTING, required=True, keeps_other_packages=False),
    "bench": Purpose(packages=(*PRINTING, *MEASURING), required=True),
}


class CannotSetUp(Exception):
    """One line in English and one in Chinese that say what to do."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(f"{english}\n{chinese}")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: python3 tools/setup.py {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    name = arguments[0]
    stamp = STAMPS / name
    if stamp.is_file() and stamp.read_text() == inputs_digest() and is_complete():
        return 0
    STAMPS.mkdir(parents=True, exist_ok=True)
    try:
        set_up(PURPOSES[name])
    except CannotSetUp as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    stamp.write_text(inputs_digest())
    return 0


def set_up(purpose: Purpose) -> None:
    provide_system_packages(purpose)
    uv = find_uv() or bootstrap_uv()
    sync_python_packages(uv, purpose)
    run_step("front-end files / 前端文件", [str(VENV_PYTHON), "tools/build_assets.py"])
    if translation_sources():
        compile_translations()


def inputs_digest() -> str:
    whole = hashlib.sha256(sys.executable.encode())
    for path in [*(ROOT / name for name in INPUTS), *translation_sources()]:
        whole.update(path.read_bytes() if path.is_file() else b"-")
    return whole.hexdigest()


def is_complete() -> bool:
    """What set-up builds is still there (somebody may have removed it by hand)."""
    compiled = [source.with_suffix(".mo") for source in translation_sources()]
    return VENV_PYTHON.exists() and VENDOR.is_dir() and all(path.is_file() for path in compiled)


def translation_sources() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


# 1. System packages


def provide_system_packages(purpose: Purpose) -> None:
    needed = system_packages.missing(purpose.packages)
    if needed and system_packages.may_install():
        names = [package.name for package in needed]
        with step(f"system packages / 系统软件包: {' '.join(names)}"):
            system_packages.install(names, STAMPS / "apt.log")
        needed = system_packages.missing(needed)
    if needed:
        report_missing(needed, stops=purpose.required)


def report_missing(needed: list[Package], *, stops: bool) -> None:
    reasons = "、".join(dict.fromkeys(package.what_for for package in needed))
    line = system_packages.install_line(package.name for package in needed)
    english = f"Missing for {reasons}: install with  {line}"
    chinese = f"缺少系统软件包，请安装：{line}"
    if stops:
        raise CannotSetUp(english, chinese)
    print(f"  {english}\n  {chinese}\n  (Everything else works without; 其他功能不受影响)", file=sys.stderr)


# 2. uv


def find_uv() -> Path | None:
    """The machine's uv if it is new enough, else the one that an earlier set-up put under var/bootstrap."""
    candidates = [shutil.which("uv"), BOOTSTRAP / "bin" / "uv", BOOTSTRAP / "target" / "bin" / "uv"]
    return next((Path(path) for path in candidates if path and uv_version(path) >= UV_OLDEST), None)


def uv_version(uv: str | Path) -> tuple[int, ...]:
    """Zeros when it does not start (a shim of a version manager with nothing behind it, for one)."""
    try:
        answer = subprocess.run([str(uv), "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return (0, 0)
    found = re.match(r"uv (\d+)\.(\d+)", answer)
    return tuple(int(number) for number in found.groups()) if found else (0, 0)


def bootstrap_uv() -> Path:
    requirement = f"uv=={UV_PINNED}"
    if can_make_venv():
        run_step("bootstrap / 引导环境", [sys.executable, "-m", "venv", "--clear", str(BOOTSTRAP)])
        run_step(
            f"uv {UV_PINNED}", [str(BOOTSTRAP / "bin" / "python"), "-m", "pip", "install", "-q", requirement]
        )
        return BOOTSTRAP / "bin" / "uv"
    if importlib.util.find_spec("pip"):
        target = str(BOOTSTRAP / "target")
        run_step(
            f"uv {UV_PINNED}",
            [sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--target", target, requirement],
        )
        return BOOTSTRAP / "target" / "bin" / "uv"
    name = venv_package_name()
    raise CannotSetUp(
        f"Python's venv is missing: install with  {system_packages.install_line([name])}  (or install uv)",
        f"缺少 Python 的 venv 模块，请安装：{system_packages.install_line([name])}（或安装 uv）",
    )


def can_make_venv() -> bool:
    """Debian ships venv without ensurepip; python3-venv brings it, installed here where that is allowed."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return True
    if not system_packages.may_install() or not os.path.realpath(sys.executable).startswith("/usr/bin/"):
        return False
    name = venv_package_name()
    with step(f"system packages / 系统软件包: {name}"):
        system_packages.install([name], STAMPS / "apt.log")
    importlib.invalidate_caches()
    return has_stdlib_package("venv") and has_stdlib_package("ensurepip")


def has_stdlib_package(name: str) -> bool:
    return (Path(sysconfig.get_path("stdlib")) / name / "__main__.py").is_file()


def venv_package_name() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


# 3. Python packages


def sync_python_packages(uv: Path, purpose: Purpose) -> None:
    """The interpreter that runs this makes .venv; one that exists already stays."""
    groups = [*purpose.groups, *([] if has_node() else ["assets"])]
    command = [str(uv), "sync", "--locked", "--quiet", "--extra", "print"]
    command += [option for group in groups for option in ("--group", group)]
    command += ["--inexact"] if purpose.keeps_other_packages else []
    command += [] if VENV_PYTHON.exists() else ["--python", sys.executable]
    run_step("Python packages / Python 依赖", command)


def has_node() -> bool:
    """Whether the machine's own npm can fetch the front-end files."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return found is not None and int(found.group(1)) >= NODE_OLDEST


# 5. Translations


def compile_translations() -> None:
    command = [str(VENV_PYTHON.parent / "pybabel"), "-q", "compile", "-D", "django", "-d", str(LOCALE)]
    run_step("translations / 翻译", command)


# How steps run and report


def run_step(title: str, command: list[str]) -> None:
    """Run a command quietly; when it fails, its last lines are the message."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"UV_PROJECT_ENVIRONMENT": str(ROOT / ".venv"), "UV_PYTHON_DOWNLOADS": "never"}
    # A county's network may have an authority of its own: trust what this machine trusts.
    environment = {"UV_SYSTEM_CERTS": "1", "NODE_USE_SYSTEM_CA": "1"} | environment
    with step(title):
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            said = "\n".join(done.stdout.strip().splitlines()[-15:])
            raise CannotSetUp(
                f"{said}\nThis step failed: {title}. Check the network and try again; set-up goes on where it was.",
                "这一步没有完成。请检查网络后重试，已完成的部分不会重做。",
            )


@contextmanager
def step(title: str) -> Iterator[None]:
    print(f"  {title} … ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except CannotSetUp:
        print("failed / 失败", flush=True)
        raise
    print(f"{time.monotonic() - start:.1f} s", flush=True)
