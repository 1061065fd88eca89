"""Where somebody is signed in. The session itself is Django's; here stands whose it is and on what device.

A row goes with its session, however that ends; nothing of the address is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.identity.models import SignedInSession, User
from mulin.identity.rules import device_name, device_of
from mulin.kernel.errors import Text

SEEN = "seen_at"
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One device on which somebody is signed in, as they know it."""

    device: Text
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool


def session_note(*, request: HttpRequest, user: User, now: datetime) -> None:
    """Write down whose session this is; called at sign-in and whenever the session gets a new key."""
    if not request.session.session_key:
        request.session.save()
    SignedInSession.objects.update_or_create(
        session_id=request.session.session_key,
        defaults={"seen_at": now},
        create_defaults={
            "user": user,
            "device": device_of(request.headers.get("User-Agent", "")),
            "signed_in_at": now,
            "seen_at": now,
        },
    )
    request.session[SEEN] = now.isoformat()


def session_seen(*, session: SessionBase, now: datetime) -> None:
    """Keep the time of the last use, to five minutes; what was never written down stays unknown."""
    last = session.get(SEEN)
    if last is None or now - datetime.fromisoformat(last) < SEEN_EVERY:
        return
    SignedInSession.objects.filter(session_id=session.session_key).update(seen_at=now)
    session[SEEN] = now.isoformat()


def sessions_of(user: User, *, this_key: str | None, now: datetime) -> list[OpenSession]:
    """Where somebody is signed in, this device first. One query."""
    rows = SignedInSession.objects.filter(user=user, session__expire_date__gt=now).order_by("-seen_at", "-pk")
    found = [
        OpenSession(device_name(row.device), row.signed_in_at, row.seen_at, row.session_id == this_key)
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_this)


@transaction.atomic
def sessions_end_others(*, user: User, this_key: str | None, actor: Actor, now: datetime) -> int:
    """Sign somebody out everywhere but here, at once. Returns how many sessions ended."""
    count = sessions_end(user, but=this_key)
    audit.record(
        actor=actor,
        act="identity.sessions_end",
        about=f"identity.user:{user.public_id}",
        area_path=user.area_path,
        data={"count": count},
        now=now,
    )
    return count


def sessions_end(user: User, *, but: str | None = None) -> int:
    """Remove the sessions themselves, and the rows with them; part of a greater act that is recorded."""
    sessions = Session.objects.filter(signed_in__user=user).exclude(pk=but or "")
    count = len(keys := list(sessions.values_list("pk", flat=True)))
    Session.objects.filter(pk__in=keys).delete()
    return count
