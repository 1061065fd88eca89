"""How the law counts shares. "以上, 以下, 以内" include the number itself; "超过, 不满, 过半数" do not.

All exact: counts are integers, floor areas integers or Fractions, never floats. A share of nothing is no share: where
`whole` is 0, nothing is reached and nothing is exceeded.

Source: Civil Code (民法典), article 1259, in force since 2021-01-01.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

Amount = int | Fraction

HALF = Fraction(1, 2)
TWO_THIRDS = Fraction(2, 3)
THREE_QUARTERS = Fraction(3, 4)


def at_least(part: Amount, whole: Amount, share: Fraction) -> bool:
    """以上: `part` is the share of `whole` or more.

    >>> at_least(2, 3, TWO_THIRDS), at_least(61, 92, TWO_THIRDS)
    (True, False)
    """
    return _exact(whole) > 0 and _exact(part) >= share * _exact(whole)


def more_than(part: Amount, whole: Amount, share: Fraction) -> bool:
    """超过: `part` is more than the share of `whole`."""
    return _exact(whole) > 0 and _exact(part) > share * _exact(whole)


def at_most(part: Amount, whole: Amount, share: Fraction) -> bool:
    """以下, 以内: `part` is the share of `whole` or less."""
    return _exact(whole) > 0 and _exact(part) <= share * _exact(whole)


def less_than(part: Amount, whole: Amount, share: Fraction) -> bool:
    """不满, 不足: `part` is less than the share of `whole`."""
    return _exact(whole) > 0 and _exact(part) < share * _exact(whole)


def more_than_half(part: Amount, whole: Amount) -> bool:
    """过半数: exactly half is not enough.

    >>> more_than_half(5, 10), more_than_half(6, 10)
    (False, True)
    """
    return more_than(part, whole, HALF)


def least_for(whole: Amount, share: Fraction) -> int:
    """The smallest head count that is `at_least` the share.

    >>> least_for(61, THREE_QUARTERS)
    46
    """
    return ceil(share * _exact(whole))


def least_for_more_than(whole: Amount, share: Fraction) -> int:
    """The smallest head count that is `more_than` the share."""
    return floor(share * _exact(whole)) + 1


def _exact(amount: Amount) -> Fraction:
    assert isinstance(amount, int | Fraction), (
        f"{type(amount).__name__} is not exact: count in int or Fraction"
    )
    return Fraction(amount)
