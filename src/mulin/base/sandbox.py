"""A limited child process for whatever opens other people's files: pictures and workbooks.

A decoder that eats memory, never ends or falls over takes the child with it, never the server. The child gets no
secrets: its environment holds nothing but the path. It limits itself before it loads any decoder.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
REFUSED = 3


@dataclass(frozen=True)
class Limits:
    """What one child may use; `seconds` holds for the processor and, doubled, for the clock on the wall."""

    memory_mb: int = 1024
    seconds: int = 20
    output_mb: int = 512


class Refused(Exception):
    """The child looked at the file and said no: `code` says why, `details` gives the figures."""

    def __init__(self, code: str, details: dict[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Broken(Exception):
    """The child fell over, ran out of memory or took too long."""


def run(module: str, arguments: Sequence[str | Path], limits: Limits) -> dict[str, Any]:
    """Run `python -m module …` under `limits` and return what it answered. Raises Refused or Broken."""
    with tempfile.TemporaryDirectory(prefix="mulin-") as folder:
        command = [sys.executable, "-m", module, f"{limits.memory_mb}:{limits.seconds}:{limits.output_mb}"]
        try:
            done = subprocess.run(
                [*command, *map(str, arguments)],
                cwd=folder,
                env=bare_environment(folder),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=limits.seconds * 2,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Broken(f"{module} took longer than {limits.seconds * 2} s") from error
    if done.returncode not in {0, REFUSED}:
        raise Broken(f"{module} ended with {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if done.returncode == REFUSED:
        raise Refused(answer.pop("refused"), answer)
    return answer


def bare_environment(folder: str) -> dict[str, str]:
    """No keys, no addresses; and few memory arenas, since every one counts against the limit."""
    kept = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {**kept, "HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}


def child_main(work: Callable[[list[str]], dict[str, Any]]) -> None:
    """What a child module calls: limit this process, do `work` with the remaining arguments, answer as JSON."""
    limit_this_process(sys.argv[1])
    try:
        answer, status = work(sys.argv[2:]), 0
    except Refused as refusal:
        answer, status = {"refused": refusal.code, **refusal.details}, REFUSED
    sys.stdout.write(json.dumps(answer))
    sys.exit(status)


def limit_this_process(limits: str) -> None:
    memory_mb, seconds, output_mb = (int(part) for part in limits.split(":"))
    for kind, amount in (
        (resource.RLIMIT_AS, memory_mb * MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output_mb * MEGABYTE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (amount, amount))
