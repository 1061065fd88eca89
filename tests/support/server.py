"""The real server in its own process and home, for journeys and crashes.

with running_server(home, demo_people=200) as server:
    page.goto(server.url)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.postgres import free_port

MULIN = Path(sys.executable).with_name("mulin")
START_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 15


class ServerFailed(Exception):
    """What the server said before it gave up."""


@dataclass
class Server:
    """`mulin run` with everything it started; `home` is its MULIN_HOME."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str, timeout_seconds: int = 300) -> str:
        """Run another `mulin` command on the same home; its output."""
        return run_mulin(self.environment, *arguments, timeout_seconds=timeout_seconds)

    def python(self, script: str) -> str:
        """Run Python on the same home, with Django ready; what it prints."""
        return checked_output(
            [sys.executable, "-c", f"import django; django.setup()\n{script}"],
            {**self.environment, "DJANGO_SETTINGS_MODULE": "mulin.config.settings"},
        ).strip()

    def demo_page_code(self) -> str:
        """The code on the poster of the demo's first community: its page is `/c/<code>/`."""
        return self.python("from mulin.config.demo import introduction; print(introduction().page_code)")

    def demo_password(self) -> str:
        """The one password of every account of the demo."""
        return self.python("from mulin.config.demo import introduction; print(introduction().password)")

    def kill(self) -> None:
        """As a power cut would: no process of the server gets to say goodbye."""
        kill_with_descendants(self.process)

    def said(self) -> str:
        return (self.home / "server.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_server(
    home: Path, *, demo_people: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Prepare `home` (with a demo county of that many people, if any), serve it, stop it."""
    variables = {**os.environ, "MULIN_HOME": str(home), "NO_COLOR": "1", **(environment or {})}
    if "MULIN_DATABASE_URL" not in (environment or {}):
        variables.pop("MULIN_DATABASE_URL", None)
    home.mkdir(parents=True, exist_ok=True)
    run_mulin(variables, "migrate")
    if demo_people is not None:
        variables["MULIN_DEMO"] = "1"
        run_mulin(variables, "demo", "load", "--people", str(demo_people))
    server = start_server(home, variables)
    try:
        yield server
    finally:
        stop(server)


def start_server(home: Path, variables: Mapping[str, str], *arguments: str) -> Server:
    """Start on a free port and return once it answers; the caller stops it."""
    port = free_port()
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [str(MULIN), "run", "--host", "127.0.0.1", "--port", str(port), *arguments],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(home, port, process, variables)
    try:
        wait_until_healthy(server)
    except ServerFailed:
        stop(server)
        raise
    return server


def wait_until_healthy(server: Server) -> None:
    give_up = time.monotonic() + START_TIMEOUT_SECONDS
    while not is_healthy(server.url):
        if server.process.poll() is not None:
            raise ServerFailed(f"the server ended with {server.process.returncode}:\n{server.said()}")
        if time.monotonic() > give_up:
            raise ServerFailed(f"no answer within {START_TIMEOUT_SECONDS} s:\n{server.said()}")
        time.sleep(0.1)


def is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def stop(server: Server) -> None:
    """Ask as Ctrl-C does, and insist after a while."""
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGINT)
        try:
            server.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def kill_with_descendants(process: subprocess.Popen[bytes]) -> None:
    """The server and its workers lead groups of their own, so they are found by descent, parents first."""
    for pid in [process.pid, *descendants(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def descendants(pid: int) -> list[int]:
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]
    return children + [further for child in children for further in descendants(child)]


def run_mulin(variables: Mapping[str, str], *arguments: str, timeout_seconds: int = 300) -> str:
    return checked_output([str(MULIN), *arguments], variables, timeout_seconds=timeout_seconds)


def checked_output(command: list[str], variables: Mapping[str, str], *, timeout_seconds: int = 300) -> str:
    done = subprocess.run(
        command,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
