"""Signing in on our own page, over allauth's view; signing out."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal import flows
from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mulin.kernel.errors import LimitReached
from mulin.portals.forms import secret, words
from mulin.portals.views.display import put_cookie
from mulin.web.drafts import COOKIE
from mulin.web.pages import page


class SignInForm(LoginForm):
    """Name or phone, and the password. One answer for every wrong pair, so that it does not tell which names exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_slowed_down = False
        self.fields.clear()
        self.fields["login"] = words(
            gettext_lazy("登录名或手机号"), gettext_lazy("请输入登录名或手机号。"), longest=60
        )
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"] = secret(
            gettext_lazy("密码"), gettext_lazy("请输入密码。"), autocomplete="current-password"
        )

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()  # type: ignore[no-any-return]
        except LimitReached as error:
            self.is_slowed_down = True
            raise forms.ValidationError(error.text.in_language(get_language() or "zh-hans")) from None
        except forms.ValidationError:
            raise forms.ValidationError(
                _("登录名、手机号或密码不对，请再试一次。忘了密码，请打电话给社区或管理员重设。")
            ) from None

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """The session lasts as long as the settings say; there is no "remember me" on shared machines."""
        self._login.redirect_url = redirect_url
        answer: HttpResponse = flows.login.perform_password_login(
            request, self.user_credentials(), self._login
        )
        return answer


class SignIn(LoginView):  # type: ignore[misc]
    """The page; who is signed in already goes on at once. `next` leads to this site only (allauth checks it)."""

    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form: SignInForm = kwargs.get("form") or self.get_form()
        return {
            "form": form,
            "form_errors": bool(form.errors),
            "next_url": self.get_next_url() or "",
            "has_draft": COOKIE in self.request.COOKIES,
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        form = context["form"]
        status = 200 if not form.errors else 429 if form.is_slowed_down else 422
        return page(self.request, "portals/sign_in.html", context, status=status)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        language = getattr(form.user, "language", "")
        if language and settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            put_cookie(answer, settings.LANGUAGE_COOKIE_NAME, language)
        return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and with it whatever was kept of half-filled forms."""
    logout(request)
    answer = HttpResponseRedirect(reverse("portals:front"))
    answer.delete_cookie(COOKIE)
    return answer
