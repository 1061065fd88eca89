"""What a reader should not meet: endless files, notes to self, tables that nobody explains."""

import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = [pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE_LINES = 600
WRITTEN_BY_HAND = {".py", ".html", ".css", ".js", ".md", ".yaml", ".yml", ".toml", ".sh"}
NOTES_TO_SELF = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + r"CK)\b")
OWN_MODELS = [model for model in apps.get_models() if model.__module__.startswith("mulin.")]


def own_files():
    """What git keeps; in a copy without git, what stands in the folders of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [
            path
            for folder in ("src", "tests", "tools", "docs", "packs")
            for path in (ROOT / folder).rglob("*")
        ]
    return [
        path
        for path in paths
        if path.suffix in WRITTEN_BY_HAND and path.is_file() and "vendor" not in path.parts
    ]


def test_no_file_is_too_long_to_be_read():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in own_files()}
    code = {path for path in lengths if path.suffix in {".py", ".html", ".css", ".js"}}
    assert {path.name: lengths[path] for path in code if lengths[path] > LONGEST_FILE_LINES} == {}


def test_nobody_left_a_note_to_self():
    notes = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in own_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NOTES_TO_SELF.search(line)
    ]
    assert notes == []


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_every_table_says_what_one_row_means(model):
    made_by_django = f"{model.__name__}({', '.join(field.name for field in model._meta.fields)})"
    assert model.__doc__
    assert model.__doc__ != made_by_django


def test_every_part_says_what_it_is_for_and_imports_nothing():
    for package in sorted((ROOT / "src" / "mulin" / "parts").glob("*/__init__.py")):
        text = package.read_text(encoding="utf-8")
        assert text.startswith('"""'), package
        assert "import " not in text.split('"""')[2], package
