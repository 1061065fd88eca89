"""kill -9 of server and worker in the middle of queued work: nothing lost, nothing twice, nothing half done.

Clients retry until they are answered, and 5 % of the answers are lost on the way. The server is killed at random counts
of answered operations, the worker exactly between sending a message and marking it sent. The long form (`make drill`)
is ten times as long.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.faults.attack import Instance, Load, census_when_quiet, kill_server_at, kill_worker_when_sending
from tests.faults.instance import MARK_FIRST

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800 if os.environ.get("MULIN_DRILL") == "1" else 400)]

LONG = 10 if os.environ.get("MULIN_DRILL") == "1" else 1
SEED = 20261121
PAIRS = 250 * LONG
SERVER_KILLS = 3 * LONG
WORKER_KILLS = 3 * LONG
CONTROL_PAIRS = 60


class Databases:
    """Copies of one prepared database: files on SQLite, databases of the leg's cluster on PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def new(self, name: str, template: str = "") -> str:
        if connection.vendor == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            if template:
                shutil.copy(self.folder / f"{template}.sqlite3", path)
            return f"sqlite:///{path}"
        name, template = (
            f"mulin_{name}_{os.getpid()}",
            f"mulin_{template}_{os.getpid()}" if template else "template0",
        )
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.append(name)
        return self.url(name)

    def url(self, name: str) -> str:
        place = settings.DATABASES["default"]
        return f"postgresql://{place['USER']}@{place['HOST']}:{place['PORT']}/{name}"

    def run(self, sql: str) -> None:
        own = os.environ["MULIN_DATABASE_URL"]
        with psycopg.connect(own, autocommit=True) as line:
            line.execute(sql)  # type: ignore[call-overload]

    def drop(self) -> None:
        for name in self.made:
            self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Databases, dict[str, Any], Path]]:
    folder = tmp_path_factory.mktemp("faults")
    databases = Databases(folder)
    home = folder / "template"
    home.mkdir()
    instance = Instance(home, databases.new("template"), MULIN_SECRET_KEY="drill")
    try:
        answer = instance.ask("prepare")
        instance.stop()
        yield databases, answer, folder
    finally:
        databases.drop()


@pytest.fixture
def begin(prepared: Any) -> Iterator[Callable[..., tuple[Instance, Load]]]:
    """`begin("name", pairs=…)` starts server and worker on a copy of the prepared instance, and the clients' load."""
    databases, answer, folder = prepared
    started: list[Instance] = []

    def build(
        name: str, *, pairs: int, with_operation_ids: bool = True, **variables: str
    ) -> tuple[Instance, Load]:
        home = folder / name
        shutil.copytree(folder / "template", home)
        instance = Instance(home, databases.new(name, "template"), MULIN_SECRET_KEY="drill", **variables)
        started.append(instance)
        instance.start("server")
        instance.start("worker")
        instance.wait_until_healthy()
        load = Load(instance, answer["token"], answer["area_code"], pairs, SEED, with_operation_ids)
        return instance, load

    yield build
    for instance in started:
        instance.stop()


def test_killed_again_and_again_nothing_is_lost_and_nothing_happens_twice(begin, capsys):
    rng = random.Random(SEED)
    instance, load = begin("main", pairs=PAIRS)
    kill_at = sorted(rng.sample(range(PAIRS // 10, 2 * PAIRS - PAIRS // 5), SERVER_KILLS))
    clients = load.start()
    server_kills = kill_server_at(instance, load, kill_at[: SERVER_KILLS // 2])
    worker_kills = kill_worker_when_sending(instance, WORKER_KILLS, rng, every=8)
    server_kills += kill_server_at(instance, load, kill_at[SERVER_KILLS // 2 :])
    for client in clients:
        client.join()
    counted = census_when_quiet(instance)
    report(capsys, load, counted, server_kills=server_kills, worker_kills=worker_kills)

    assert load.refused == []
    assert worker_kills == WORKER_KILLS
    assert load.done == 2 * PAIRS
    assert counted["requests"] == {f"M{number:05}": 1 for number in range(PAIRS)}
    raised = {answer["public_id"] for _, name, answer in load.acknowledged if name == "raise"}
    assert raised == set(counted["public_ids"])
    assert set(counted["accepted"].values()) == {1}
    assert counted["half_written"] == []
    assert counted["operations_without_answer"] == 0
    assert (counted["waiting"], counted["dead"]) == (0, 0)
    assert (counted["untold"], counted["notices_not_once"]) == ([], [])
    assert (counted["sms_lost"], counted["sms_unknown"]) == ([], [])
    assert counted["sms_messages"] >= PAIRS // 4
    assert counted["sms_repeated"] <= worker_kills


def test_without_operation_ids_a_lost_answer_makes_a_second_request(begin, capsys):
    instance, load = begin("control_ids", pairs=CONTROL_PAIRS, with_operation_ids=False)
    for client in load.start():
        client.join()
    counted = instance.ask("census")
    report(capsys, load, counted)
    assert max(counted["requests"].values()) > 1


def test_marked_before_sending_a_kill_loses_messages(begin, capsys):
    instance, load = begin("control_mark", pairs=CONTROL_PAIRS, **{MARK_FIRST: "1"})
    clients = load.start()
    kills = kill_worker_when_sending(instance, 2, random.Random(SEED), every=2)
    for client in clients:
        client.join()
    counted = census_when_quiet(instance)
    report(capsys, load, counted, worker_kills=kills)
    assert counted["sms_lost"]


def report(capsys: Any, load: Load, counted: dict[str, Any], **kills: int) -> None:
    """Seed and counts, shown whatever the outcome."""
    doubled = sum(count - 1 for count in counted["requests"].values())
    figures = {
        "database": connection.vendor,
        "seed": load.seed,
        "operations answered": load.done,
        "retries": load.retries,
        "answers lost on the way": load.lost_answers,
        **kills,
        "requests doubled": doubled,
        "half written": len(counted["half_written"]),
        "inbox messages": counted["inbox_messages"],
        "inbox not once": len(counted["notices_not_once"]),
        "sms": counted["sms_messages"],
        "sms lost": len(counted["sms_lost"]),
        "sms sent again": counted["sms_repeated"],
    }
    with capsys.disabled():
        print(f"\n{json.dumps(figures, ensure_ascii=False)}")
