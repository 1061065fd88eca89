"""Commands called in this process, and the real command in a process and home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from mulin.cli import main

MULIN = Path(sys.executable).with_name("mulin")


@pytest.fixture(autouse=True)
def _leave_the_language_alone() -> Iterator[None]:
    before = translation.get_language()
    yield
    translation.activate(before or "zh-hans")


@pytest.fixture
def call(capsys) -> Callable[..., tuple[int, str, str]]:
    """`call("users", "add", …)`: exit code, what was printed, what was complained about."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def call_json(call) -> Callable[..., Any]:
    def run(*arguments: str) -> Any:
        code, out, err = call(*arguments, "--json")
        assert code == 0, out + err
        return json.loads(out)

    return run


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a fresh instance on SQLite, whatever database the tests run on."""
    left_out = {"MULIN_DATABASE_URL", "LANG", "LC_ALL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "MULIN_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "100", **more}


def mulin(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(MULIN), *arguments],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
