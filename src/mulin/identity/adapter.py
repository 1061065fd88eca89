"""What allauth is told about Mulin: nobody signs up by themselves, and our own limiter watches the sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from mulin.identity import attempts, audit
from mulin.identity.access import Actor
from mulin.identity.models import User
from mulin.identity.signed_in import session_note
from mulin.kernel.clock import Clock


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given out by the county. allauth's own messages and cache counters stay out of it: ours are rows,
    so that they hold across processes and survive a restart."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows shows who is signed in; that says enough."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and write down on which device."""
        super().login(request, user)
        session_note(request=request, user=user, now=request.clock.now())  # type: ignore[attr-defined]

    def get_login_stages(self) -> list[str]:
        return []

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user, or None. Raises LimitReached when account or address must wait."""
        clock: Clock = request.clock  # type: ignore[attr-defined]
        attempt = attempts.attempt_begin(
            account=str(credentials.get("username", "")),
            address=attempts.client_address(request),
            now=clock.now(),
            today=clock.today(),
        )
        found: Any = authenticate(request, **credentials)
        with transaction.atomic():
            act = "identity.sign_in" if found else "identity.sign_in_failed"
            about = f"identity.user:{attempt.user.public_id}" if attempt.user else ""
            actor = (
                Actor(user_id=found.pk, public_id=found.public_id, name=found.display_name)
                if found
                else Actor()
            )
            place = attempt.user.area_path if attempt.user else ""
            audit.record(actor=actor, act=act, about=about, area_path=place, now=clock.now())
            if found:
                attempts.attempt_succeeded(attempt)
        return found  # type: ignore[no-any-return]
