"""Reads the imports of a source tree without running it, and judges what import-linter cannot express.

import-linter holds the floors and the order of the parts (contracts in pyproject.toml). Here stand the
rules about file names: which files of another part are its doors, and the order of files inside a part.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What other parts may import. Types alone may also come from `models`, since services return rows.
DOORS = {"services", "selectors", "rules"}

# Inside a part a file may know files of the lines below its own, never of its own line or above.
ORDER = (
    ("apps", "urls", "policies", "registrations", "frames", "finding", "home_lists", "demo"),
    ("views", "api", "jobs", "packs", "policy_api", "policy_resident", "policy_work"),
    ("pages",),
    ("forms", "schemas"),
    ("importing", "imports", "exporting"),  # whole tables in and out, over services and selectors
    ("services",),
    ("selectors",),
    ("clocks", "links"),  # what services and selectors of a request share
    ("models",),
    ("labels",),
    ("rules",),
)
RANKS = {name: len(ORDER) - place for place, line in enumerate(ORDER) for name in line}

IMPURE = {
    "allauth", "asyncio", "django", "http", "ninja", "os", "pathlib", "psycopg", "requests", "shutil", "socket",
    "sqlite3", "subprocess", "tempfile", "threading", "urllib",
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """One imported name, as `mulin.parts.areas.models` or, from it, `mulin.parts.areas.models.Area`."""

    file: Path
    line: int
    name: str
    is_for_types: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"


def imports_of(file: Path) -> Iterator[Import]:
    """Every import, also those inside functions: they bind two modules just as much."""
    tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
    for_types = {
        id(inner)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for inner in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield Import(file, node.lineno, name, id(node) in for_types)


def code_files(folder: Path) -> list[Path]:
    """Python files that are the product: no tests, no migrations."""
    return [
        file
        for file in sorted(folder.rglob("*.py"))
        if not {"tests", "migrations"} & set(file.relative_to(folder).parts)
    ]


def module_of(file: Path, part: Path) -> str:
    """The name that ranks a file: `services` for `services.py` as for `services/offers.py`."""
    return file.relative_to(part).parts[0].removesuffix(".py")


def past_the_doors(parts: Path) -> list[str]:
    """Imports of another part that do not go through its services, selectors or rules."""
    return [
        f"{found}; other parts are reached through {', '.join(sorted(DOORS))}"
        for file in code_files(parts)
        for found in imports_of(file)
        if is_past_a_door(found, own_part=file.relative_to(parts).parts[0])
    ]


def is_past_a_door(found: Import, *, own_part: str) -> bool:
    words = found.name.split(".")
    if words[:2] != ["mulin", "parts"] or len(words) < 3 or words[2] == own_part:
        return False
    door = words[3] if len(words) > 3 else ""
    return door not in DOORS | ({"models"} if found.is_for_types else set())


def against_the_order(part: Path) -> list[str]:
    """Imports inside a part that climb, and files that have no place in the order."""
    faults = []
    for file in code_files(part):
        module = module_of(file, part)
        if module == "__init__":
            continue
        if module not in RANKS:
            faults.append(f"{file} has no place: name it like its siblings, or rank it in {__name__}")
            continue
        faults += [
            f"{found}; `{module}` stands below or beside it"
            for found in imports_of(file)
            if (target := own_module(found, part))
            and target != module
            and RANKS.get(target, 0) >= RANKS[module]
        ]
    return faults


def own_module(found: Import, part: Path) -> str | None:
    words = found.name.split(".")
    return words[3] if words[:3] == ["mulin", "parts", part.name] and len(words) > 3 else None


def impure(files: list[Path], *, pure: set[str]) -> list[str]:
    """Imports that reach for a framework, a database, files, the network, or impure floors of the house."""
    return [
        f"{found}; this file must stay pure"
        for file in files
        for found in imports_of(file)
        if not is_pure(found, pure)
    ]


def is_pure(found: Import, pure: set[str]) -> bool:
    words = found.name.split(".")
    if words[0] != "mulin":
        return words[0] not in IMPURE
    return len(words) < 2 or words[1] in pure or (words[1] == "parts" and "rules" in words[3:4])
