"""Slowing down whoever guesses passwords, per account and per address.

The account's limit is low. The address's is high, because a whole village may sit behind one address. An unknown
account is slowed down like a known one, so that the answer does not tell which accounts exist.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from mulin.base import settings_store
from mulin.identity.backends import user_by_name_or_phone
from mulin.identity.models import SignInAttempt, User
from mulin.identity.rules import AttemptLimit, may_try_at
from mulin.kernel.errors import LimitReached

# What holds where no pack has been loaded yet; packs/base/settings_identity.yaml gives the source.
ACCOUNT_LIMIT = AttemptLimit(failures=5, window_minutes=15)
ADDRESS_LIMIT = AttemptLimit(failures=200, window_minutes=15)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way; `user` is whose account was named, if there is one."""

    row: SignInAttempt
    user: User | None


def client_address(request: HttpRequest) -> str:
    """The address of the other end; behind the county's own proxy, the one that the proxy saw."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}\0{kind}\0{text}".encode()).hexdigest()


def limit(subject: str, on: date, default: AttemptLimit) -> AttemptLimit:
    prefix = f"identity.sign_in.{subject}"
    return AttemptLimit(
        failures=int(settings_store.value(f"{prefix}_failures", on=on, default=default.failures)),
        window_minutes=int(
            settings_store.value(f"{prefix}_window_minutes", on=on, default=default.window_minutes)
        ),
    )


def attempt_begin(*, account: str, address: str, now: datetime, today: date) -> Attempt:
    """Note a try and say whether it may go on; raises LimitReached when account or address must wait.

    A refused try is not noted: waiting is not made longer by asking.
    """
    user = user_by_name_or_phone(account)
    account_digest = digest("user", str(user.pk)) if user else digest("typed", account.strip().lower())
    address_digest = digest("address", address)
    limits = ((account_digest, "account", ACCOUNT_LIMIT), (address_digest, "address", ADDRESS_LIMIT))
    for value, subject, default in limits:
        allowed = limit(subject, today, default)
        failures = SignInAttempt.objects.filter(**{f"{subject}_digest": value}, at__gt=now - allowed.window)
        until = may_try_at(list(failures.values_list("at", flat=True)), allowed, now)
        if until:
            raise too_often(until, now)
    row = SignInAttempt.objects.create(account_digest=account_digest, address_digest=address_digest, at=now)
    return Attempt(row=row, user=user)


@transaction.atomic
def attempt_succeeded(attempt: Attempt) -> None:
    """Forget the account's failures and this try. The address's other failures stay: an own account opens no door."""
    SignInAttempt.objects.filter(Q(account_digest=attempt.row.account_digest) | Q(pk=attempt.row.pk)).delete()


def attempts_forget(*, before: datetime) -> int:
    """Remove what no window reaches any more; how many rows went."""
    return SignInAttempt.objects.filter(at__lt=before).delete()[0]


def too_often(until: datetime, now: datetime) -> LimitReached:
    minutes = max(1, ceil((until - now).total_seconds() / 60))
    return LimitReached(
        zh=f"输错的次数多了，为了您的账号安全，请等 {minutes} 分钟再试。急用请打电话给社区或管理员。",
        en=f"Too many wrong tries. To keep your account safe, please wait {minutes} min and try again, or call your administrator.",
        code="sign-in-too-often",
    )
