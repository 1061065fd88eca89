"""What holds for accounts, whatever the database says: pure decisions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mulin.kernel.clock import Rng
from mulin.kernel.errors import InvalidInput, Text
from mulin.kernel.identifiers.public_ids import UNAMBIGUOUS, number_below

_LOGIN_NAME = re.compile(r"[\w.@-]{2,60}")
_LOOKS_LIKE_A_PHONE = re.compile(r"\+?[\d-]{7,}", re.ASCII)
_GROUPS, _GROUP_LENGTH = 3, 4


# Marks in a user agent, the telling ones first: every browser claims to be several.
_BROWSERS = (
    ("micromessenger", "wechat", Text(zh="微信", en="WeChat")),
    ("edg", "edge", Text(zh="Edge 浏览器", en="Edge")),
    ("firefox", "firefox", Text(zh="火狐浏览器", en="Firefox")),
    ("chrome", "chrome", Text(zh="Chrome 浏览器", en="Chrome")),
    ("safari", "safari", Text(zh="Safari 浏览器", en="Safari")),
)
_SYSTEMS = (
    ("iphone", "iphone", Text(zh="苹果手机", en="iPhone")),
    ("ipad", "ipad", Text(zh="苹果平板", en="iPad")),
    ("harmony", "harmony", Text(zh="鸿蒙手机", en="HarmonyOS phone")),
    ("android", "android", Text(zh="安卓手机", en="Android phone")),
    ("windows", "windows", Text(zh="Windows 电脑", en="Windows computer")),
    ("mac os", "mac", Text(zh="苹果电脑", en="Mac")),
    ("linux", "linux", Text(zh="Linux 电脑", en="Linux computer")),
)


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


def device_of(user_agent: str) -> str:
    """What is worth keeping of a user agent: system and browser as codes, empty where nothing is known.

    >>> device_of("Mozilla/5.0 (Linux; Android 14; V2239A) Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49")
    'android wechat'
    """
    words = user_agent.lower()
    found = (next((code for mark, code, _ in marks if mark in words), "") for marks in (_SYSTEMS, _BROWSERS))
    return " ".join(code for code in found if code)


def device_name(device: str) -> Text:
    """A device as people call it.

    >>> device_name("android wechat").zh, device_name("").en
    ('安卓手机 · 微信', 'Unknown device')
    """
    codes = set(device.split())
    system = next((name for _, code, name in _SYSTEMS if code in codes), None)
    browser = next((name for _, code, name in _BROWSERS if code in codes), None)
    if system and browser:
        return Text(zh=f"{system.zh} · {browser.zh}", en=f"{browser.en} on {system.en}")
    return system or browser or Text(zh="不认得的设备", en="Unknown device")
