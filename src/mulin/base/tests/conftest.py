"""A clock that stands still, somebody to ask for things, and child processes on the test's own database."""

from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from mulin.kernel.clock import FixedClock

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def clock():
    return FixedClock(NOON)


@pytest.fixture
def user(db):
    return get_user_model().objects.create(login_name="base-user", display_name="测试用户", created_at=NOON)


@pytest.fixture
def asker(user):
    return SimpleNamespace(user_id=user.pk)


@pytest.fixture
def child_environment():
    """The variables by which another process reaches the test's own database and keys."""
    return {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "mulin.config.settings",
        "MULIN_DATABASE_URL": database_url(),
        "MULIN_HOME": str(settings.MULIN_HOME),
    }


def database_url():
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    password = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
    return f"postgresql://{quote(given['USER'])}{password}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
