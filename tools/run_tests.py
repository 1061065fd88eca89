"""The whole suite in one pytest run: every test on SQLite and on PostgreSQL, side by side.

Two processes, the "legs", each run everything on their own database (pytest-xdist's `--dist each`). What
does not depend on the database runs once: browser journeys on the SQLite leg; linters, types and tools,
which are tests too, on the PostgreSQL leg. So one closing line counts all of it.

    python tools/run_tests.py [--drill] [more pytest arguments]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEGS = ("sqlite", "postgresql")
OWN_VARIABLES = {"MULIN_DATABASE_URL", "MULIN_HOME", "MULIN_DEMO", "MULIN_DRILL"}
DRILL_TIMEOUT_SECONDS = 3600

sys.path.insert(0, str(ROOT))

from tests.support.postgres import PostgresFailed, run_command, running_cluster, stop_when_told  # noqa: E402


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, stop_when_told)
    is_drill = "--drill" in arguments
    more = [argument for argument in arguments if argument != "--drill"]
    try:
        with running_cluster() as cluster:
            return run_command(
                pytest_command(more, is_drill=is_drill), environment(cluster.url, is_drill=is_drill)
            )
    except (PostgresFailed, subprocess.SubprocessError) as problem:
        print(f"run_tests: {problem}", file=sys.stderr)
        return 1


def pytest_command(more: list[str], *, is_drill: bool) -> list[str]:
    legs = [part for leg in LEGS for part in ("--tx", f"execmodel=main_thread_only//popen//id={leg}")]
    timeout = ["--timeout", str(DRILL_TIMEOUT_SECONDS)] if is_drill else []
    return [sys.executable, "-m", "pytest", "--dist", "each", *legs, "--durations", "15", *timeout, *more]


def environment(postgresql_url: str, *, is_drill: bool) -> dict[str, str]:
    """Each leg is told its database by name; conftest.py hands it on to the leg's process."""
    inherited = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
    urls = {"MULIN_TEST_SQLITE_URL": "sqlite:///:memory:", "MULIN_TEST_POSTGRESQL_URL": postgresql_url}
    drill = {"MULIN_DRILL": "1"} if is_drill else {}
    return inherited | urls | drill


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
