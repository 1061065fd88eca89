"""Reads of users, grants and tokens."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db.models import F, Q

from mulin.identity.access import Actor, Scope
from mulin.identity.models import ApiToken, Grant, User


def grants_in_force(today: date) -> Q:
    """Grants that hold on `today`; both ends of the validity are included."""
    return (
        Q(ended_at__isnull=True, valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    )


def actor_for(user: User, *, today: date) -> Actor:
    """What `user` may do today. One query."""
    rows = (
        Grant.objects.filter(grants_in_force(today), user=user)
        .values_list("role_id", "role__permissions", "area_path", "role__home")
        .order_by("pk")
    )
    return Actor(
        user_id=user.pk,
        public_id=user.public_id,
        name=user.display_name,
        scopes=tuple(Scope(role, frozenset(permissions), path, home) for role, permissions, path, home in rows),
        must_change_password=user.must_change_password,
    )


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(token: str, *, now: datetime, today: date) -> Actor | None:
    """The actor behind an API token, narrowed to the token's scopes; None when it is unknown, expired or revoked."""
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=token_digest(token), expires_at__gt=now, revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    if row is None:
        return None
    actor = actor_for(row.user, today=today)
    return Actor(
        user_id=actor.user_id,
        public_id=actor.public_id,
        name=actor.name,
        scopes=actor.scopes,
        token_scopes=frozenset(row.scopes),
    )


def holders_of(permission: str, area_path: str, *, today: date) -> list[User]:
    """Active users who hold `permission` over `area_path`; those nearest to the place first."""
    grants = (
        Grant.objects.filter(grants_in_force(today), user__is_active=True)
        .filter(area_path__in=prefixes(area_path))
        .select_related("user", "role")
        .order_by(F("area_path").desc(), "pk")
    )
    found: dict[int, User] = {}
    for grant in grants:
        if permission in grant.role.permissions:
            found.setdefault(grant.user_id, grant.user)
    return list(found.values())


def prefixes(area_path: str) -> list[str]:
    """Every path that contains `area_path`, from the whole platform down to itself.

    >>> prefixes("37/08/")
    ['', '37/', '37/08/']
    """
    segments = area_path.split("/")[:-1]
    return [""] + ["/".join(segments[: count + 1]) + "/" for count in range(len(segments))]
