"""What holds for accounts, whatever the database says: pure decisions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mulin.kernel.clock import Rng
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers.public_ids import UNAMBIGUOUS, number_below

_LOGIN_NAME = re.compile(r"[\w.@-]{2,60}")
_LOOKS_LIKE_A_PHONE = re.compile(r"\+?[\d-]{7,}", re.ASCII)
_GROUPS, _GROUP_LENGTH = 3, 4


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """How many failed sign-ins one account, or one address, may have within a window."""

    failures: int
    window_minutes: int

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)


def may_try_at(failures: Sequence[datetime], limit: AttemptLimit, now: datetime) -> datetime | None:
    """From when on the next try is allowed; None when it is allowed now.

    The window slides: of the last `limit.failures` failures the oldest must have left it.
    """
    recent = sorted(at for at in failures if now - limit.window < at)
    if len(recent) < limit.failures:
        return None
    return recent[-limit.failures] + limit.window


def normalise_login_name(text: str) -> str:
    """The one form of a login name: half width, lower case. Raises InvalidInput; a phone is found by itself.

    >>> normalise_login_name(" Ｗang.Fang ")
    'wang.fang'
    """
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not _LOGIN_NAME.fullmatch(name):
        raise InvalidInput(
            zh="登录名应为 2 到 60 个字，可用汉字、字母、数字和 . _ - @，中间不能有空格。",
            en="A login name has 2 to 60 letters, digits or . _ - @, without blanks.",
            code="login-name-invalid",
            field="login_name",
        )
    if _LOOKS_LIKE_A_PHONE.fullmatch(name):
        raise InvalidInput(
            zh="登录名不要用电话号码。电话请填在“手机号”一栏，同样可以用来登录。",
            en="A login name must not be a phone number. Put it into the phone field; it can be used to sign in too.",
            code="login-name-is-a-phone",
            field="login_name",
        )
    return name


def initial_password(rng: Rng) -> str:
    """A first password that can be read aloud and typed off paper: 59 bits, such as "k7mq-4xwz-n3tb"."""
    letters = [UNAMBIGUOUS[number_below(rng, len(UNAMBIGUOUS))] for _ in range(_GROUPS * _GROUP_LENGTH)]
    word = "".join(letters)
    return "-".join(word[start : start + _GROUP_LENGTH] for start in range(0, len(word), _GROUP_LENGTH))


def excluded_role(
    role: str, excludes: Sequence[str], held: Sequence[tuple[str, Sequence[str]]]
) -> str | None:
    """The held role that must not be combined with `role`, if any; exclusion holds both ways.

    `held` are the other roles of the person, each with what it excludes.
    """
    for code, its_excludes in held:
        if code in excludes or role in its_excludes:
            return code
    return None
