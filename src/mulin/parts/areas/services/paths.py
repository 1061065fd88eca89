"""The rewriting of area paths when a place moves, over every table that carries one."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from mulin.base.fields import AreaPathField
from mulin.base.ids import new_public_id
from mulin.base.paths import within
from mulin.parts.areas.models import Area, TreeVersion

# What tells of a day gone by keeps the paths of that day: it is never rewritten.
HISTORY = frozenset({"areas.areachange", "identity.auditentry"})


def scoped_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every (model, column) of the installed apps that holds a living area path, the tree itself left out."""
    for model in apps.get_models():
        if model is Area or model._meta.label_lower in HISTORY or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, AreaPathField):
                yield model, field.name


def hold_tree() -> None:
    """Make writers of the tree wait for one another, and let readers know that it changed. Inside a transaction."""
    TreeVersion.objects.get_or_create(id=1)
    TreeVersion.objects.select_for_update().get(id=1)
    TreeVersion.objects.filter(id=1).update(token=new_public_id())


def replace_prefix(before: str, after: str) -> int:
    """Move everything at or below `before` to the same place below `after`: one UPDATE a column; how many rows.

    The areas themselves, ended ones included, move along.
    """
    count = Area.objects.filter(within([before], "path")).update(path=moved("path", before, after))
    shift = after.count("/") - before.count("/")
    if shift:
        Area.objects.filter(within([after], "path")).update(depth=F("depth") + shift)
    for model, column in scoped_columns():
        count += model._default_manager.filter(within([before], column)).update(
            **{column: moved(column, before, after)}
        )
    return count


def gather_into(before: str, after: str) -> int:
    """Give everything scoped at or below `before` the one path `after`; the areas themselves stay. How many rows.

    What may stand only once at a place (a dated setting) stays where it was: there the settings of `after` hold.
    """
    return sum(
        model._default_manager.filter(within([before], column)).update(**{column: after})
        for model, column in scoped_columns()
        if not stands_once(model, column)
    )


def stands_once(model: type[models.Model], column: str) -> bool:
    """Whether a uniqueness constraint of the model speaks of the column."""
    return any(
        isinstance(constraint, models.UniqueConstraint) and column in constraint.fields
        for constraint in model._meta.constraints
    )


def moved(column: str, before: str, after: str) -> Concat:
    return Concat(Value(after), Substr(F(column), len(before) + 1))
