"""Numbers that pass every check and belong to nobody."""

from __future__ import annotations

from collections import Counter
from datetime import date

from mulin.kernel.clock import SeededRandomness

REGION = "990101"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident_id(birth_date: date, order: int) -> str:
    """An identity number of the county that does not exist; `order` (0 to 999) is odd for men. Source: GB 11643-1999.

    >>> resident_id(date(1944, 3, 8), 2)
    '990101194403080025'
    """
    body = f"{REGION}{birth_date:%Y%m%d}{order:03d}"
    return (
        body
        + _ID_CHECKS[sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, body, strict=True)) % 11]
    )


class Register:
    """Gives out identity numbers, none twice."""

    def __init__(self) -> None:
        self._given: Counter[tuple[date, bool]] = Counter()

    def next_id(self, birth_date: date, is_male: bool) -> str:
        """The next number of that day; a day holds 499 men and 499 women."""
        self._given[birth_date, is_male] += 1
        order = self._given[birth_date, is_male] * 2 - (1 if is_male else 0)
        assert order <= 999, f"too many births on {birth_date}: take fewer people"
        return resident_id(birth_date, order)


def mobile(serial: int) -> str:
    """A mobile number of the prefix 154, which no operator has."""
    return f"154{serial:08d}"


def land_line(serial: int) -> str:
    """A land line of the area code 0958, which no place has."""
    return f"0958-{2_100_000 + serial}"


def credit_code(category: str, rng: SeededRandomness) -> str:
    """A unified social credit code of that category ("91" a company, "92" a shop, "52" …). Source: GB 32100-2015."""
    body = f"{category}{REGION}{rng.randrange(10**9):09d}"
    total = sum(3**place % 31 * _CREDIT_ALPHABET.index(sign) for place, sign in enumerate(body))
    return body + _CREDIT_ALPHABET[-total % 31]
