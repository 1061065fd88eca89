"""Changes to users, grants and tokens: one function, one use case, one transaction, one entry in the audit trail.

Whether the actor may do this is asked by the view (`grants.manage` over the area and so on); what must hold whoever
asks is checked here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.utils.translation import override

from mulin.base import settings_store
from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.identity.backends import phone_index
from mulin.identity.hashers import FirstPasswordHasher
from mulin.identity.models import ApiToken, Grant, Role, User
from mulin.identity.rules import excluded_role, initial_password, normalise_login_name
from mulin.identity.selectors import accounts_unused, actor_for, token_digest
from mulin.identity.signed_in import sessions_end
from mulin.kernel.clock import Rng, SystemRandomness
from mulin.kernel.errors import Conflict, FieldProblem, InvalidInput, NotFound, Text, WrongState
from mulin.kernel.identifiers import new_secret, normalise_phone

SYSTEM_RANDOMNESS = SystemRandomness()
FIRST = FirstPasswordHasher()
TOKEN_PREFIX = "mulin_"  # noqa: S105 (a mark by which leaked keys are found, not a password)
TOKEN_LONGEST_DAYS = 366
NAME_LENGTH = 60
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the two brackets


def about(user: User) -> str:
    """How a user stands in the audit trail."""
    return f"identity.user:{user.public_id}"


@transaction.atomic
def user_create(
    *,
    login_name: str,
    display_name: str,
    phone: str = "",
    password: str | None = None,
    area_path: str = "",
    must_change_password: bool = True,
    language: str = "",
    actor: Actor,
    now: datetime,
) -> User:
    """A new account without any grant. Without a password nobody can sign in to it until one is given.

    Raises InvalidInput (login_name, display_name, phone, password) and Conflict when name or phone is taken.
    """
    user = User(
        login_name=normalise_login_name(login_name),
        display_name=name_of_person(display_name),
        area_path=area_path,
        language=language,
        must_change_password=must_change_password and password is not None,
        created_at=now,
    )
    put_phone(user, phone)
    refuse_taken(user)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user)
        user.set_password(password)
    user.save()
    audit.record(actor=actor, act="identity.user_create", about=about(user), area_path=area_path, now=now)
    return user


@transaction.atomic
def user_change(*, user: User, display_name: str, phone: str, actor: Actor, now: datetime) -> User:
    """Correct name and phone. Raises as `user_create` does."""
    user.display_name = name_of_person(display_name)
    put_phone(user, phone)
    refuse_taken(user)
    user.save(update_fields=["display_name", "phone", "phone_index", "phone_tail"])
    audit.record(
        actor=actor, act="identity.user_change", about=about(user), area_path=user.area_path, now=now
    )
    return user


@transaction.atomic
def user_language_set(*, user: User, language: str) -> User:
    user.language = language
    user.save(update_fields=["language"])
    return user


@transaction.atomic
def user_email_set(*, user: User, email: str, actor: Actor, now: datetime) -> User:
    """Where copies of the inbox go; empty, nowhere. Raises InvalidInput (email)."""
    user.email = normalise_email(email)
    user.save(update_fields=["email"])
    audit.record(
        actor=actor, act="identity.user_email_set", about=about(user), area_path=user.area_path, now=now
    )
    return user


@transaction.atomic
def user_deactivate(*, user: User, reason: str, actor: Actor, now: datetime) -> User:
    """Close the account: it cannot sign in, its sessions and grants end now, its tokens are revoked. The rows stay.

    Raises WrongState when it is closed already, InvalidInput without a reason or for one's own account.
    """
    if user.pk == actor.user_id:
        raise InvalidInput(
            zh="不能停用自己的账号，请另一位管理员来办。",
            en="You cannot close your own account; ask another administrator.",
            code="own-account",
        )
    reason = reason_of(reason)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise WrongState(
            zh="这个账号已经停用了。", en="This account is closed already.", code="already-closed"
        )
    user.is_active = False
    Grant.objects.filter(user=user, ended_at__isnull=True).update(ended_at=now)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
    sessions_end(user)
    audit.record(
        actor=actor,
        act="identity.user_deactivate",
        about=about(user),
        area_path=user.area_path,
        reason=reason,
        now=now,
    )
    return user


@transaction.atomic
def password_set(
    *, user: User, password: str, actor: Actor, now: datetime, must_change_password: bool = False
) -> User:
    """Give an account its password; every session opened with the old one ends. Raises InvalidInput (password)."""
    check_password(password, user)
    user.set_password(password)
    user.must_change_password = must_change_password
    user.save(update_fields=["password", "must_change_password"])
    sessions_end(user)
    audit.record(
        actor=actor, act="identity.password_set", about=about(user), area_path=user.area_path, now=now
    )
    return user


def password_change(*, user: User, current: str, password: str, actor: Actor, now: datetime) -> User:
    """Somebody changes their own password. Raises InvalidInput (current, password)."""
    if not user.check_password(current):
        raise InvalidInput(
            zh="当前密码不对，请再输一次。",
            en="The current password is not right; please type it again.",
            code="password-wrong",
            field="current",
        )
    if current == password:
        raise InvalidInput(
            zh="新密码和原来的一样，请换一个。",
            en="The new password is the same as the old one; please choose another.",
            code="password-unchanged",
            field="password",
        )
    return password_set(user=user, password=password, actor=actor, now=now)


def password_reset(*, user: User, actor: Actor, now: datetime, rng: Rng = SYSTEM_RANDOMNESS) -> str:
    """A fresh first password, to be told to the person once and changed at the next sign-in; it is kept nowhere."""
    password = initial_password(rng)
    password_set(user=user, password=password, actor=actor, now=now, must_change_password=True)
    return password


@transaction.atomic
def first_passwords_give(
    *, users: Sequence[User], actor: Actor, now: datetime, rng: Rng = SYSTEM_RANDOMNESS
) -> list[tuple[User, str]]:
    """First passwords for accounts that nobody has used yet, to be handed out on paper; kept nowhere, changed at once.

    Many at a time: the passwords are 59 random bits, so a light hash guards them, and the first sign-in replaces it by
    the full one. Raises WrongState when one of the accounts has been used meanwhile.
    """
    ids = [user.pk for user in users]
    rows = list(
        User.objects.select_for_update().filter(accounts_unused(), pk__in=ids).order_by("display_name", "pk")
    )
    if len(rows) != len(set(ids)):
        raise WrongState(
            zh="其中有账号刚刚被使用过，没有改动任何密码。请刷新后再试。",
            en="One of the accounts has just been used; no password was changed. Please reload and try again.",
            code="account-used",
        )
    given = []
    for user in rows:
        password = initial_password(rng)
        user.password = make_password(password, hasher=FIRST)
        user.must_change_password = True
        given.append((user, password))
        audit.record(
            actor=actor, act="identity.first_password", about=about(user), area_path=user.area_path, now=now
        )
    User.objects.bulk_update(rows, ["password", "must_change_password"], batch_size=500)
    return given


@transaction.atomic
def grant_give(
    *,
    user: User,
    role_code: str,
    area_path: str,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Grant:
    """Let `user` act in a role below `area_path` from a day to a day (the last one included).

    The same role twice is no harm (two posts may bring it), each grant ends by itself. Raises NotFound (unknown role),
    InvalidInput (dates; a grant to oneself), WrongState (closed account) and Conflict (roles that exclude each other).
    """
    role = Role.objects.filter(code=role_code).first()
    if role is None:
        raise NotFound(
            zh="没有这个角色，请从列表里选。",
            en="There is no such role; choose one of the list.",
            code="role-unknown",
        )
    refuse_bad_grant(user, valid_from, valid_to, actor)
    User.objects.select_for_update().get(pk=user.pk)
    refuse_combination(user, role, valid_from, valid_to)
    grant = Grant.objects.create(
        user=user,
        role=role,
        area_path=area_path,
        valid_from=valid_from,
        valid_to=valid_to,
        given_by_id=actor.user_id,
        reason=reason,
        created_at=now,
    )
    audit.record(
        actor=actor,
        act="identity.grant_give",
        about=about(user),
        area_path=area_path,
        reason=reason,
        data={"grant": grant.public_id, "role": role.code},
        now=now,
    )
    return grant


@transaction.atomic
def grant_end(*, grant: Grant, actor: Actor, now: datetime, reason: str = "") -> Grant:
    """End a grant at once. Raises WrongState when it has ended already."""
    if not Grant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(ended_at=now):
        raise WrongState(zh="这项授权已经结束了。", en="This grant has ended already.", code="grant-ended")
    grant.ended_at = now
    audit.record(
        actor=actor,
        act="identity.grant_end",
        about=about(grant.user),
        area_path=grant.area_path,
        reason=reason,
        data={"grant": grant.public_id, "role": grant.role_id},
        now=now,
    )
    return grant


@transaction.atomic
def token_create(
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    days: int,
    actor: Actor,
    now: datetime,
    today: date,
    rng: Rng = SYSTEM_RANDOMNESS,
) -> tuple[ApiToken, str]:
    """A key for a program, and its secret, which is shown this once and never kept.

    Its scopes must be among what the owner may do today. Raises InvalidInput (name, scopes, days).
    """
    refuse_bad_token(user, name, scopes, days, today)
    secret = TOKEN_PREFIX + new_secret(rng)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=token_digest(secret),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    data: dict[str, object] = {"token": token.public_id, "scopes": token.scopes}
    audit.record(
        actor=actor,
        act="identity.token_create",
        about=about(user),
        area_path=user.area_path,
        data=data,
        now=now,
    )
    return token, secret


@transaction.atomic
def token_revoke(*, token: ApiToken, actor: Actor, now: datetime) -> ApiToken:
    """Close a key at once. Raises WrongState when it is closed already."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
        raise WrongState(zh="这个令牌已经停用了。", en="This token is revoked already.", code="token-revoked")
    token.revoked_at = now
    audit.record(
        actor=actor,
        act="identity.token_revoke",
        about=about(token.user),
        area_path=token.user.area_path,
        data={"token": token.public_id},
        now=now,
    )
    return token


def normalise_email(text: str) -> str:
    """An address as it is written on a keyboard with half-width signs, or none."""
    email = unicodedata.normalize("NFKC", text).strip()
    try:
        if email:
            MaxLengthValidator(EMAIL_LENGTH)(email)
            validate_email(email)
    except ValidationError:
        raise InvalidInput(
            zh="邮箱地址不完整，请写成 name@example.com 的样子；不需要就留空。",
            en="This is not a complete e-mail address; write it like name@example.com, or leave it empty.",
            code="email-invalid",
            field="email",
        ) from None
    return email


def name_of_person(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH:
        raise InvalidInput(
            zh="请填写姓名，最多 60 个字。",
            en="Please enter the name, at most 60 characters.",
            code="name-invalid",
            field="display_name",
        )
    return name


def reason_of(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise InvalidInput(
            zh="请写一句原因，它会记入操作记录。",
            en="Please give a reason; it is kept in the audit trail.",
            code="reason-missing",
            field="reason",
        )
    return reason[:200]


def put_phone(user: User, text: str) -> None:
    """Store a phone with its index and its tail, or none."""
    phone = normalise_phone(text) if text.strip() else ""
    user.phone = phone
    user.phone_index = phone_index(phone) if phone else None
    user.phone_tail = phone[-4:]


def refuse_taken(user: User) -> None:
    others = User.objects.exclude(pk=user.pk)
    if others.filter(login_name=user.login_name).exists():
        raise Conflict(
            zh="这个登录名已经有人用了，请换一个。",
            en="This login name is taken; please choose another.",
            code="login-name-taken",
            field="login_name",
        )
    if user.phone_index and others.filter(phone_index=user.phone_index).exists():
        raise Conflict(
            zh="这个手机号已经绑定了别的账号，请核对后再填。",
            en="This phone already belongs to another account; please check it.",
            code="phone-taken",
            field="phone",
        )


def check_password(password: str, user: User) -> None:
    """Django's validators, with what they say in both languages."""
    problems: list[list[str]] = []
    for language in ("zh-hans", "en"):
        with override(language):
            try:
                validate_password(password, user)
            except ValidationError as error:
                problems.append(list(error.messages))
    if problems:
        zh, en = problems
        raise InvalidInput(
            problems=[
                FieldProblem("password", Text(zh=one, en=other), "password-weak")
                for one, other in zip(zh, en, strict=True)
            ]
        )


def refuse_bad_grant(user: User, valid_from: date, valid_to: date | None, actor: Actor) -> None:
    if user.pk == actor.user_id:
        raise InvalidInput(
            zh="不能给自己授权，请另一位管理员来办。",
            en="Nobody gives grants to themselves; ask another administrator.",
            code="own-grant",
        )
    if not user.is_active:
        raise WrongState(
            zh="这个账号已停用，不能再授权。",
            en="This account is closed and can hold no grant.",
            code="account-closed",
        )
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput(
            zh="结束日期早于开始日期，请改正。",
            en="The last day lies before the first; please correct it.",
            code="dates-reversed",
            field="valid_to",
        )


def refuse_combination(user: User, role: Role, valid_from: date, valid_to: date | None) -> None:
    """Roles that exclude each other are not held on the same day, wherever they are held."""
    open_grants = Grant.objects.filter(user=user, ended_at__isnull=True).select_related("role")
    overlapping = [
        grant
        for grant in open_grants
        if (grant.valid_to is None or grant.valid_to >= valid_from)
        and (valid_to is None or grant.valid_from <= valid_to)
    ]
    other = excluded_role(
        role.code, role.excludes, [(grant.role_id, grant.role.excludes) for grant in overlapping]
    )
    if other:
        names = {grant.role_id: grant.role for grant in overlapping}
        raise Conflict(
            zh=f"“{role.name_zh}”和此人已有的“{names[other].name_zh}”按规定要由不同的人担任。",
            en=f"“{role.name_en}” and “{names[other].name_en}”, which the person holds, must be two people.",
            code="roles-exclude",
            field="role",
        )


def refuse_bad_token(user: User, name: str, scopes: Sequence[str], days: int, today: date) -> None:
    longest = int(settings_store.value("identity.token_longest_days", on=today, default=TOKEN_LONGEST_DAYS))
    actor = actor_for(user, today=today)
    problems = []
    if not name.strip() or len(name.strip()) > 80:
        problems.append(
            FieldProblem(
                "name",
                Text(
                    zh="请写明这个令牌给谁用，最多 80 个字。",
                    en="Say who uses this token, in at most 80 characters.",
                ),
            )
        )
    if not scopes or any(not actor.may(scope) for scope in scopes):
        problems.append(
            FieldProblem(
                "scopes",
                Text(zh="请从您自己的权限里至少选一项。", en="Choose at least one of your own permissions."),
            )
        )
    if not 1 <= days <= longest:
        problems.append(
            FieldProblem(
                "days", Text(zh=f"有效期请填 1 到 {longest} 天。", en=f"Choose between 1 and {longest} days.")
            )
        )
    if problems:
        raise InvalidInput(problems=problems)
