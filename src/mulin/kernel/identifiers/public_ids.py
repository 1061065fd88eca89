"""Ids that may stand in a URL or on paper because nobody can guess the next one."""

from __future__ import annotations

from mulin.kernel.clock import Rng

# No 0/o, 1/i/l: read aloud or typed off paper, they are mistaken for one another. 31 characters, a prime number,
# which lets `short_codes` catch every swap.
UNAMBIGUOUS = "23456789abcdefghjkmnpqrstuvwxyz"

PUBLIC_ID_LENGTH = 22
_SECRET_LENGTH = 26


def new_public_id(rng: Rng) -> str:
    """22 lower-case characters, 108.9 bits; safe in URLs, file names and spreadsheets."""
    return _drawn(rng, PUBLIC_ID_LENGTH)


def new_secret(rng: Rng) -> str:
    """26 lower-case characters, 128.8 bits: for secret links and tokens. Store only its hash."""
    return _drawn(rng, _SECRET_LENGTH)


def number_below(rng: Rng, bound: int) -> int:
    """A number in [0, bound); 64 bits more than needed are drawn, so that no value is measurably likelier."""
    count = (bound.bit_length() + 7) // 8 + 8
    return int.from_bytes(rng.token_bytes(count), "big") % bound


def in_base_31(number: int, length: int) -> list[int]:
    """The digits of `number`, most significant first, `length` of them."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(UNAMBIGUOUS))
        digits.append(digit)
    return digits[::-1]


def _drawn(rng: Rng, length: int) -> str:
    number = number_below(rng, len(UNAMBIGUOUS) ** length)
    return "".join(UNAMBIGUOUS[digit] for digit in in_base_31(number, length))
