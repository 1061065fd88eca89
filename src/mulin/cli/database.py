"""The tables and the base pack of an instance: what is missing, and bringing both up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mulin.kernel.errors import Unavailable

Say = Callable[[str, int, int], None]


def pending_migrations() -> list[str]:
    """Migrations that the database lacks, as "app.name". Raises Unavailable when it does not answer."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    make_home()
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise not_answering(error) from error
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_up_to_date() -> bool:
    return not pending_migrations()


def migrate(report: Say, what: str) -> list[str]:
    """Bring the tables up to date; the migrations that were applied, in order."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    pending = pending_migrations()
    if not pending:
        return []
    done = 0
    report(what, 0, len(pending))

    def on_step(action: str, *_: Any) -> None:
        nonlocal done
        if action == "apply_success":
            done += 1
            report(what, done, len(pending))

    try:
        executor = MigrationExecutor(connection, on_step)
        executor.migrate(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise not_answering(error) from error
    return pending


def bring_packs_up_to_date(names: list[str]) -> bool:
    """Load the packs when their files changed since they were loaded into this database; whether anything was done."""
    from django.conf import settings

    from mulin.base import packs
    from mulin.identity.selectors import roles

    digest = digest_of(settings.MULIN_PACKS, names)
    kept = Path(settings.MULIN_HOME) / "packs.loaded"
    if kept.is_file() and kept.read_text(encoding="ascii") == digest and roles():
        return False
    packs.load_packs(settings.MULIN_PACKS, names)
    kept.write_text(digest, encoding="ascii")
    return True


def digest_of(directory: Path, names: list[str]) -> str:
    whole = hashlib.sha256(repr(names).encode())
    for name in ("base", *names):
        for path in sorted((directory / name).rglob("*.yaml")):
            whole.update(str(path.relative_to(directory)).encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def make_home() -> None:
    """The folder of the instance."""
    from django.conf import settings

    Path(settings.MULIN_HOME).mkdir(parents=True, exist_ok=True)


def not_answering(error: Exception) -> Unavailable:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return Unavailable(
        zh=f"数据库连不上：{reason}。请检查 MULIN_DATABASE_URL，以及数据库是否已启动。",
        en=f"The database does not answer: {reason}. Please check MULIN_DATABASE_URL and that it is running.",
        code="database-unreachable",
    )
