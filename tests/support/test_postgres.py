import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import APPLICATION_ROLE, PostgresFailed, running_cluster

pytestmark = [pytest.mark.once, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cluster():
    with running_cluster() as cluster:
        yield cluster


def test_the_cluster_that_answers_is_the_one_that_was_started(cluster):
    assert cluster.query("show data_directory") == str(cluster.data)


def test_the_application_owns_its_database_without_being_a_superuser(cluster):
    role = cluster.query(
        f"select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = '{APPLICATION_ROLE}'"
    )
    owner = cluster.query("select pg_get_userbyid(datdba) from pg_database where datname = 'mulin'")
    assert (role, owner) == ("f|f|t", APPLICATION_ROLE)


def test_text_sorts_by_code_point_whatever_the_machine_speaks(cluster):
    assert cluster.query("show server_encoding") == "UTF8"
    assert cluster.query("select datcollate from pg_database where datname = 'mulin'") == "C.UTF-8"


def test_a_failing_statement_is_said_aloud(cluster):
    with pytest.raises(PostgresFailed, match="no_such_table"):
        cluster.query("select * from no_such_table")


def test_the_cluster_is_gone_afterwards():
    with running_cluster() as short_lived:
        assert answers(short_lived.port)
    assert not short_lived.folder.exists()
    assert not answers(short_lived.port)


def test_the_command_line_passes_the_database_on_and_the_exit_code_back():
    with run_on_cluster("import os, sys; print(os.environ['MULIN_DATABASE_URL']); sys.exit(7)") as run:
        said, _ = run.communicate(timeout=60)
    assert run.returncode == 7
    assert said.startswith(f"postgresql://{APPLICATION_ROLE}@127.0.0.1:")


def test_a_stopped_run_leaves_no_cluster_behind():
    with run_on_cluster("import time; print('ready', flush=True); time.sleep(600)") as run:
        assert run.stdout.readline() == "ready\n"
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=60) == 143
    assert not list(Path("/tmp").glob(f"mulin-postgres-{run.pid}-*"))


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run_on_cluster(script):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.postgres", "--", sys.executable, "-c", script],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "MULIN_DATABASE_URL"},
        stdout=subprocess.PIPE,
        text=True,
    )
