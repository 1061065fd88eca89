"""The shape of an answer, and the order in which the questions are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mulin.kernel.errors import MulinError, Text


class Status(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One question (`name`), its answer, and what to do about it; `code` is stable, for programs."""

    code: str
    name: Text
    status: Status
    detail: Text
    advice: Text = Text(zh="", en="")


Check = Callable[[], Finding]


def ok(code: str, name: Text, detail: Text) -> Finding:
    return Finding(code, name, Status.OK, detail)


def every_check() -> list[Finding]:
    """All findings. A check that raises an error of the house becomes a failed finding, never the end of the list."""
    from mulin.cli.checks import database, instance, machine

    checks: list[Check] = [*machine.CHECKS, *instance.CHECKS, *database.CHECKS]
    return [found(check) for check in checks]


def found(check: Check) -> Finding:
    try:
        return check()
    except MulinError as error:
        code = check.__name__.replace("_", "-")
        return Finding(code, Text(zh=code, en=code), Status.FAIL, error.text)
