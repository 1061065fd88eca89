"""Linters, types and Django's own checks are tests too, so that one closing line speaks for all of them."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = [pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(program, *arguments):
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_linter_finds_nothing():
    code, report = run("ruff", "check", "--no-cache", "--output-format", "concise")
    assert code == 0, report


def test_everything_is_formatted():
    code, report = run("ruff", "format", "--check", "--no-cache")
    assert code == 0, report


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_types_hold():
    code, report = run("mypy")
    assert code == 0, report


def test_django_finds_nothing_to_complain_about():
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except (SystemExit, CommandError) as problem:
        pytest.fail(f"{said.getvalue()}{problem}")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("from datetime import datetime\nMOMENT = datetime.now(tz=None)", "TID251"),
        ("from django.utils import timezone\nMOMENT = timezone.now()", "TID251"),
        ("import time\nMOMENT = time.time()", "TID251"),
        ("import random\nDIE = random.randint(1, 6)", "TID251"),
        ("from random import shuffle\nMIX = shuffle", "TID251"),
        ("from django.contrib import admin\nSITE = admin.site", "TID251"),
        ("from . import models\nTABLES = models", "TID252"),
        ("print('hello')", "T201"),
        ("# TO" + "DO: later", "FIX002"),
        ("try:\n    PLACE = 1\nexcept Exception:\n    pass", "BLE001"),
    ],
)
def test_a_banned_habit_is_caught(line, rule):
    done = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "--stdin-filename", "src/mulin/parts/areas/services.py", "-"],
        cwd=ROOT,
        input=line + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert rule in done.stdout
