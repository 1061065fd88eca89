"""Queries that are asked on every page, worked out once and then only given new values.

Building SQL through the ORM costs more than the database needs to answer it. `Prepared` lets the ORM build a query once
for each shape, with a stand-in for every value that changes, and from then on puts the values in their places:

    MINE = Prepared(lambda shape, values: Request.objects.filter(holder=values["user_id"]).values_list("number"))
    rows = MINE.rows("mine", {"user_id": 7})

`shape` is everything else that the query depends on: the same shape must always mean the same query.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

SHAPES_MAX = 256
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Built:
    """One query as SQL, and which value goes where: (name of a value, None) or ("", the constant)."""

    sql: str
    places: tuple[tuple[str, Any], ...]
    compiler: Any
    converters: Any

    def rows(self, values: dict[str, Any]) -> list[Row]:
        given = [values[name] if name else constant for name, constant in self.places]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            found = cursor.fetchall()
        return (
            [tuple(row) for row in self.compiler.apply_converters(found, self.converters)]
            if self.converters
            else found
        )


class Prepared:
    """A query in all its shapes. `build` takes (shape, values) and returns a queryset of plain columns.

    A value that the query does not use is a mistake, unless it is named in `may_ignore`.
    """

    def __init__(
        self, build: Callable[[Any, dict[str, Any]], QuerySet[Any, Any]], may_ignore: Collection[str] = ()
    ) -> None:
        self.build = build
        self.may_ignore = frozenset(may_ignore)
        self.built: dict[Any, Built] = {}
        self.lock = threading.Lock()

    def rows(self, shape: Any, values: dict[str, Any]) -> list[Row]:
        key = (connection.vendor, shape, tuple(values))
        built = self.built.get(key)
        if built is None:
            built = self.prepare(shape, values)
            with self.lock:
                if len(self.built) >= SHAPES_MAX:
                    self.built.clear()
                self.built[key] = built
        return built.rows({name: adapted(value) for name, value in values.items()})

    def prepare(self, shape: Any, values: dict[str, Any]) -> Built:
        stand_ins = {name: stand_in(value, number) for number, (name, value) in enumerate(values.items())}
        compiler: Any = self.build(shape, stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {adapted(value): name for name, value in stand_ins.items()}
        places = tuple((names[one], None) if is_known(one, names) else ("", one) for one in params)
        unused = values.keys() - {name for name, _ in places} - self.may_ignore
        assert not unused, f"the query does not use {unused}"
        columns = [column for column, *_ in compiler.select]
        return Built(sql, places, compiler, compiler.get_converters(columns))


def is_known(value: Any, names: dict[Any, str]) -> bool:
    return isinstance(value, (int, str, datetime)) and value in names


def adapted(value: Any) -> Any:
    """As the ORM hands it to the database."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def stand_in(value: Any, number: int) -> Any:
    """A value of the same type that occurs nowhere else in a query."""
    if isinstance(value, datetime):
        return datetime(1901, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    if isinstance(value, int):
        return 1_999_000_000 + number
    assert isinstance(value, str), f"no stand-in for {type(value).__name__}"
    return f"~stand-in~{number}~"
