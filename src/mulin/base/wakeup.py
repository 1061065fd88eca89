"""The bell that wakes workers: PostgreSQL's NOTIFY; without it they look once a second by themselves."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

BELL = "mulin_work"
log = logging.getLogger("mulin.worker")


def ring() -> None:
    """Rung once the present transaction has committed, however often it was asked for; never, if it does not commit."""
    if connection.vendor != "postgresql":
        return
    if all(function is not ring_now for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(ring_now)


def ring_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {BELL}")


class LineBroken(Exception):
    """The connection that listens is gone; the next `wait` makes another."""


class Bell:
    """Hears the bell on a connection of its own."""

    def __init__(self) -> None:
        self.line: Any = None

    def wait(self, seconds: float) -> bool:
        """True as soon as it rings, False after `seconds` of silence. Raises LineBroken."""
        try:
            if self.line is None:
                self.line = self.new_line()
            return any(True for _ in self.line.notifies(timeout=seconds, stop_after=1))
        except (psycopg.Error, DatabaseError) as error:
            log.warning("cannot hear the database's bell (%s); looking once a second", type(error).__name__)
            self.hang_up()
            raise LineBroken from error

    def new_line(self) -> Any:
        line = connection.get_new_connection(connection.get_connection_params())
        line.autocommit = True
        line.execute(f"LISTEN {BELL}")
        return line

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


def new_bell() -> Bell | None:
    return Bell() if connection.vendor == "postgresql" else None
