"""Files of a part, their order and their doors; each rule is also shown a fault."""

from pathlib import Path

import pytest

from tests.architecture.imports import against_the_order, code_files, impure, past_the_doors

pytestmark = pytest.mark.once
HOUSE = Path(__file__).resolve().parents[2] / "src" / "mulin"
PARTS = HOUSE / "parts"
PART_NAMES = sorted(folder.name for folder in PARTS.iterdir() if (folder / "__init__.py").is_file())


def test_parts_meet_at_their_doors_only():
    assert past_the_doors(PARTS) == []


@pytest.mark.parametrize("name", PART_NAMES)
def test_inside_a_part_imports_go_one_way(name):
    assert against_the_order(PARTS / name) == []


def test_the_kernel_and_all_rules_are_pure():
    rules = [file for file in code_files(HOUSE) if file.stem == "rules" or "rules" in file.parent.parts]
    kernel = [file for file in code_files(HOUSE / "kernel") if file.name != "clock.py"]
    assert impure([*kernel, *rules], pure={"kernel"}) == []


def test_the_rules_were_found_at_all():
    assert PART_NAMES
    assert any(file.name == "rules.py" for file in code_files(PARTS))


@pytest.fixture
def plant(tmp_path):
    """Writes one line into a file of a made-up part `areas` and gives the folder of the parts."""

    def write(path, line):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(line + "\n", encoding="utf-8")
        return tmp_path

    return write


def test_another_parts_tables_are_out_of_reach(plant):
    parts = plant("visits/services.py", "from mulin.parts.areas.models import Area")
    assert "visits/services.py:1 imports mulin.parts.areas.models.Area" in past_the_doors(parts)[0]


def test_also_from_inside_a_function(plant):
    parts = plant("visits/views.py", "def show():\n    import mulin.parts.areas.forms")
    assert len(past_the_doors(parts)) == 1


def test_also_when_the_whole_part_is_imported(plant):
    assert len(past_the_doors(plant("visits/views.py", "from mulin.parts import areas"))) == 1


def test_a_door_and_a_type_may_be_used(plant):
    plant("visits/services.py", "from mulin.parts.areas.selectors import area_get")
    types = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mulin.parts.areas.models import Area"
    )
    assert past_the_doors(plant("visits/selectors.py", types)) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("rules.py", "from mulin.parts.areas.models import Area"),
        ("models.py", "from mulin.parts.areas import selectors"),
        ("selectors.py", "from mulin.parts.areas.services import area_merge"),
        ("services.py", "from mulin.parts.areas.forms import AreaForm"),
        ("forms.py", "from mulin.parts.areas.schemas import AreaOut"),
        ("api.py", "from mulin.parts.areas.views import show"),
        ("oddments.py", ""),
    ],
)
def test_climbing_inside_a_part_is_seen(plant, file, line):
    assert len(against_the_order(plant(f"areas/{file}", line) / "areas")) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("views.py", "from mulin.parts.areas import services"),
        ("models.py", "from mulin.parts.areas.rules import Kind"),
    ],
)
def test_going_down_is_not(plant, file, line):
    assert against_the_order(plant(f"areas/{file}", line) / "areas") == []


@pytest.mark.parametrize(
    "line",
    [
        "from django.db import models",
        "import sqlite3",
        "from mulin.base.settings import value",
        "from os import environ",
    ],
)
def test_a_rule_that_reaches_out_is_seen(plant, line):
    assert len(impure(code_files(plant("areas/rules.py", line)), pure={"kernel"})) == 1
