"""Packs: plain YAML that configures the house for one county's way of doing things. See packs/README.md.

A part registers one `Section` for each kind of thing it takes from packs. Loading reads every file, checks everything,
and only then applies all of it in one transaction; loading the same packs again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model
from pydantic import BaseModel, ConfigDict, ValidationError

from mulin.base.located_yaml import LocatedYaml, Where
from mulin.base.pack_files import PackFiles, SourceFile, problem_at, read_pack_files
from mulin.base.pack_messages import schema_problems
from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError, Text

M = TypeVar("M", bound=BaseModel)


class PackModel(BaseModel):
    """The base of every section's schema: a misspelt key is an error, never silently ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class BilingualName(PackModel):
    """`name: {zh: 网格员, en: Grid worker}`."""

    zh: str
    en: str


class PackError(InvalidInput):
    """Something in the packs cannot be used; every problem begins with file and line."""

    default_code = "pack-invalid"


@dataclass(frozen=True)
class Entry(Generic[M]):
    """One checked entry of a section, and where it stands."""

    value: M
    pack: str
    file: str
    yaml: LocatedYaml = field(repr=False)
    where: Where = ()

    @property
    def line(self) -> int:
        return self.yaml.line(self.where)

    def problem(self, text: Text, *field_path: str | int) -> FieldProblem:
        """A problem at this entry (or at a field in it) for a PackError raised by the section's `apply`."""
        return problem_at(self.file, self.yaml.line((*self.where, *field_path)), text)


@dataclass
class Applied:
    """What applying one section came to; names are the entries' keys."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_change(self) -> bool:
        return bool(self.created or self.changed)


@dataclass(frozen=True)
class Section(Generic[M]):
    """One kind of thing that packs hold: `<pack>/<name>.yaml` or `<pack>/<name>/*.yaml`.

    A file holds a list of entries, or one mapping that is one entry. `key` tells entries apart: twice in one pack is an
    error, in a later pack it replaces the earlier one. `apply` gets all entries of all packs at once, inside the
    transaction, and raises PackError with `entry.problem(...)` for what only the database can tell.
    """

    name: str
    schema: type[M]
    apply: Callable[[Sequence[Entry[M]]], Applied]
    key: Callable[[M], Hashable]


@dataclass
class PackReport:
    """Which packs were read and, section by section, what changed."""

    packs: list[str]
    sections: dict[str, Applied]

    @property
    def is_change(self) -> bool:
        return any(applied.is_change for applied in self.sections.values())


_sections: dict[str, Section[Any]] = {}


def register(section: Section[Any]) -> None:
    """Sections are applied in the order in which they are registered: lower parts first."""
    _sections[section.name] = section


def registered() -> dict[str, Section[Any]]:
    return dict(_sections)


def load_packs(
    directory: Path, names: Sequence[str] | None = None, *, sections: Iterable[Section[Any]] | None = None
) -> PackReport:
    """Check the packs `names` (all of `directory` if None) with those they need, and apply them in one transaction.

    Raises PackError naming every problem with file and line; then nothing was changed.
    """
    chosen = {section.name: section for section in (_sections.values() if sections is None else sections)}
    files = read_pack_files(directory, names, chosen)
    entries = check(files, chosen)
    with transaction.atomic():
        applied = {
            name: section.apply(list(entries[name].values()))
            for name, section in chosen.items()
            if entries[name]
        }
    return PackReport(packs=files.packs, sections=applied)


def check_packs(
    directory: Path, names: Sequence[str] | None = None, *, sections: Iterable[Section[Any]] | None = None
) -> list[str]:
    """Read and check without applying; the names of the packs, needs first. Raises PackError."""
    chosen = {section.name: section for section in (_sections.values() if sections is None else sections)}
    files = read_pack_files(directory, names, chosen)
    check(files, chosen)
    return files.packs


def check(files: PackFiles, sections: Mapping[str, Section[Any]]) -> dict[str, dict[Hashable, Entry[Any]]]:
    """Entries by section and key, later packs over earlier ones."""
    problems = list(files.problems)
    merged: dict[str, dict[Hashable, Entry[Any]]] = {name: {} for name in sections}
    for source in files.sources:
        section = sections[source.section]
        for where, data in source.entries():
            checked = checked_entry(section, source, where, data, problems)
            if checked is not None:
                place(checked, section, merged[section.name], problems)
    if problems:
        raise PackError(problems=problems)
    return merged


def checked_entry(
    section: Section[Any], source: SourceFile, where: Where, data: Any, problems: list[FieldProblem]
) -> Entry[Any] | None:
    try:
        value = section.schema.model_validate(data)
    except MulinError as error:
        problems.append(problem_at(source.file, source.yaml.line(where), error.text))
    except ValidationError as error:
        problems.extend(
            problem_at(source.file, source.yaml.line((*where, *path)), text)
            for path, text in schema_problems(error, section.schema)
        )
    else:
        return Entry(value, source.pack, source.file, source.yaml, where)
    return None


def place(
    entry: Entry[Any],
    section: Section[Any],
    merged: dict[Hashable, Entry[Any]],
    problems: list[FieldProblem],
) -> None:
    key = section.key(entry.value)
    earlier = merged.get(key)
    if earlier is not None and earlier.pack == entry.pack:
        problems.append(
            entry.problem(
                Text(
                    zh=f"“{key}”在 {earlier.file} 第 {earlier.line} 行已经写过，请删去一处。",
                    en=f"“{key}” stands already in {earlier.file}, line {earlier.line}; remove one.",
                )
            )
        )
    merged[key] = entry


def store_rows(
    model: type[Model],
    rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
    applied: Applied | None = None,
) -> Applied:
    """Create or change one row for each (key, values); rows that are already so are not written.

    `key` and `values` are field names with their values. What most sections need of `apply`.
    """
    applied = applied or Applied()
    for key, values in rows:
        name = " ".join(str(part) for part in key.values() if part != "")
        row = model._default_manager.filter(**key).first()
        if row is None:
            model._default_manager.create(**key, **values)
            applied.created.append(name)
            continue
        different = [field for field, wanted in values.items() if getattr(row, field) != wanted]
        if not different:
            applied.unchanged += 1
            continue
        for field_name in different:
            setattr(row, field_name, values[field_name])
        row.save(update_fields=different)
        applied.changed.append(name)
    return applied
