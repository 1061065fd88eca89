"""Unified social credit codes of organisations (统一社会信用代码)."""

from __future__ import annotations

from dataclasses import dataclass

from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers.typed_text import is_scientific, plain

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(3**place % 31 for place in range(17))


@dataclass(frozen=True, slots=True)
class CreditCode:
    """`category` is the first two characters (registering body and kind of organisation), `region` the next six."""

    code: str
    category: str
    region: str


def check_credit_code(text: str, field: str | None = "credit_code") -> CreditCode:
    """Read an 18-character code, forgiving blanks, dashes, full width and lower case.

    Raises InvalidInput naming the first thing wrong: `credit-code-missing`, `-scientific`, `-length`, `-character`,
    `-check`.

    >>> check_credit_code("91350100m000100y43").region
    '350100'

    Source: GB 32100-2015.
    """
    given = plain(text)
    code = given.replace("-", "").upper()
    if not code:
        raise InvalidInput(
            zh="请填写统一社会信用代码。",
            en="Please enter the unified social credit code.",
            code="credit-code-missing",
            field=field,
        )
    if is_scientific(given):
        raise InvalidInput(
            zh="代码被表格软件变成了科学计数法，末尾几位已经丢失。请把该列设为“文本”后重新填写。",
            en="A spreadsheet has turned the code into scientific notation and its last digits are lost. "
            "Please format the column as text and enter it again.",
            code="credit-code-scientific",
            field=field,
        )
    if len(code) != 18:
        raise InvalidInput(
            zh=f"统一社会信用代码应为 18 位，您填了 {len(code)} 位。请对照营业执照或登记证书填写。",
            en=f"The code has 18 characters; you entered {len(code)}. Please compare with the certificate.",
            code="credit-code-length",
            field=field,
        )
    wrong = next((place for place, character in enumerate(code, 1) if character not in _VALUE), None)
    if wrong is not None:
        raise InvalidInput(
            zh=f"第 {wrong} 位不对：代码只用数字和大写字母，不用 I、O、S、V、Z（可能是 1、0、5、U、2）。",
            en=f"Character {wrong} cannot be right: codes use digits and letters, "
            "but no I, O, S, V or Z (perhaps 1, 0, 5, U or 2).",
            code="credit-code-character",
            field=field,
        )
    if (
        code[17]
        != _ALPHABET[-sum(weight * _VALUE[c] for weight, c in zip(_WEIGHTS, code, strict=False)) % 31]
    ):
        raise InvalidInput(
            zh="代码的最后一位与前面对不上，说明有一位抄错了。请对照营业执照或登记证书逐位核对。",
            en="The last character does not fit the others, so one of them is wrong. "
            "Please compare with the certificate.",
            code="credit-code-check",
            field=field,
        )
    return CreditCode(code=code, category=code[:2], region=code[2:8])
