"""Telephone numbers of the mainland, in one form each.

| kind | form |
|---|---|
| mobile | 13800138000 |
| land line | 0537-2234567, with an extension 0537-2234567-801 |
| service line | 4001234567 |
"""

from __future__ import annotations

import re

from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers.typed_text import is_digits, is_scientific, plain

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LAND_LINE = re.compile(r"(0(?:10|2\d)(?=[2-9]\d{7}$)|0[3-9]\d\d(?=[2-9]\d{6,7}$))(\d+)", re.ASCII)
_SERVICE_LINE = re.compile(r"[48]00\d{7}", re.ASCII)
_WITHOUT_AREA = re.compile(r"[2-9]\d{6,7}", re.ASCII)
_SPOKEN_EXTENSION = re.compile(r"(.+?)-?(?:转分机|转|分机|ext\.?|x|#)(\d{1,6})", re.ASCII | re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(.*(?:0\d{2,3}\)?|[48]00)-?\d{7,8})-(\d{1,6})", re.ASCII)
_COUNTRY = re.compile(r"(?:\+|00)86|86(?=1[3-9]\d{9}$|0\d{10,11}$)", re.ASCII)


def normalise_phone(text: str, field: str | None = "phone") -> str:
    """The number in the form of the table above, however it was typed.

    Forgives full width, blanks, dashes, brackets, +86 and a spreadsheet's trailing ".0". Raises InvalidInput:
    `phone-missing`, `-scientific`, `-several`, `-foreign`, `-area-code`, `-length`, `-invalid`. No message repeats it.

    >>> normalise_phone("＋86 138-0013-8000"), normalise_phone("(0537) 2234567转801")
    ('13800138000', '0537-2234567-801')
    """
    given = plain(text).removesuffix(".0")
    _refuse_what_is_not_one_number(given, field)
    number, extension = _split_extension(given)
    compact = re.sub(r"[-().]", "", number)
    country = _COUNTRY.match(compact)
    digits = compact[country.end() :] if country else compact
    if not is_digits(digits):
        raise _invalid(field)
    if _MOBILE.fullmatch(digits) and not extension:
        return digits
    if _SERVICE_LINE.fullmatch(digits):
        return _with_extension(digits, extension)
    land_line = _LAND_LINE.fullmatch(digits) or (_LAND_LINE.fullmatch("0" + digits) if country else None)
    if land_line:
        return _with_extension(f"{land_line[1]}-{land_line[2]}", extension)
    raise _what_is_wrong(digits, field)


def is_mobile(phone: str) -> bool:
    """Whether a normalised number can receive a text message."""
    return _MOBILE.fullmatch(phone) is not None


def _refuse_what_is_not_one_number(given: str, field: str | None) -> None:
    if not given:
        raise InvalidInput(
            zh="请填写联系电话。", en="Please enter a phone number.", code="phone-missing", field=field
        )
    if is_scientific(given):
        raise InvalidInput(
            zh="电话号码被表格软件变成了科学计数法，末尾几位可能已经丢失。请把该列设为“文本”后重新填写。",
            en="A spreadsheet has turned the number into scientific notation and digits may be lost. "
            "Please format the column as text and enter it again.",
            code="phone-scientific",
            field=field,
        )
    if len([part for part in re.split(r"[/、,，;；|或]", given) if part]) > 1:
        raise InvalidInput(
            zh="这里只能填一个电话号码，请把其余的号码填到备用电话里。",
            en="Only one phone number fits here. Please put the others under further numbers.",
            code="phone-several",
            field=field,
        )
    if re.match(r"(\+|00)(?!86)", given):
        raise InvalidInput(
            zh="目前只支持中国内地的电话号码，请填写内地手机号或固定电话。",
            en="Only phone numbers of mainland China work here. Please enter a mainland mobile or land line.",
            code="phone-foreign",
            field=field,
        )


def _split_extension(given: str) -> tuple[str, str]:
    found = _SPOKEN_EXTENSION.fullmatch(given) or _DASHED_EXTENSION.fullmatch(given)
    return (found[1], found[2]) if found else (given, "")


def _with_extension(number: str, extension: str) -> str:
    return f"{number}-{extension}" if extension else number


def _what_is_wrong(digits: str, field: str | None) -> InvalidInput:
    if _WITHOUT_AREA.fullmatch(digits):
        return InvalidInput(
            zh="固定电话前面要加区号，例如“0537-2234567”。",
            en='Please put the area code before a land line, as in "0537-2234567".',
            code="phone-area-code",
            field=field,
        )
    if re.match(r"1[3-9]", digits):
        return InvalidInput(
            zh=f"手机号应为 11 位，您填了 {len(digits)} 位。请补全或去掉多余的数字。",
            en=f"A mobile number has 11 digits; you entered {len(digits)}. Please complete or shorten it.",
            code="phone-length",
            field=field,
        )
    return _invalid(field)


def _invalid(field: str | None) -> InvalidInput:
    return InvalidInput(
        zh="号码不是有效的手机号或固定电话，请核对后重新填写。",
        en="This is neither a mobile number nor a land line. Please check it and enter it again.",
        code="phone-invalid",
        field=field,
    )
