"""Opening the house: Django with the settings of this instance, everything registered, the language set."""

from __future__ import annotations

import os

from mulin.cli.words import language
from mulin.kernel.clock import SystemClock

CLOCK = SystemClock()


def open_house(**variables: str) -> None:
    """Set the variables that are not set yet, start Django and register what the parts offer.

    Raises Unavailable when the settings cannot be read or the home folder cannot be written to.
    """
    for name, value in variables.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mulin.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        set_up(django.setup)
    from django.utils import translation

    translation.activate(language())


def set_up(start: object) -> None:
    from mulin.kernel.errors import Unavailable

    assert callable(start), "Django's set-up is a function"
    try:
        start()
    except ValueError as error:
        raise Unavailable(
            zh=f"配置不对：{error}", en=f"The configuration is wrong: {error}", code="settings-wrong"
        ) from error
    except PermissionError as error:
        raise Unavailable(
            zh=f"没有权限读写 {error.filename}。请检查 MULIN_HOME 的所有者和权限。",
            en=f"No permission for {error.filename}. Please check who owns MULIN_HOME.",
            code="home-not-writable",
        ) from error


def need_tables() -> None:
    """Raise Unavailable when the database does not answer or lacks migrations."""
    from mulin.cli.database import is_up_to_date
    from mulin.kernel.errors import Unavailable

    if not is_up_to_date():
        raise Unavailable(
            zh="数据库还没有准备好。请先运行 mulin migrate。",
            en="The database is not ready. Please run mulin migrate first.",
            code="database-not-ready",
        )
