"""Everything that can go wrong in a way a person should hear about.

    MulinError
    ├── InvalidInput      what was sent in cannot be used as it is; may name several fields
    ├── NotFound          it does not exist, or the asker may not know that it does: one answer for both
    ├── SignInRequired    nobody is signed in, or the session has ended
    ├── Conflict          someone else changed it meanwhile, or it exists already
    │   └── WrongState    the thing is no longer (or not yet) in a state that allows this step
    ├── LimitReached      too many, too large, too often
    └── Unavailable       something outside does not answer; trying again later may help

Every error says what happened, why, and what to do next, in both languages. Texts must not carry personal data:
they end up in logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages of the house.

    >>> Text(zh="还差 {count} 件", en="{count} missing").format(count=3).in_language("en")
    '3 missing'
    """

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """English for `en` and its variants ("en-gb"), Chinese for everything else."""
        return self.en if language.lower().split("-")[0].split("_")[0] == "en" else self.zh

    def format(self, **values: object) -> Text:
        """Fill named gaps in both languages; a value that is itself a `Text` goes in by language."""
        return Text(
            zh=self.zh.format(**{name: _side(value, "zh-hans") for name, value in values.items()}),
            en=self.en.format(**{name: _side(value, "en") for name, value in values.items()}),
        )

    def __str__(self) -> str:
        return self.zh


def _side(value: object, language: str) -> object:
    return value.in_language(language) if isinstance(value, Text) else value


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; `field` is None where the problem lies between fields."""

    field: str | None
    text: Text
    code: str = "invalid-input"


class MulinError(Exception):
    """The root. `code` is stable kebab-case, for problem+json and tests; `text` is for people."""

    default_code: ClassVar[str] = "error"
    default_text: ClassVar[Text] = Text(
        zh="没有办成。请稍后再试，仍不行请联系管理员。",
        en="This could not be done. Please try again later, or ask an administrator.",
    )

    def __init__(self, *, zh: str = "", en: str = "", code: str = "", field: str | None = None) -> None:
        assert bool(zh) == bool(en), "an error speaks both languages: give zh and en, or neither"
        self.text = Text(zh=zh, en=en) if zh else self.default_text
        self.code = code or self.default_code
        self.field = field
        super().__init__(self.text.zh)

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross from child processes (images, workbooks); keyword-only constructors do not pickle by themselves.
        return _restored, (type(self), self.__dict__.copy())


def _restored(kind: type[MulinError], state: dict[str, Any]) -> MulinError:
    error = kind.__new__(kind, state["text"].zh)
    error.__dict__.update(state)
    return error


class InvalidInput(MulinError):
    """Input that cannot be used as it is.

    `problems` always holds at least one entry. Either give one sentence (with its `field`), or give `problems`;
    with several problems and no sentence of its own the error says how many there are.
    """

    default_code = "invalid-input"
    default_text = Text(
        zh="填写的内容有问题，请改正后再提交。",
        en="Something you entered needs correcting.",
    )

    def __init__(
        self,
        *,
        zh: str = "",
        en: str = "",
        code: str = "",
        field: str | None = None,
        problems: Sequence[FieldProblem] = (),
    ) -> None:
        if problems and not zh:
            zh, en = _summary(problems)
            if len(problems) == 1:
                field = field or problems[0].field
                code = code or problems[0].code
        super().__init__(zh=zh, en=en, code=code, field=field)
        self.problems = list(problems) or [FieldProblem(field, self.text, self.code)]


def _summary(problems: Sequence[FieldProblem]) -> tuple[str, str]:
    if len(problems) == 1:
        return problems[0].text.zh, problems[0].text.en
    count = len(problems)
    return (
        f"有 {count} 处需要改正，请看各处的说明。",
        f"{count} entries need correcting; see the note at each.",
    )


class NotFound(MulinError):
    """It does not exist, or the asker may not know that it does. Nobody can tell which from the answer."""

    default_code = "not-found"
    default_text = Text(
        zh="没有找到，或者您没有查看的权限。请检查地址或编号是否完整。",
        en="Nothing was found here, or you may not see it. Please check that the address or number is complete.",
    )


class SignInRequired(MulinError):
    default_code = "sign-in-required"
    default_text = Text(
        zh="请先登录，登录后会回到这一页。",
        en="Please sign in first; you will come back to this page.",
    )


class Conflict(MulinError):
    default_code = "conflict"
    default_text = Text(
        zh="刚才有别人改动过。请刷新页面，看过最新情况再办。",
        en="Someone else changed this just now. Please reload the page and look again before you go on.",
    )


class WrongState(Conflict):
    default_code = "wrong-state"
    default_text = Text(
        zh="现在的状态不能办这一步。请刷新页面，查看最新进展。",
        en="This step is not possible in the present state. Please reload the page to see where it stands.",
    )


class LimitReached(MulinError):
    default_code = "limit-reached"
    default_text = Text(
        zh="次数或数量已到上限，请稍后再试。",
        en="The limit has been reached. Please try again later.",
    )


class Unavailable(MulinError):
    default_code = "unavailable"
    default_text = Text(
        zh="这项服务暂时用不了，您填写的内容没有办成。请稍后再试。",
        en="This service is not available at the moment and nothing was done. Please try again later.",
    )
