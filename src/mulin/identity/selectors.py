"""Reads of users, grants and tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet

from mulin.base.crypto import blind_index
from mulin.base.paths import lineage
from mulin.base.prepared import Prepared
from mulin.identity.access import Actor, Scope
from mulin.identity.models import ApiToken, AuditEntry, Grant, Role, User
from mulin.identity.rules import normalise_login_name
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.kernel.identifiers import normalise_phone

Row = TypeVar("Row")


def grants_in_force(today: date) -> Q:
    """Grants that hold on `today`; both ends of the validity are included."""
    return Q(ended_at__isnull=True, valid_from__lte=today) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    )


def actor_for(user: User, *, today: date) -> Actor:
    """What `user` may do today. One query, or none for a user that was just read with its grants."""
    held: list[Held] | None = getattr(user, "grants_just_read", None)
    if held is not None:
        del user.grants_just_read  # type: ignore[attr-defined]  # whoever asks later is told what holds then
    else:
        held = list(Grant.objects.filter(user=user).order_by("pk").values_list(*HELD))
    return Actor(
        user_id=user.pk,
        public_id=user.public_id,
        name=user.display_name,
        scopes=scopes_on(today, held),
        must_change_password=user.must_change_password,
    )


# What is read of a grant: role, its permissions, area, its shell, and from when to when it holds.
Held = tuple[Any, ...]
HELD = ("role_id", "role__permissions", "area_path", "role__home", "ended_at", "valid_from", "valid_to")
HELD_BY_USER = tuple(f"grants__{name}" for name in HELD)
HELD_BY_OWNER = tuple(f"user__grants__{name}" for name in HELD)


def scopes_on(today: date, held: Iterable[Held]) -> tuple[Scope, ...]:
    """The scopes of grants in force on `today`; a user without any grant is one row of nothing."""
    return tuple(
        Scope(role, frozenset(permissions), path, home)
        for role, permissions, path, home, ended_at, valid_from, valid_to in held
        if role and ended_at is None and valid_from <= today and (valid_to is None or today <= valid_to)
    )


USER_COLUMNS = tuple(field.attname for field in User._meta.concrete_fields if field.attname != "phone")
USERS = Prepared(
    lambda shape, values: (
        User.objects.filter(pk=values["user_id"], is_active=True)
        .order_by("grants__pk")
        .values_list(*USER_COLUMNS, *HELD_BY_USER)
    )
)
OWNERS = Prepared(
    lambda shape, values: (
        ApiToken.objects.filter(
            digest=values["digest"],
            expires_at__gt=values["now"],
            revoked_at__isnull=True,
            user__is_active=True,
        )
        .order_by("user__grants__pk")
        .values_list("scopes", "user_id", "user__public_id", "user__display_name", *HELD_BY_OWNER)
    )
)


def user_with_grants(user_id: int) -> User | None:
    """An active user, read together with its grants: every page asks `actor_for` for them next. One query."""
    rows = USERS.rows(None, {"user_id": user_id})
    if not rows:
        return None
    width = len(USER_COLUMNS)
    user = User.from_db(connection.alias, USER_COLUMNS, rows[0][:width])
    user.grants_just_read = [row[width:] for row in rows]  # type: ignore[attr-defined]
    return user


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(token: str, *, now: datetime, today: date) -> Actor | None:
    """The actor behind an API token, narrowed to the token's scopes; None when it is unknown, expired or revoked.

    One query.
    """
    rows = OWNERS.rows(None, {"digest": token_digest(token), "now": now})
    if not rows:
        return None
    scopes, user_id, public_id, name, *_ = rows[0]
    return Actor(
        user_id=user_id,
        public_id=public_id,
        name=name,
        scopes=scopes_on(today, (row[4:] for row in rows)),
        token_scopes=frozenset(scopes),
    )


def holders_of(permission: str, area_path: str, *, today: date) -> list[User]:
    """Active users who hold `permission` over `area_path`; those nearest to the place first."""
    grants = (
        Grant.objects.filter(grants_in_force(today), user__is_active=True)
        .filter(area_path__in=lineage(area_path))
        .select_related("user", "role")
        .order_by(F("area_path").desc(), "pk")
    )
    found: dict[int, User] = {}
    for grant in grants:
        if permission in grant.role.permissions:
            found.setdefault(grant.user_id, grant.user)
    return list(found.values())


def paths_held(permission: str, user_ids: Iterable[int], *, today: date) -> dict[int, list[str]]:
    """Below which paths each of these accounts holds `permission` today; closed ones hold none. One query."""
    rows = Grant.objects.filter(grants_in_force(today), user__in=list(user_ids), user__is_active=True)
    found: dict[int, list[str]] = {}
    for user_id, path, permissions in rows.values_list("user_id", "area_path", "role__permissions"):
        if permission in permissions:
            found.setdefault(user_id, []).append(path)
    return found


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """One page of rows, and how many there are in all."""

    rows: list[Row]
    total: int


def users_visible_to(actor: Actor, permission: str = "users.view") -> QuerySet[User]:
    """Accounts that belong to the actor's area, or hold a grant in it."""
    own = Grant.objects.filter(actor.filter(permission)).values("user")
    return User.objects.filter(actor.filter(permission) | Q(pk__in=own))


def user_list(
    actor: Actor,
    *,
    text: str = "",
    role: str = "",
    is_active: bool | None = None,
    offset: int = 0,
    limit: int = 25,
) -> Found[User]:
    """Accounts by name, login name or full phone; each with its open grants in `open_grants`. Three queries."""
    users = users_visible_to(actor)
    if text.strip():
        users = users.filter(matching(text.strip()))
    if role:
        users = users.filter(pk__in=Grant.objects.filter(role_id=role, ended_at__isnull=True).values("user"))
    if is_active is not None:
        users = users.filter(is_active=is_active)
    grants = Prefetch(
        "grants",
        Grant.objects.filter(ended_at__isnull=True).select_related("role").order_by("pk"),
        to_attr="open_grants",
    )
    rows = users.defer("phone", "password").order_by("display_name", "pk").prefetch_related(grants)
    return Found(rows=list(rows[offset : offset + limit]), total=users.count())


def accounts_unused() -> Q:
    """Active accounts without a password, or with a first one that nobody has signed in with yet."""
    unused = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(
        must_change_password=True, last_login__isnull=True
    )
    return unused & Q(is_active=True)


def users_without_sign_in(actor: Actor, *, limit: int) -> Found[User]:
    """Accounts that wait for their first password, among those the actor manages. Three queries."""
    users = users_visible_to(actor, "users.manage").filter(accounts_unused()).exclude(pk=actor.user_id or 0)
    grants = Prefetch(
        "grants",
        Grant.objects.filter(ended_at__isnull=True).select_related("role").order_by("pk"),
        to_attr="open_grants",
    )
    rows = users.defer("phone").order_by("area_path", "display_name", "pk").prefetch_related(grants)[:limit]
    return Found(rows=list(rows), total=users.count())


def matching(text: str) -> Q:
    found = Q(display_name__icontains=text) | Q(login_name__icontains=text.lower())
    try:
        return found | Q(phone_index=blind_index(normalise_phone(text), "user.phone"))
    except InvalidInput:
        return found


def user_for(actor: Actor, public_id: str, permission: str = "users.view") -> User:
    """The doorway to an account; NotFound when there is none or the actor may not see it."""
    user = users_visible_to(actor, permission).filter(public_id=public_id).first()
    if user is None:
        raise NotFound
    return user


def grants_of(user: User) -> list[Grant]:
    """All grants a user ever had, those in force first. One query."""
    return list(
        Grant.objects.filter(user=user)
        .select_related("role", "given_by")
        .order_by(F("ended_at").desc(nulls_first=True), "-valid_from", "-pk")
    )


def grant_for(actor: Actor, public_id: str) -> Grant:
    """The doorway to a grant for whoever gives and ends grants in its area."""
    grant = (
        Grant.objects.filter(actor.filter("grants.manage"), public_id=public_id)
        .select_related("user", "role")
        .first()
    )
    if grant is None:
        raise NotFound
    return grant


def roles() -> list[Role]:
    return list(Role.objects.order_by("name_zh"))


def tokens_of(user_id: int) -> list[ApiToken]:
    """A user's keys, newest first."""
    return list(ApiToken.objects.filter(user_id=user_id).order_by("-created_at", "-pk"))


def token_for(actor: Actor, public_id: str) -> ApiToken:
    """The doorway to a key: its owner's alone."""
    token = (
        ApiToken.objects.filter(user_id=actor.user_id or 0, public_id=public_id)
        .select_related("user")
        .first()
    )
    if token is None:
        raise NotFound
    return token


def audit_list(
    actor: Actor,
    *,
    act: str = "",
    about: str = "",
    who: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    offset: int = 0,
    limit: int = 25,
) -> Found[AuditEntry]:
    """Entries of the actor's areas, newest first; `act` by its beginning, `until` not included. Two queries."""
    entries = AuditEntry.objects.filter(actor.filter("audit.view"))
    if act:
        entries = entries.filter(act__startswith=act)
    if about:
        entries = entries.filter(about__contains=about)
    if who:
        entries = entries.filter(actor_label__icontains=who)
    if since:
        entries = entries.filter(at__gte=since)
    if until:
        entries = entries.filter(at__lt=until)
    rows = entries.order_by("-at", "-pk")[offset : offset + limit]
    return Found(rows=list(rows), total=entries.count())


def user_by_login_name(text: str) -> User | None:
    """The account of a login name, however it was typed; None for what is no login name at all."""
    try:
        return User.objects.filter(login_name=normalise_login_name(text)).first()
    except InvalidInput:
        return None
