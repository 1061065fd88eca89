"""What every test gets, in the parts as under `tests/`: a home of its own, standing people, kept examples."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.configuration import set_hypothesis_home_dir

ROOT = Path(__file__).resolve().parent
# The legs of `make test`, by the id of the process that runs them, and what each leaves to the other.
LEFT_OUT = {"sqlite": {"once"}, "postgresql": {"browser"}}

pytest_plugins = ["tests.support.fixtures", "tests.support.world"]

# Timing is never judged in tests, and the same commit gives the same examples; `make drill` looks further.
set_hypothesis_home_dir(ROOT / "var" / "cache" / "hypothesis")
NOT_JUDGED = [HealthCheck.too_slow]
hypothesis_settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=NOT_JUDGED
)
hypothesis_settings.register_profile(
    "drill", deadline=None, max_examples=1000, suppress_health_check=NOT_JUDGED
)
hypothesis_settings.load_profile("drill" if os.environ.get("MULIN_DRILL") == "1" else "suite")


def pytest_configure(config):
    """Files, keys and uploads of tests go to a folder that is removed afterwards."""
    from django.conf import settings
    from django.contrib.auth.hashers import Argon2PasswordHasher
    from django.db import connection

    # The same algorithm with little work: hundreds of people are made, and none of them is attacked.
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = (
        1,
        256,
        1,
    )
    home = settings.MULIN_HOME = Path(tempfile.mkdtemp(prefix="mulin-test-"))
    if connection.vendor == "sqlite":
        # A file as in real life: the shared memory that Django would use has other locks, and no WAL.
        connection.settings_dict["TEST"]["NAME"] = str(home / "test.sqlite3")


def pytest_unconfigure(config):
    from django.conf import settings

    if settings.MULIN_HOME.name.startswith("mulin-test-"):
        shutil.rmtree(settings.MULIN_HOME, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs):
    """Each leg of `make test` gets its own database; other processes keep what the caller chose."""
    for spec in specs:
        if spec.id in LEFT_OUT:
            spec.env["MULIN_DATABASE_URL"] = os.environ[f"MULIN_TEST_{spec.id.upper()}_URL"]


def pytest_report_header(config):
    from django.conf import settings

    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"


def pytest_collection_modifyitems(config, items):
    """Leave out what another leg runs, and what holds on PostgreSQL only; browser journeys go last."""
    from django.db import connection

    left_out = set(LEFT_OUT.get(os.environ.get("PYTEST_XDIST_WORKER", ""), ()))
    if connection.vendor != "postgresql":
        left_out.add("postgres")
    kept = [item for item in items if not any(item.get_closest_marker(name) for name in left_out)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("browser") is not None)
