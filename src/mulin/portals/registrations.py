"""What the portals bring to lower floors: frames, the import of accounts, what can be found, what recurs."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mulin.base import import_kinds, imports, jobs, periodic
from mulin.identity.access import ANONYMOUS, Actor
from mulin.identity.attempts import attempts_forget
from mulin.identity.models import User
from mulin.identity.selectors import actor_for, user_list
from mulin.kernel.clock import Clock, SystemClock
from mulin.parts.areas.selectors import area_search
from mulin.portals import finding, frame, home_lists, homes
from mulin.portals.accounts_import import accounts_kind
from mulin.portals.views.imports import JOB_KIND
from mulin.web.contributions import FindProvider, Hit

FORGET_EVERY_SECONDS = 3600
KEEP_ATTEMPTS = timedelta(days=7)


def register() -> None:
    """Called once when the application is ready; again, it changes nothing."""
    frame.register()
    import_kinds.register(accounts_kind)
    jobs.register(JOB_KIND, imports.job_handler(actor_of_user))
    periodic.register("identity.attempts_forget", FORGET_EVERY_SECONDS, forget_attempts)
    finding.register(FindProvider("users", _("账号"), "users.view", find_users, order=80))
    finding.register(FindProvider("areas", _("区域"), "areas.view", find_areas, order=60))
    for provider in home_lists.PROVIDERS:
        homes.register_list(provider)


def actor_of_user(user_id: int | None, clock: Clock | None = None) -> Actor:
    """Who asked for a job, with what they may do today: rights lost meanwhile are lost."""
    user = User.objects.filter(pk=user_id or 0, is_active=True).first()
    today = (clock or SystemClock()).today(ZoneInfo(settings.TIME_ZONE))
    return actor_for(user, today=today) if user else ANONYMOUS


def forget_attempts(clock: Clock) -> str:
    return f"{attempts_forget(before=clock.now() - KEEP_ATTEMPTS)}"


def find_users(actor: Actor, text: str, limit: int, today: date) -> list[Hit]:
    found = user_list(actor, text=text, limit=limit)
    return [
        Hit(user.display_name, reverse("portals:user", args=[user.public_id]), user.login_name)
        for user in found.rows
    ]


def find_areas(actor: Actor, text: str, limit: int, today: date) -> list[Hit]:
    """Areas lead to their page where there is one."""
    return [
        Hit(area.name, frame.address("areas:area", area.public_id), area.code)
        for area in area_search(actor, text, limit=limit)
    ]
