"""The import contracts of pyproject.toml hold, and break when a forbidden import is planted in a copy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A copy of the code with its contracts, kept as it is."""
    copy = tmp_path_factory.mktemp("house")
    only_code = shutil.ignore_patterns("__pycache__", "static", "templates", "locale", "tests")
    shutil.copytree(ROOT / "src" / "mulin", copy / "src" / "mulin", ignore=only_code)
    shutil.copyfile(ROOT / "pyproject.toml", copy / "pyproject.toml")
    return copy


@pytest.fixture
def house(original, tmp_path):
    return shutil.copytree(original, tmp_path / "house")


def judge(house):
    """Exit code and report of the import contracts on the copy, not on the installed package."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_hold(house):
    code, report = judge(house)
    assert code == 0, report


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("kernel/errors.py", "import mulin.base", "mulin.kernel is not allowed to import mulin.base"),
        ("kernel/errors.py", "import django", "mulin.kernel is not allowed to import django"),
        ("base/__init__.py", "import mulin.identity", "mulin.base is not allowed to import mulin.identity"),
        ("web/__init__.py", "import mulin.parts.areas", "mulin.web is not allowed to import mulin.parts"),
        ("portals/__init__.py", "import mulin.config", "mulin.portals is not allowed to import mulin.config"),
        ("config/__init__.py", "import mulin.cli", "mulin.config is not allowed to import mulin.cli"),
        (
            "parts/areas/__init__.py",
            "def late():\n    import mulin.parts.partners",
            "mulin.parts.areas is not allowed to import mulin.parts.partners",
        ),
    ],
)
def test_a_planted_import_is_caught(house, file, line, broken):
    with (house / "src" / "mulin" / file).open("a", encoding="utf-8") as planted:
        planted.write(f"\n{line}\n")
    code, report = judge(house)
    assert code == 1
    assert broken in report


@pytest.mark.parametrize("folder", ["lake", "parts/visits"])
def test_a_new_folder_must_be_placed(house, folder):
    place = house / "src" / "mulin" / folder
    place.mkdir()
    (place / "__init__.py").touch()
    code, report = judge(house)
    assert code == 1
    assert f"mulin.{folder.replace('/', '.')}" in report
