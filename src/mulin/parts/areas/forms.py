"""What comes in from the pages of areas, brought into shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from mulin.identity.backends import user_by_name_or_phone
from mulin.identity.models import User
from mulin.kernel.errors import InvalidInput
from mulin.parts.areas.models import BodyKind, PostKind
from mulin.parts.areas.services import SplitPart
from mulin.web.typed import Typed

Coded = TypeVar("Coded", PostKind, BodyKind)


@dataclass(frozen=True)
class Field:
    """One field of a form, as the form page draws it; `kind` is text, date or select."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    options: Sequence[tuple[str, str]] = ()
    rows: int = 0
    longest: int = 200


def day_of(form: Typed, name: str) -> date:
    """The day in a date field. Raises InvalidInput."""
    try:
        return date.fromisoformat(form.text(name).strip())
    except ValueError:
        raise InvalidInput(
            zh="请选择日期。", en="Please choose a date.", code="date-missing", field=name
        ) from None


def optional_day_of(form: Typed, name: str) -> date | None:
    return day_of(form, name) if form.text(name).strip() else None


def user_of(form: Typed, name: str = "holder") -> User:
    """The account that a login name or a phone stands for. Raises InvalidInput."""
    text = form.text(name).strip()
    user = user_by_name_or_phone(text) if text else None
    if user is None:
        raise InvalidInput(
            zh="没有找到这个账号。请填登录名或手机号；还没有账号的，请先到“账号”里开通。",
            en="There is no such account. Please give a login name or phone; open an account first if there is none.",
            code="account-unknown",
            field=name,
        )
    return user


def count_of(form: Typed, name: str) -> int | None:
    """A whole number or nothing. Raises InvalidInput."""
    text = form.text(name).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise InvalidInput(
            zh="请填整数，例如 320。",
            en="Please enter a whole number, such as 320.",
            code="count-invalid",
            field=name,
        )
    return int(text)


def degrees_of(form: Typed, name: str, most: int) -> float | None:
    """A longitude or latitude or nothing. Raises InvalidInput."""
    text = form.text(name).strip()
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        raise InvalidInput(
            zh="请填经纬度（度），例如 116.5871 和 35.4146。",
            en="Please enter degrees, such as 116.5871 and 35.4146.",
            code="degrees-invalid",
            field=name,
        )
    return degrees


def parts_of(text: str) -> list[SplitPart]:
    """One part a line: code, name, and the codes of its children. Raises InvalidInput (parts).

    >>> parts_of("99001 North 9900101 9900102")
    [SplitPart(code='99001', name='North', children=['9900101', '9900102'])]
    """
    parts = []
    for line in text.replace("，", " ").replace(",", " ").splitlines():
        words = line.split()
        if not words:
            continue
        if len(words) < 2:
            raise InvalidInput(
                zh="每行写一个部分：编码、名称，后面是归它的下级编码，用空格隔开。",
                en="Write one part a line: code, name, then the codes of its children, with blanks between.",
                code="split-line",
                field="parts",
            )
        parts.append(SplitPart(words[0], words[1], words[2:]))
    return parts


def chosen(rows: Sequence[Coded], code: str, name: str) -> Coded:
    """The row of that code, out of those offered. Raises InvalidInput."""
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise InvalidInput(
            zh="请从列表里选一项。", en="Please choose one of the list.", code="choice-missing", field=name
        )
    return found
