"""The processes of one instance: started together, started again when one dies, stopped together within five seconds."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

STOP_SECONDS = 3.5
WATCH_SECONDS = 0.2
YOUNG_SECONDS = 10.0
PAUSE_SECONDS_MAX = 15.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process and everything it starts, in a process group of its own."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_seconds: float = 0.0
    again_at: float | None = None

    def die(self, now: float) -> None:
        """Note a death: at once it comes back the first time, ever later when it keeps dying young."""
        died_young = now - self.started_at < YOUNG_SECONDS
        self.pause_seconds = min(max(1.0, self.pause_seconds * 2), PAUSE_SECONDS_MAX) if died_young else 0.0
        self.again_at = now + self.pause_seconds
        self.process = None

    def start(self, environment: Mapping[str, str]) -> None:
        self.started_at, self.again_at = time.monotonic(), None
        self.process = subprocess.Popen(
            self.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509 (no threads are running)
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def signal_group(self, number: int) -> None:
        """To the process and to whatever it left behind."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def is_group_alive(self) -> bool:
        if self.process is None:
            return False
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def die_with_parent() -> Callable[[], None]:
    """Ask the kernel to end the child when this process is killed and can no longer do it."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


@dataclass
class Supervisor:
    """Keeps `children` running until a signal asks to stop. `tell` shows a sentence to whoever watches."""

    children: list[Child]
    environment: Mapping[str, str]
    tell: Callable[[Child], None]
    is_stopping: bool = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)

    def ask_to_stop(self, *_: object) -> None:
        self.is_stopping = True

    def start(self) -> None:
        for child in self.children:
            child.start(self.environment)

    def watch(self) -> None:
        """Until asked to stop."""
        while not self.is_stopping:
            for child in self.children:
                self.keep(child, time.monotonic())
            time.sleep(WATCH_SECONDS)

    def keep(self, child: Child, now: float) -> None:
        """Start `child` again when it died, after its pause."""
        if child.has_died():
            child.signal_group(signal.SIGKILL)
            child.die(now)
            self.tell(child)
        if child.again_at is not None and now >= child.again_at:
            child.start(self.environment)

    def stop(self) -> None:
        """Ask all to end, wait, and end what is still there."""
        for child in self.children:
            child.signal_group(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until and any(child.is_group_alive() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
