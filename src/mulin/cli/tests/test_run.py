"""The whole instance: started, found, told apart from others, kept alive and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from mulin.cli import ports, serving
from mulin.cli.supervisor import PAUSE_SECONDS_MAX, Child, Supervisor
from mulin.cli.tests.conftest import MULIN, environment, mulin
from mulin.kernel.errors import Conflict, InvalidInput

PATIENCE_SECONDS = 60


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def is_gone(pid: int) -> bool:
    """No such process any more, or one that has ended and waits to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def processes_of(home: Path) -> list[int]:
    """Every process that runs with this home."""
    mark = f"MULIN_HOME={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_the_instance_is_served_kept_alive_and_stopped_as_a_whole(tmp_path):
    port, said = free(), tmp_path / "said.txt"
    with said.open("w") as out:
        instance = subprocess.Popen(
            [str(MULIN), "run", "--port", str(port), "--language", "zh"],
            env=environment(tmp_path / "home"),
            stdout=out,
            stderr=out,
        )
    try:
        assert wait_for(lambda: "睦邻已启动" in said.read_text()), said.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        other = mulin(tmp_path / "other", "run", "--port", str(port))
        assert (other.returncode, f"端口 {port} 已被占用" in other.stderr) == (1, True)
        for pid in processes_of(tmp_path / "home"):
            if pid != instance.pid and b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: "后台进程意外退出" in said.read_text()), said.read_text()
    finally:
        family = processes_of(tmp_path / "home")
        instance.send_signal(signal.SIGTERM)
        assert instance.wait(PATIENCE_SECONDS) == 0
    assert "已全部停止" in said.read_text()
    assert wait_for(lambda: all(is_gone(pid) for pid in family))


@pytest.mark.once
@pytest.mark.skipif(
    sys.platform != "linux", reason="the kernel tells children of their parent's death on Linux only"
)
def test_nothing_outlives_an_instance_that_was_killed(tmp_path):
    with (tmp_path / "said.txt").open("w") as out:
        instance = subprocess.Popen(
            [str(MULIN), "run", "--port", "0"], env=environment(tmp_path / "home"), stdout=out, stderr=out
        )
    assert wait_for(lambda: "http://" in (tmp_path / "said.txt").read_text())
    family = processes_of(tmp_path / "home")
    instance.kill()
    instance.wait()
    assert wait_for(lambda: all(is_gone(pid) for pid in family))


def test_a_free_port_is_taken_and_a_busy_one_refused():
    assert ports.free_port("127.0.0.1", 0) > 0
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with pytest.raises(Conflict) as refused:
            ports.free_port("127.0.0.1", busy.getsockname()[1])
    assert refused.value.code == "port-in-use"
    with pytest.raises(InvalidInput):
        ports.free_port("127.0.0.1", 70_000)


def test_the_hosts_follow_from_where_it_listens(monkeypatch):
    monkeypatch.delenv("MULIN_ALLOWED_HOSTS", raising=False)
    monkeypatch.delenv("MULIN_PUBLIC_ADDRESS", raising=False)
    local = serving.environment_for("127.0.0.1", 8001, is_demo=True)
    assert (local["MULIN_PUBLIC_ADDRESS"], local["MULIN_DEMO"]) == ("http://127.0.0.1:8001", "1")
    everywhere = serving.environment_for("0.0.0.0", 8001, is_demo=False)
    assert socket.gethostname() in everywhere["MULIN_ALLOWED_HOSTS"].split(",")
    monkeypatch.setenv("MULIN_ALLOWED_HOSTS", "mulin.example")
    assert serving.environment_for("0.0.0.0", 80, is_demo=False)["MULIN_ALLOWED_HOSTS"] == "mulin.example"


def test_a_child_that_keeps_dying_young_comes_back_ever_later():
    child = Child("worker", ["false"])
    pauses = []
    for now in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0):
        child.started_at = now - 0.1
        child.die(now)
        pauses.append(child.pause_seconds)
    assert pauses == [1, 2, 4, 8, 15, PAUSE_SECONDS_MAX]
    child.started_at = 10.0
    child.die(1_000.0)
    assert child.pause_seconds == 0


def test_a_dead_child_is_told_of_and_started_again():
    told: list[str] = []
    child = Child("worker", [sys.executable, "-c", "import time; time.sleep(60)"])
    supervisor = Supervisor([child], os.environ, lambda one: told.append(one.name))
    supervisor.start()
    first = child.process
    first.kill()
    first.wait()
    child.started_at -= 100
    supervisor.keep(child, time.monotonic())
    assert told == ["worker"]
    assert child.process.pid != first.pid
    supervisor.stop()
    assert child.process.poll() is not None
