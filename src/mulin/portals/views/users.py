"""Accounts and grants, for the administrators of an area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mulin.base.operations import digest_of, run_once
from mulin.identity import services
from mulin.identity.access import Actor
from mulin.identity.models import Grant, User
from mulin.identity.rules import initial_password
from mulin.identity.selectors import grant_for, grants_of, roles, user_for, user_list, users_without_sign_in
from mulin.kernel.clock import SystemRandomness
from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError, NotFound, Text
from mulin.portals.first_passwords import SHEET_ROWS, first_password_sheet
from mulin.portals.forms import CreateUser, GiveGrant, Reason, put_problems
from mulin.portals.paging import ROWS, Paging, asked_page, with_total
from mulin.portals.places import ChoiceGroup, area_choices, area_names, chosen_path
from mulin.web.drafts import initial_from_draft
from mulin.web.pages import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What was looked for stays in the session: a name or a phone must not stand in an address.
SEARCH_KEY = "portals.users.text"


@dataclass(frozen=True)
class UserListPage:
    users: list[User]
    area_names: dict[str, str]
    text: str
    fields: list[dict[str, Any]]
    is_filtered: bool
    total: int
    paging: Paging
    may_manage: bool
    language: str


@require_http_methods(["GET", "HEAD", "POST"])
def show_list(request: HttpRequest) -> HttpResponse:
    """Accounts of the actor's areas. A POST says whom to look for, and an empty one forgets it."""
    if request.method == "POST":
        request.session[SEARCH_KEY] = " ".join(request.POST.get("text", "").split())[:60]
        return HttpResponseRedirect(reverse("portals:users"))
    text, role, state = (
        request.session.get(SEARCH_KEY, ""),
        request.GET.get("role", ""),
        request.GET.get("state", ""),
    )
    is_active = {"open": True, "closed": False}.get(state)
    paging = asked_page(request)
    found = user_list(
        request.actor, text=text, role=role, is_active=is_active, offset=paging.offset, limit=ROWS
    )
    context = UserListPage(
        users=found.rows,
        area_names=area_names(path for user in found.rows for path in paths_of(user)),
        text=text,
        fields=filter_fields(role, state),
        is_filtered=bool(text or role or state),
        total=found.total,
        paging=with_total(request, paging, len(found.rows), found.total),
        may_manage=request.actor.may("users.manage"),
        language=language(),
    )
    return page(request, "portals/users.html", context)


@dataclass(frozen=True)
class CreateUserPage:
    form: CreateUser
    groups: list[ChoiceGroup]
    area: str
    area_error: str
    area_text: str
    form_errors: bool


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new account with a first password, which this answer shows once. `look` narrows the areas to choose from."""
    kept = initial_from_draft(request, "portals:create_user")
    words = request.POST if request.method == "POST" else kept
    is_sent = request.method == "POST" and "look" not in request.POST
    form = CreateUser(request.POST if is_sent else None, initial=dict(words.items()))
    area, area_error = str(words.get("area", "")), ""
    if is_sent and form.is_valid():
        try:
            return page(request, "portals/user_created.html", created(request, form.cleaned_data, area))
        except MulinError as error:
            area_error = problem_of(error, "area")
            put_problems(form, error)
    text = str(words.get("area_text", ""))[:40]
    groups = area_choices(request.actor, "users.manage", text)
    context = CreateUserPage(form, groups, area, area_error, text, bool(form.errors))
    return page(request, "portals/create_user.html", context, status=422 if form.errors else 200)


def created(request: HttpRequest, words: dict[str, Any], area: str) -> dict[str, Any]:
    password = initial_password(SystemRandomness())
    user = services.user_create(
        login_name=words["login_name"],
        display_name=words["display_name"],
        phone=words["phone"],
        password=password,
        area_path=required_path(request.actor, "users.manage", area),
        actor=request.actor,
        now=request.clock.now(),
    )
    return {"user": user, "password": password, "is_new": True}


@dataclass(frozen=True)
class UserPage:
    user: User
    home_name: str
    grants: list[Grant]
    area_names: dict[str, str]
    today: date
    may_grant: bool
    may_manage: bool
    grantable: list[str]
    language: str
    reason_form: Reason


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    return user_page(request, user_for(request.actor, public_id), Reason())


def user_page(request: HttpRequest, user: User, reason_form: Reason) -> HttpResponse:
    grants = grants_of(user)
    actor, is_other = request.actor, user.pk != request.actor.user_id
    names = area_names([user.area_path, *(grant.area_path for grant in grants)])
    context = UserPage(
        user=user,
        home_name=names[user.area_path],
        grants=grants,
        area_names=names,
        today=request.clock.today(),
        may_grant=is_other and user.is_active and actor.may("grants.manage"),
        may_manage=is_other and user.is_active and manages(actor, user),
        grantable=[grant.public_id for grant in grants if actor.may("grants.manage", grant.area_path)],
        language=language(),
        reason_form=reason_form,
    )
    return page(request, "portals/user.html", context, status=422 if reason_form.errors else 200)


@dataclass(frozen=True)
class GrantPage:
    user: User
    form: GiveGrant
    groups: list[ChoiceGroup]
    area: str
    area_error: str
    area_text: str
    form_errors: bool
    language: str


@require_http_methods(["GET", "HEAD", "POST"])
def give_grant(request: HttpRequest, public_id: str) -> HttpResponse:
    """A role in an area of the actor's own. Sent twice, it is given once."""
    user = user_for(request.actor, public_id)
    kept = initial_from_draft(request, "portals:give_grant")
    words = request.POST if request.method == "POST" else kept
    is_sent = request.method == "POST" and "look" not in request.POST
    initial = {"valid_from": request.clock.today()} | dict(words.items())
    form = GiveGrant(request.POST if is_sent else None, roles=role_choices(), initial=initial)
    area, area_error = str(words.get("area", "")), ""
    if is_sent and form.is_valid():
        try:
            grant_once(request, user, form.cleaned_data, area)
        except MulinError as error:
            area_error = problem_of(error, "area")
            put_problems(form, error)
        else:
            return HttpResponseRedirect(reverse("portals:user", args=[public_id]))
    text = str(words.get("area_text", ""))[:40]
    groups = area_choices(request.actor, "grants.manage", text)
    context = GrantPage(user, form, groups, area, area_error, text, bool(form.errors), language())
    return page(request, "portals/give_grant.html", context, status=422 if form.errors else 200)


def grant_once(request: HttpRequest, user: User, words: dict[str, Any], area: str) -> None:
    actor, now = request.actor, request.clock.now()
    path = required_path(actor, "grants.manage", area)

    def give() -> dict[str, Any]:
        grant = services.grant_give(
            user=user,
            role_code=words["role"],
            area_path=path,
            valid_from=words["valid_from"],
            valid_to=words["valid_to"],
            reason=words["reason"],
            actor=actor,
            now=now,
        )
        return {"grant": grant.public_id}

    run_once(
        key=request.POST.get("operation_id") or None,
        actor_key=actor.public_id,
        request_digest=digest_of(request.path, words, area),
        now=now,
        action=give,
    )


@require_POST
def end_grant(request: HttpRequest, public_id: str) -> HttpResponse:
    grant = grant_for(request.actor, public_id)
    form = Reason(request.POST)
    if not form.is_valid():
        return user_page(request, user_for(request.actor, grant.user.public_id), form)
    services.grant_end(
        grant=grant, reason=form.cleaned_data["reason"], actor=request.actor, now=request.clock.now()
    )
    return HttpResponseRedirect(reverse("portals:user", args=[grant.user.public_id]))


@require_POST
def reset_password(request: HttpRequest, public_id: str) -> HttpResponse:
    """A fresh first password, shown on this answer alone."""
    user = managed_user(request.actor, public_id)
    password = services.password_reset(user=user, actor=request.actor, now=request.clock.now())
    return page(request, "portals/user_created.html", {"user": user, "password": password, "is_new": False})


@require_POST
def deactivate(request: HttpRequest, public_id: str) -> HttpResponse:
    user = managed_user(request.actor, public_id)
    form = Reason(request.POST)
    if not form.is_valid():
        return user_page(request, user, form)
    services.user_deactivate(
        user=user, reason=form.cleaned_data["reason"], actor=request.actor, now=request.clock.now()
    )
    return HttpResponseRedirect(reverse("portals:user", args=[public_id]))


@dataclass(frozen=True)
class FirstPasswordsPage:
    users: list[User]
    total: int
    sheet_rows: int
    area_names: dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def first_passwords(request: HttpRequest) -> HttpResponse:
    """Accounts nobody has used yet; a POST gives them first passwords in a sheet, which is not kept."""
    actor = request.actor
    found = users_without_sign_in(actor, limit=SHEET_ROWS)
    users = [user for user in found.rows if manages(actor, user)]
    names = area_names(path for user in users for path in paths_of(user))
    if request.method == "POST" and users:
        given = services.first_passwords_give(users=users, actor=actor, now=request.clock.now())
        passwords = {user.pk: password for user, password in given}
        sheet = first_password_sheet(users, passwords, names)
        return HttpResponse(
            sheet,
            content_type=XLSX,
            headers={"Content-Disposition": 'attachment; filename="first-passwords.xlsx"'},
        )
    return page(
        request, "portals/first_passwords.html", FirstPasswordsPage(users, found.total, SHEET_ROWS, names)
    )


def managed_user(actor: Actor, public_id: str) -> User:
    """The doorway for whoever changes an account: not one's own, and none that reaches beyond one's own area."""
    user = user_for(actor, public_id, "users.manage")
    if user.pk == actor.user_id or not manages(actor, user):
        raise NotFound
    return user


def manages(actor: Actor, user: User) -> bool:
    """Whether every place where the account may act is the actor's: else its password would open more than their own.

    An account that belongs nowhere and may do nothing is for whoever manages the whole platform.
    """
    home, *granted = paths_of(user)
    return all(
        actor.may("users.manage", path) for path in [*granted, *([home] if home or not granted else [])]
    )


def paths_of(user: User) -> list[str]:
    grants = getattr(user, "open_grants", None)
    if grants is None:
        grants = user.grants.filter(ended_at__isnull=True)
    return [user.area_path, *(grant.area_path for grant in grants)]


def required_path(actor: Actor, permission: str, choice: str) -> str:
    path = chosen_path(actor, permission, choice)
    if path is None:
        raise InvalidInput(
            problems=[
                FieldProblem("area", Text(zh="请选择区域。", en="Please choose an area."), "area-missing")
            ]
        )
    return path


def problem_of(error: MulinError, field: str) -> str:
    problems = getattr(error, "problems", [])
    return next((problem.text.in_language(language()) for problem in problems if problem.field == field), "")


def role_choices() -> list[tuple[str, str]]:
    return [(role.code, role.name_in(language())) for role in roles()]


def filter_fields(role: str, state: str) -> list[dict[str, Any]]:
    states = [("", _("全部")), ("open", _("在用")), ("closed", _("已停用"))]
    return [
        {
            "name": "role",
            "label": _("角色"),
            "kind": "select",
            "value": role,
            "options": [("", _("全部")), *role_choices()],
        },
        {"name": "state", "label": _("状态"), "kind": "select", "value": state, "options": states},
    ]


def language() -> str:
    return get_language() or "zh-hans"
