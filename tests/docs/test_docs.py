"""What can be set, run, opened or configured is named in the documents, and the documents lead nowhere wrong."""

import re
from pathlib import Path

import pytest
import typer
from django.apps import apps
from django.urls import URLResolver, get_resolver

from mulin.base import packs
from mulin.cli.app import build

pytestmark = [pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "packs").rglob("*.md")])
DOCS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
READ_FROM_ENVIRONMENT = re.compile(
    r"""environ(?:\.get\(|\.setdefault\(|\[)\s*["'](MULIN_[A-Z_]+)|envvar=["'](MULIN_[A-Z_]+)"""
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
MULIN = re.compile(r"(?:^|[\s`/])mulin ((?:[a-z]+)(?: [a-z]+)?)", re.MULTILINE)
CODE = re.compile(r"^```.*?^```|^ {4}[^\n]+|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def variables():
    """Every MULIN_* variable that some code reads."""
    sources = [
        path
        for folder in ("src", "tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    ]
    texts = [path.read_text(encoding="utf-8") for path in sources]
    return {a or b for text in texts for a, b in READ_FROM_ENVIRONMENT.findall(text)}


def commands():
    """`run`, `demo load` and the others."""
    found = []
    for name, command in typer.main.get_command(build(with_help=False)).commands.items():
        inner = getattr(command, "commands", None)
        found += [f"{name} {below}" for below in inner] if inner else [name]
    return found


def namespaces(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace:
                yield pattern.namespace
            yield from namespaces(pattern)


def targets():
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_variable_is_explained():
    assert len(variables()) > 15
    assert sorted(name for name in variables() if name not in DOCS) == []


def test_every_command_is_named():
    assert len(commands()) > 8
    assert [name for name in commands() if f"mulin {name}" not in DOCS] == []


def test_every_part_has_its_page():
    parts = [config.label for config in apps.get_app_configs() if config.name.startswith("mulin.parts.")]
    assert [name for name in parts if not (ROOT / "docs" / "parts" / f"{name}.md").is_file()] == []


def test_every_url_namespace_is_named():
    assert [name for name in set(namespaces()) if f"`{name}`" not in DOCS] == []


def test_every_section_of_a_pack_is_named():
    assert len(packs.registered()) > 5
    assert [name for name in packs.registered() if f"`{name}`" not in DOCS] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_documents_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    inside = [link.split("#")[0] for link in LINK.findall(text) if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in inside if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_make_target_and_mulin_command_in_a_document_exists(document):
    code = "\n".join(CODE.findall(document.read_text(encoding="utf-8")))
    assert {name for name in MAKE.findall(code) if name not in targets()} == set()
    known = {*commands(), *(name.split()[0] for name in commands())}
    said = {words for words in MULIN.findall(code) if words not in known and words.split()[0] not in known}
    assert said == set()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_a_readme_gives_the_two_commands(readme):
    assert {"run", "test"} <= set(MAKE.findall(readme.read_text(encoding="utf-8")))
