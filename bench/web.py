"""Pages and API against bare Django, side by side in one run: `make bench-web`.

A cluster of its own, 100,000 requests, both servers under granian with two workers, wrk on the loopback in alternating
rounds, medians. Prints a table and writes var/bench/web.json. The ratios count; single times depend on the machine.

    python bench/web.py --rounds 5 --seconds 4 --connections 16
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.postgres import free_port, running_cluster  # noqa: E402 (found by the line above)

RESULT = ROOT / "var" / "bench" / "web.json"
WORKERS, THREADS_EACH = 2, 4
NUMBER = r"([0-9.]+)(us|ms|s)"
UNIT_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass
class Target:
    """One address under load and what wrk said of it, round by round."""

    name: str
    url: str
    headers: tuple[str, ...] = ()
    rates: list[float] = field(default_factory=list)
    medians_ms: list[float] = field(default_factory=list)
    p99s_ms: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        return {
            "requests_a_second": statistics.median(self.rates),
            "median_ms": statistics.median(self.medians_ms),
            "p99_ms": statistics.median(self.p99s_ms),
            "p99_by_median": statistics.median(
                p99 / mid for p99, mid in zip(self.p99s_ms, self.medians_ms, strict=True)
            ),
        }


@contextmanager
def granian(application: str, environment: dict[str, str]) -> Iterator[str]:
    """The address of a server of its own; both projects get the same one."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
         "--workers", str(WORKERS), "--blocking-threads", str(THREADS_EACH), "--log-level", "warning", application],
        cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_good(target: Target) -> int:
    """Bytes of the page; raises when it does not come or is not what was asked for."""
    until = time.monotonic() + 60
    while True:
        try:
            request = urllib.request.Request(
                target.url, headers=dict(line.split(": ", 1) for line in target.headers)
            )
            with urllib.request.urlopen(request) as answer:
                assert answer.geturl() == target.url, f"{target.name} leads to {answer.geturl()}"
                return len(answer.read())
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def load(target: Target, connections: int, seconds: int) -> None:
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", target.url]
    for header in target.headers:
        command += ["-H", header]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, f"{target.name}:\n{said}"
    assert "Socket errors" not in said, f"{target.name}:\n{said}"
    target.rates.append(float(re.search(r"Requests/sec:\s+([0-9.]+)", said)[1]))
    for share, into in (("50", target.medians_ms), ("99", target.p99s_ms)):
        found = re.search(rf"{share}%\s+{NUMBER}", said)
        into.append(float(found[1]) * UNIT_MS[found[2]])


def python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def measure(rounds: int, seconds: int, connections: int) -> dict[str, Any]:
    with ExitStack() as stack:
        cluster = stack.enter_context(running_cluster())
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="mulin-bench-"))
        environment = {
            **os.environ,
            "MULIN_HOME": home,
            "MULIN_DATABASE_URL": cluster.url,
            "MULIN_API_CALLS_A_MINUTE": "1000000000",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("MULIN_DEMO", None)
        county = json.loads(python(environment, "bench.county"))
        cookie = python(environment, "bench.peers.plain.session", "county_worker")
        counted = json.loads(python(environment, "bench.figures", json.dumps(county)))
        ours = stack.enter_context(granian("mulin.config.wsgi:application", environment))
        peer = stack.enter_context(granian("bench.peers.plain.wsgi:application", environment))
        targets = [
            Target("queue page", f"{ours}/work/requests/?view=all", (f"Cookie: {county['cookie']}",)),
            Target("plain page", f"{peer}/requests/", (f"Cookie: {cookie}",)),
            Target("plain page, same content", f"{peer}/same/requests/?view=all", (f"Cookie: {cookie}",)),
            Target("JSON list", f"{ours}/api/v1/requests", (f"Authorization: Bearer {county['token']}",)),
            Target("bare ninja", f"{peer}/api/requests"),
        ]
        sizes = {target.name: wait_until_good(target) for target in targets}
        for target in targets:
            load(target, connections, 1)
            for values in (target.rates, target.medians_ms, target.p99s_ms):
                values.clear()
        for _ in range(rounds):
            for target in targets:
                load(target, connections, seconds)
        address = {"BENCH_ADDRESS": ours}
        first = f"/c/{county['page_code']}/"
        wires = [
            json.loads(python(environment | address, "bench.wire", path)) for path in (first, f"{first}new/")
        ]
        wire = max(wires, key=lambda one: one["total_bytes"])
    return judged(targets, sizes, counted, wire)


def judged(
    targets: Sequence[Target], sizes: dict[str, int], counted: dict[str, Any], wire: dict[str, Any]
) -> dict[str, Any]:
    page, plain, same, listing, ninja = targets
    rows_ratio, same_ratio, json_ratio = (
        statistics.median(a / b for a, b in zip(one.rates, other.rates, strict=True))
        for one, other in ((page, plain), (page, same), (listing, ninja))
    )
    goals = [
        # The plain page has the rows alone: no leave asked, nothing masked, no counts, a rail and a form of fixed text.
        ("queue page / plain page of the same rows", rows_ratio, ">=", 2.0),
        ("queue page / plain page of the same content", same_ratio, ">=", 2.0),
        ("JSON list / bare ninja", json_ratio, ">=", 0.8),
        ("queue page p99 / median", page.summary()["p99_by_median"], "<=", 3.0),
        ("queries of the queue page, 25 rows", counted["queue_queries_25"], "<=", 8),
        ("the same with 5 rows", counted["queue_queries_5"], "<=", counted["queue_queries_25"]),
        ("queries of submitting a request", counted["submit_queries"], "<=", 12),
        ("KB on the wire of the resident's first page", wire["total_bytes"] / 1000, "<=", 100),
    ]
    return {
        "targets": {target.name: target.summary() | {"bytes": sizes[target.name]} for target in targets},
        "goals": [
            {
                "what": what,
                "value": value,
                "goal": f"{sign} {limit}",
                "reached": value >= limit if sign == ">=" else value <= limit,
            }
            for what, value, sign, limit in goals
        ],
        "queries": counted,
        "wire": wire,
    }


def show(result: dict[str, Any], connections: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    speeds = Table(
        "",
        "req/s",
        "median ms",
        "p99 ms",
        "p99/median",
        "bytes",
        title=f"{WORKERS} workers, {connections} connections, medians",
    )
    for name, one in result["targets"].items():
        speeds.add_row(
            name,
            f"{one['requests_a_second']:.0f}",
            f"{one['median_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{one['p99_by_median']:.2f}",
            f"{one['bytes']:,}",
        )
    goals = Table("figure", "value", "goal", "reached")
    for goal in result["goals"]:
        goals.add_row(
            goal["what"],
            f"{goal['value']:.2f}".rstrip("0").rstrip("."),
            goal["goal"],
            "yes" if goal["reached"] else "NO",
        )
    console.print(speeds, goals)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=16)
    asked = parser.parse_args()
    result = measure(asked.rounds, asked.seconds, asked.connections)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(
        json.dumps(result | {"rounds": asked.rounds, "seconds": asked.seconds}, ensure_ascii=False, indent=2)
    )
    show(result, asked.connections)
    print(f"{RESULT.relative_to(ROOT)}")
    return 0 if all(goal["reached"] for goal in result["goals"]) else 1


if __name__ == "__main__":
    sys.exit(main())
