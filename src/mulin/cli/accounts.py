"""Accounts made by commands: with a random first password that is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from mulin.cli.places import place_of
from mulin.identity.access import SYSTEM
from mulin.identity.rules import initial_password
from mulin.identity.services import grant_give, user_create
from mulin.kernel.clock import Clock, SystemRandomness


@dataclass(frozen=True)
class Made:
    """A new account and the password that is told once."""

    login_name: str
    display_name: str
    password: str
    role: str


@transaction.atomic
def account_add(
    *, login_name: str, display_name: str, role: str, area_code: str, clock: Clock, phone: str = ""
) -> Made:
    """An account and, when a role is named, its grant over the area, both or neither. Raises as the services do."""
    password = initial_password(SystemRandomness())
    path = place_of(area_code).path if area_code else ""
    user = user_create(
        login_name=login_name,
        display_name=display_name,
        phone=phone,
        password=password,
        area_path=path,
        actor=SYSTEM,
        now=clock.now(),
    )
    if role:
        grant_give(
            user=user,
            role_code=role,
            area_path=path,
            valid_from=clock.today(),
            reason="mulin users add",
            actor=SYSTEM,
            now=clock.now(),
        )
    return Made(user.login_name, user.display_name, password, role)
