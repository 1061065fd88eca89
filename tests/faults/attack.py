"""An instance in real processes, clients that retry, and somebody who kills."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mulin.cli.serving import children
from tests.support.postgres import free_port
from tests.support.server import is_healthy

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 8
GIVE_UP_SECONDS = 240
LOST_ANSWERS = 0.05


class Instance:
    """Server and worker of one home, each in a process group of its own, so that each can be killed alone."""

    def __init__(self, home: Path, database_url: str, **more: str) -> None:
        self.home, self.port = home, free_port()
        self.environment = {
            **os.environ,
            "MULIN_HOME": str(home),
            "MULIN_DATABASE_URL": database_url,
            "MULIN_API_CALLS_A_MINUTE": "1000000000",
            "DJANGO_SETTINGS_MODULE": "mulin.config.settings",
            **more,
        }
        self.log = (home / "log").open("ab")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def ask(self, command: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.instance", command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def start(self, name: str) -> None:
        server = next(child.command for child in children("127.0.0.1", self.port) if child.name == "server")
        worker = [sys.executable, "-m", "tests.faults.instance", "worker"]
        self.processes[name] = subprocess.Popen(
            server if name == "server" else worker,
            cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip

    def kill(self, name: str) -> None:
        """As a power cut would: none of its processes gets to say goodbye."""
        process = self.processes[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_until_healthy(self) -> None:
        until = time.monotonic() + GIVE_UP_SECONDS
        while not is_healthy(f"http://127.0.0.1:{self.port}"):
            assert time.monotonic() < until, (self.home / "log").read_text(errors="replace")[-3000:]
            time.sleep(0.1)

    def stop(self) -> None:
        for name in self.processes:
            self.kill(name)
        self.log.close()


@dataclass
class Load:
    """`pairs` matters, each raised and then accepted, by clients that repeat every call until it is answered."""

    instance: Instance
    token: str
    area_code: str
    pairs: int
    seed: int
    with_operation_ids: bool = True
    waiting: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    acknowledged: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    retries: int = 0
    lost_answers: int = 0

    def start(self) -> list[threading.Thread]:
        for number in range(self.pairs):
            self.waiting.put(number)
        threads = [
            threading.Thread(target=self.client, args=[random.Random(self.seed + n)]) for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        return threads

    @property
    def done(self) -> int:
        return len(self.acknowledged)

    def client(self, rng: random.Random) -> None:
        while True:
            try:
                number = self.waiting.get_nowait()
            except queue.Empty:
                return
            body = {
                "type": "repair",
                "area_code": self.area_code,
                "text": f"M{number:05} 路灯不亮",
                "phone": "",
            }
            if number % 4 == 0:
                body["phone"] = f"139{number:08}"
            raised = self.until_answered(rng, number, "raise", "/api/v1/requests", body)
            if raised:
                path = f"/api/v1/requests/{raised['public_id']}/accept"
                self.until_answered(rng, number, "accept", path, {})

    def until_answered(
        self, rng: random.Random, number: int, name: str, path: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        """The id is made before the first try and sent with every one. Some answers are lost on the way."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if self.with_operation_ids:
            headers["Idempotency-Key"] = f"{self.seed}-{name}-{number}"
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            status, answer = self.call(path, json.dumps(body).encode(), headers)
            if 200 <= status < 300 and rng.random() < LOST_ANSWERS:
                self.lost_answers += 1
            elif 200 <= status < 300:
                self.acknowledged.append((number, name, answer))
                return answer
            elif 400 <= status < 500:
                self.refused.append(f"{name} {number}: {status} {answer}")
                return None
            self.retries += 1
            time.sleep(0.02 + rng.random() * 0.1)
        self.refused.append(f"{name} {number}: no answer within {GIVE_UP_SECONDS} s")
        return None

    def call(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        """(status, answer); status 0 where nothing came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.instance.port, timeout=30)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()


def kill_server_at(instance: Instance, load: Load, counts: list[int]) -> int:
    """Kill the server when so many operations are answered, and start it again; how often."""
    for count in counts:
        if not wait_for(lambda count=count: load.done >= count):  # type: ignore[misc]
            break
        instance.kill("server")
        instance.start("server")
        instance.wait_until_healthy()
    return len(counts)


def kill_worker_when_sending(instance: Instance, times: int, rng: random.Random, every: int) -> int:
    """Kill the worker between sending and marking, about every so many messages, and start it again; how often."""
    moments, kills = instance.home / "moments", 0
    for _ in range(times):
        seen = size_of(moments) + 1 + rng.randrange(every) * len("x" * 27)
        if not wait_for(lambda seen=seen: size_of(moments) >= seen, 45):  # type: ignore[misc]
            break
        instance.kill("worker")
        kills += 1
        instance.start("worker")
    return kills


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def wait_for(is_so: Callable[[], bool], seconds: float = GIVE_UP_SECONDS) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.001)
    return True


def census_when_quiet(instance: Instance) -> dict[str, Any]:
    """The count once nothing waits any more, or what is still missing after a long while."""
    until = time.monotonic() + GIVE_UP_SECONDS
    while True:
        counted = instance.ask("census")
        if counted["waiting"] == 0 or time.monotonic() > until:
            return counted
        time.sleep(1)
