"""Resident identity numbers (公民身份号码)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers.typed_text import is_digits, is_scientific, plain

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
# 81-83: residence permits of people from Hong Kong, Macao and Taiwan; a first 9: foreigners' permanent residence cards.
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9")
_OLDEST_YEARS = 130


class Sex(IntEnum):
    """Source: GB/T 2261.1."""

    UNKNOWN = 0
    MALE = 1
    FEMALE = 2
    NOT_STATED = 9


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A number that has passed every check. `region` is the six-digit code at first registration, often not today's.

    Its repr is empty on purpose: the number must not reach a log.
    """

    number: str
    birth_date: date
    sex: Sex
    region: str

    def __repr__(self) -> str:
        return "ResidentId(…)"


def check_resident_id(text: str, today: date, field: str | None = "resident_id") -> ResidentId:
    """Read an 18-character number, forgiving blanks, full width and a small x.

    Raises InvalidInput naming the first thing wrong: `resident-id-missing`, `-scientific`, `-old`, `-length`,
    `-character`, `-region`, `-birth-date`, `-birth-date-range`, `-check`. No message repeats the number.

    >>> check_resident_id("11010519491231002x", date(2026, 1, 1)).birth_date
    datetime.date(1949, 12, 31)

    Source: GB 11643-1999.
    """
    number = plain(text).upper()
    _check_shape(number, field)
    region = number[:6]
    if not _REGION.match(region):
        raise InvalidInput(
            zh="身份证号码前两位不是任何省份的代码，请核对开头的数字。",
            en="The first two digits are no province's code. Please check the beginning of the number.",
            code="resident-id-region",
            field=field,
        )
    birth_date = _birth_date(number[6:14], today, field)
    expected = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    if number[17] != _CHECK_CHARACTERS[expected]:
        raise InvalidInput(
            zh="身份证号码的最后一位与前面的数字对不上，说明有一位抄错了。请对照证件逐位核对。",
            en="The last character does not fit the others, so one of them is wrong. Please compare with the card.",
            code="resident-id-check",
            field=field,
        )
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return ResidentId(number=number, birth_date=birth_date, sex=sex, region=region)


def _check_shape(number: str, field: str | None) -> None:
    if not number:
        raise InvalidInput(
            zh="请填写身份证号码。",
            en="Please enter the identity number.",
            code="resident-id-missing",
            field=field,
        )
    if is_scientific(number):
        raise InvalidInput(
            zh="身份证号码被表格软件变成了科学计数法，末尾几位已经丢失。请把该列设为“文本”后重新填写。",
            en="A spreadsheet has turned the number into scientific notation and its last digits are lost. "
            "Please format the column as text and enter it again.",
            code="resident-id-scientific",
            field=field,
        )
    if len(number) == 15 and is_digits(number):
        raise InvalidInput(
            zh="这是 15 位的旧身份证号码，已停止使用。请填写 18 位的号码。",
            en="This is an old 15-digit number, no longer in use. Please enter the one with 18 characters.",
            code="resident-id-old",
            field=field,
        )
    if len(number) != 18:
        raise InvalidInput(
            zh=f"身份证号码应为 18 位，您填了 {len(number)} 位。请对照证件补全或去掉多余的字符。",
            en=f"An identity number has 18 characters; you entered {len(number)}. Please compare with the card.",
            code="resident-id-length",
            field=field,
        )
    wrong = next(
        (place for place, character in enumerate(number, 1) if not _may_stand(character, place)), None
    )
    if wrong is not None:
        raise InvalidInput(
            zh=f"身份证号码第 {wrong} 位不对：前 17 位只能是数字，最后一位是数字或字母 X。",
            en=f"Character {wrong} cannot be right: the first 17 are digits, the last is a digit or the letter X.",
            code="resident-id-character",
            field=field,
        )


def _may_stand(character: str, place: int) -> bool:
    return is_digits(character) or (place == 18 and character == "X")


def _birth_date(digits: str, today: date, field: str | None) -> date:
    try:
        birth_date = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidInput(
            zh="身份证号码第 7 至 14 位是出生日期，但没有这样的日期。请对照证件核对这几位。",
            en="Characters 7 to 14 are the date of birth, but there is no such date. Please check them on the card.",
            code="resident-id-birth-date",
            field=field,
        ) from None
    if birth_date > today or today.year - birth_date.year > _OLDEST_YEARS:
        raise InvalidInput(
            zh=f"身份证号码里的出生日期晚于今天，或早于 {_OLDEST_YEARS} 年前。请核对第 7 至 14 位。",
            en=f"The date of birth is after today or more than {_OLDEST_YEARS} years ago. "
            "Please check characters 7 to 14.",
            code="resident-id-birth-date-range",
            field=field,
        )
    return birth_date
