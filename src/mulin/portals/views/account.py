"""One's own account: what I may do and where, my language, my password, my inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mulin.base.models import Notice
from mulin.base.notices import notices_read, unread_count
from mulin.identity.models import Grant, User
from mulin.identity.selectors import grants_of
from mulin.identity.services import password_change, user_email_set, user_language_set
from mulin.identity.signed_in import OpenSession, session_note, sessions_end_others, sessions_of
from mulin.kernel.errors import InvalidInput
from mulin.portals.forms import ChangePassword, put_problems
from mulin.portals.frame import home_of, layout_of
from mulin.portals.paging import ROWS, Paging, asked_page, with_total
from mulin.portals.places import area_names
from mulin.portals.selectors import notice_for, notice_list
from mulin.portals.views.display import put_cookie
from mulin.web.pages import page

EMAIL_TYPED_MAX = 500


@dataclass(frozen=True)
class AccountPage:
    layout: str
    user: User
    grants: list[Grant]
    area_names: dict[str, str]
    today: date
    unread: int
    sessions: list[OpenSession]
    has_others: bool
    at: datetime
    email: str
    email_errors: list[str]
    form_errors: bool
    languages: list[tuple[str, str]] = field(default_factory=lambda: list(settings.LANGUAGES))


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """What I may do and where; a POST chooses my language, or where copies of my inbox go."""
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST" and "email" in request.POST:
        return set_email(request, user)
    language = request.POST.get("language", "")
    if request.method == "POST" and language in dict(settings.LANGUAGES):
        user_language_set(user=user, language=language)
        answer = HttpResponseRedirect(reverse("portals:account"))
        put_cookie(answer, settings.LANGUAGE_COOKIE_NAME, language)
        return answer
    return account_page(request, user, user.email)


def set_email(request: HttpRequest, user: User) -> HttpResponse:
    """Keep the address, or none; a refused one comes back as it was typed."""
    typed = request.POST["email"][:EMAIL_TYPED_MAX]
    try:
        user_email_set(user=user, email=typed, actor=request.actor, now=request.clock.now())
    except InvalidInput as error:
        user.refresh_from_db(fields=["email"])
        problem = error.text.in_language(get_language() or "zh-hans")
        return account_page(request, user, typed, email_errors=[problem], status=422)
    return HttpResponseRedirect(reverse("portals:account") + "#email")


def account_page(
    request: HttpRequest, user: User, email: str, *, email_errors: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    grants = [grant for grant in grants_of(user) if grant.ended_at is None]
    names = area_names(grant.area_path for grant in grants)
    now = request.clock.now()
    sessions = sessions_of(user, this_key=request.session.session_key, now=now)
    context = AccountPage(
        layout=layout_of(request.actor),
        user=user,
        grants=grants,
        area_names=names,
        today=request.clock.today(),
        unread=unread_count(user.pk),
        sessions=sessions,
        has_others=any(not session.is_this for session in sessions),
        at=now,
        email=email,
        email_errors=list(email_errors),
        form_errors=bool(email_errors),
    )
    return page(request, "portals/account.html", context, status=status)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here, at once."""
    user: User = request.user  # type: ignore[assignment]
    sessions_end_others(
        user=user,
        this_key=request.session.session_key,
        actor=request.actor,
        now=request.clock.now(),
    )
    return HttpResponseRedirect(reverse("portals:account") + "#sessions")


@dataclass(frozen=True)
class PasswordPage:
    layout: str
    form: ChangePassword
    is_first: bool
    form_errors: bool


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; every other session ends. A first password leads here before anything else."""
    user: User = request.user  # type: ignore[assignment]
    form = ChangePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            password_change(
                user=user,
                current=words["current_password"],
                password=words["password"],
                actor=request.actor,
                now=request.clock.now(),
            )
        except InvalidInput as error:
            put_problems(form, error)
        else:
            update_session_auth_hash(request, user)
            session_note(request=request, user=user, now=request.clock.now())
            return HttpResponseRedirect(home_of(request.actor))
    context = PasswordPage(layout_of(request.actor), form, user.must_change_password, bool(form.errors))
    return page(request, "portals/change_password.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class NoticesPage:
    layout: str
    notices: list[Notice]
    unread: int
    paging: Paging


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    paging = asked_page(request)
    found = notice_list(request.actor, offset=paging.offset, limit=ROWS)
    paging = with_total(request, paging, len(found.rows), found.total)
    context = NoticesPage(layout_of(request.actor), found.rows, unread_count(request.actor.user_id), paging)
    return page(request, "portals/notices.html", context)


@require_POST
def open_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark it read and go where it leads: to a page of this site, never elsewhere."""
    notice = notice_for(request.actor, public_id)
    notices_read(request.actor.user_id, request.clock.now(), [public_id])
    is_ours = url_has_allowed_host_and_scheme(notice.link, {request.get_host()})
    return HttpResponseRedirect(notice.link if notice.link and is_ours else reverse("portals:notices"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    notices_read(request.actor.user_id, request.clock.now())
    return HttpResponseRedirect(reverse("portals:notices"))
