"""What the portals' forms take in: shape and range, nothing of policy. What services refuse lands beside its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mulin.kernel.errors import FieldProblem, MulinError


def put_problems(form: forms.BaseForm, error: MulinError) -> None:
    """Show what a service refused beside the fields it names, or above the form."""
    language = get_language() or "zh-hans"
    problems = getattr(error, "problems", None) or [FieldProblem(error.field, error.text, error.code)]
    for problem in problems:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, problem.text.in_language(language))


def words(
    label: Any, missing: Any, *, help_text: Any = "", longest: int = 200, **options: Any
) -> forms.CharField:
    """One line of text; `missing` is what a person reads who leaves it empty (nothing: it may be left empty)."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        max_length=longest,
        error_messages={"required": missing, "max_length": _("太长了，最多 %(limit_value)d 个字。")},
        **options,
    )


def secret(label: Any, missing: Any, *, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password as it was typed; never shown again."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": missing, "max_length": _("密码太长了，请换一个短一些的。")},
    )


def day(label: Any, missing: Any = "", help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": _("请按“2026-03-01”这样填写日期。")},
    )


class ChangePassword(forms.Form):
    """The two password names hold "password", so that they are never kept as a draft."""

    current_password = secret(_("当前密码"), _("请输入当前密码。"), autocomplete="current-password")
    password = secret(
        _("新密码"),
        _("请输入新密码。"),
        autocomplete="new-password",
        help_text=_("至少 8 位，不要只用数字，不要用生日和电话。可以用一句自己记得住的话。"),
    )
    password_again = secret(_("再输一次新密码"), _("请再输一次新密码。"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("password_again") not in {None, cleaned["password"]}:
            self.add_error("password_again", _("两次输入的新密码不一样，请再输一次。"))
        return cleaned


class CreateUser(forms.Form):
    display_name = words(_("姓名"), _("请填写姓名。"), longest=60)
    login_name = words(
        _("登录名"),
        _("请填写登录名。"),
        longest=60,
        help_text=_("2 到 60 个字，可用汉字、字母、数字和 . _ - @，例如“wang.fang”。"),
    )
    phone = words(_("手机号"), "", longest=40, help_text=_("填了以后也可以用手机号登录。"))


class GiveGrant(forms.Form):
    role = forms.ChoiceField(
        label=_("角色"),
        error_messages={"required": _("请选择角色。"), "invalid_choice": _("请从列表里选择角色。")},
    )
    valid_from = day(_("从哪天起"), _("请填写开始日期。"))
    valid_to = day(_("到哪天为止"), help_text=_("含当天；不填就一直有效。"))
    reason = words(_("原因"), _("请写一句原因，例如任命文件的名称。"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [("", _("请选择")), *roles]


class Reason(forms.Form):
    reason = words(_("原因"), _("请写一句原因，它会记入操作记录。"))


class CreateToken(forms.Form):
    name = words(_("给谁用"), _("请写明这个令牌给谁用。"), longest=80, help_text=_("例如“街道周报程序”。"))
    scopes = forms.MultipleChoiceField(
        label=_("可以做什么"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项。"), "invalid_choice": _("请从列表里选择。")},
    )
    days = forms.IntegerField(
        label=_("有效天数"),
        initial=90,
        min_value=1,
        error_messages={
            "required": _("请填写天数。"), "invalid": _("请填写整数天数。"), "min_value": _("至少 1 天。")
        },
    )  # fmt: skip

    def __init__(self, *args: Any, scopes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scopes"]
        field.choices = scopes


class AuditFilter(forms.Form):
    """All of it may be left out; a date that is none is told, the rest of the filter still holds."""

    act = words("", "", longest=60)
    about = words("", "", longest=80)
    who = words("", "", longest=32)
    since = day("")
    until = day("")
