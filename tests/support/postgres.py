"""A throw-away PostgreSQL cluster made from the machine's installed binaries.

    python -m tests.support.postgres -- .venv/bin/pytest src     run a command on a cluster of its own

The command finds its database in MULIN_DATABASE_URL. The cluster listens on a free port of the loopback,
lives in a folder under /tmp, and is gone when the command ends or this process is told to stop. As root it
runs as the user `postgres`, since PostgreSQL refuses root. The application's role is no superuser: what
works only for a superuser must fail here and not at a county.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

APPLICATION_ROLE = "mulin_app"
DATABASE = "mulin"
FOLDER_PREFIX = "mulin-postgres-"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "timezone": "UTC",
}


class PostgresFailed(Exception):
    """What the cluster said, for the person who reads the test log."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster; the superuser is `postgres`, reachable on the same port."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return self.url_for(APPLICATION_ROLE)

    def url_for(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def query(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the superuser; rows as lines of text."""
        return run_as_owner(
            "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database,
            "-v", "ON_ERROR_STOP=1", "-XAtc", sql,
        )  # fmt: skip


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster, hand it over, and remove every trace of it."""
    remove_left_over_clusters()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir="/tmp"))
    try:
        if owner := other_owner():
            shutil.chown(folder, owner)
        cluster = Cluster(folder, free_port())
        start(cluster)
        prepare(cluster)
        yield cluster
    finally:
        remove(folder)


def start(cluster: Cluster) -> None:
    run_as_owner(
        "initdb", "-D", str(cluster.data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8",
        "--locale=C.UTF-8",
    )  # fmt: skip
    settings = SETTINGS | {"port": str(cluster.port), "unix_socket_directories": str(cluster.folder)}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    run_as_owner(
        "pg_ctl",
        "-D",
        str(cluster.data),
        "-w",
        "-t",
        "60",
        "-l",
        str(cluster.folder / "log"),
        "-o",
        options,
        "start",
    )
    answering = cluster.query("show data_directory")
    if answering != str(cluster.data):
        raise PostgresFailed(f"port {cluster.port} is answered by another cluster, in {answering}")


def prepare(cluster: Cluster) -> None:
    """The application's role owns its database and may make test databases, nothing more."""
    cluster.query(f"create role {APPLICATION_ROLE} login createdb nosuperuser nobypassrls")
    cluster.query(f"create database {DATABASE} owner {APPLICATION_ROLE}")


def remove(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        run_as_owner("pg_ctl", "-D", str(folder / "data"), "-w", "-m", "immediate", "stop", check=False)
    shutil.rmtree(folder, ignore_errors=True)


def remove_left_over_clusters() -> None:
    """A run that was killed could not clean up; its folder names the process that is gone."""
    for folder in Path("/tmp").glob(f"{FOLDER_PREFIX}*"):
        started_by = int(folder.name.removeprefix(FOLDER_PREFIX).split("-")[0])
        if not Path(f"/proc/{started_by}").exists() and folder.stat().st_uid == owner_id():
            remove(folder)


def other_owner() -> str | None:
    """The user that the cluster runs as, where that is not the one who runs the tests."""
    return "postgres" if os.geteuid() == 0 else None


def owner_id() -> int:
    owner = other_owner()
    return pwd.getpwnam(owner).pw_uid if owner else os.geteuid()


def run_as_owner(program: str, *arguments: str, check: bool = True) -> str:
    owner = other_owner()
    command = [*(["runuser", "-u", owner, "--"] if owner else []), str(binary(program)), *arguments]
    # Files instead of pipes: the server that pg_ctl leaves behind would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, cwd="/", check=False
        )
        said.seek(0)
        answer = said.read().strip()
    if check and done.returncode:
        raise PostgresFailed(f"{program} failed with {done.returncode}: {answer}")
    return answer


def binary(program: str) -> Path:
    """The newest installed version; Debian keeps server programs off the PATH."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    found = max(versions, key=lambda path: int(path.parts[-3]), default=None) or shutil.which(program)
    if not found:
        raise PostgresFailed(f"{program} is not installed; sudo apt-get install postgresql")
    return Path(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop_when_told(*_signal: int | FrameType | None) -> NoReturn:
    """Turn a signal into an exception, so that the cluster is removed on the way out."""
    raise SystemExit(143)


def main(arguments: Sequence[str]) -> int:
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop_when_told)
    signal.signal(signal.SIGHUP, stop_when_told)
    with running_cluster() as cluster:
        return run_command(command, {**os.environ, "MULIN_DATABASE_URL": cluster.url})


def run_command(command: Sequence[str], environment: dict[str, str]) -> int:
    """Ctrl-C reaches the command by itself; other endings are passed on to it."""
    child = subprocess.Popen(command, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue
        except SystemExit:
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
