"""Sign-in by login name or by phone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from mulin.base.crypto import blind_index
from mulin.identity.models import User
from mulin.identity.selectors import user_with_grants
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers import normalise_phone


class NameOrPhone(BaseBackend):
    """The user whose login name or phone and password match; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if not username or password is None:
            return None
        user = user_by_name_or_phone(username)
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return user_with_grants(int(user_id))


def phone_index(phone: str) -> str:
    """The blind index under which a user's normalised phone is found."""
    return blind_index(phone, "user.phone")


def user_by_name_or_phone(text: str) -> User | None:
    found = User.objects.filter(login_name=text.strip().lower()).first()
    if found:
        return found
    try:
        phone = normalise_phone(text)
    except InvalidInput:
        return None
    return User.objects.filter(phone_index=phone_index(phone)).first()
