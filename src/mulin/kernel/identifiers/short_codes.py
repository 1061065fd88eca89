"""Codes for paper and the telephone: short, grouped, and with a check character.

The last character makes the weighted sum of all values divisible by 31. Since 31 is prime and no code is 31 long, one
wrong character or two swapped ones (not only neighbours) always break it.
"""

from __future__ import annotations

from mulin.kernel.clock import Rng
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers.public_ids import UNAMBIGUOUS, in_base_31, number_below
from mulin.kernel.identifiers.typed_text import plain

_ALPHABET = UNAMBIGUOUS.upper()
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_MODULUS = len(_ALPHABET)


def short_code(number: int, characters: int = 8) -> str:
    """The code of a number in [0, 31 ** (characters - 1)), check character included, in groups of four.

    >>> short_code(20_000_000_000)
    'RJM9-QJCH'
    """
    assert 2 <= characters < _MODULUS, "the check character is sound for 2 to 30 characters"
    assert 0 <= number < _MODULUS ** (characters - 1), f"{number} does not fit into {characters} characters"
    values = in_base_31(number, characters - 1)
    weighted = sum(weight * value for weight, value in enumerate(values, start=1))
    check = -weighted * pow(characters, -1, _MODULUS) % _MODULUS
    return _grouped("".join(_ALPHABET[value] for value in [*values, check]))


def new_short_code(rng: Rng, characters: int = 8) -> str:
    """A code drawn at random: eight characters are 34.7 bits, so guard look-ups by it with a second fact or a limit."""
    return short_code(number_below(rng, _MODULUS ** (characters - 1)), characters)


def normalise_short_code(text: str, characters: int = 8, field: str | None = "code") -> str:
    """The code as `short_code` prints it, however it was typed: lower case, full width, blanks, missing dashes.

    Raises InvalidInput: `short-code-missing`, `short-code-character`, `short-code-length`, `short-code-check`.

    >>> normalise_short_code(" rjm9ｑjch ")
    'RJM9-QJCH'
    """
    code = plain(text).replace("-", "").upper()
    if not code:
        raise InvalidInput(
            zh="请填写编号。", en="Please enter the code.", code="short-code-missing", field=field
        )
    strange = next((character for character in code if character not in _VALUE), None)
    if strange is not None:
        raise InvalidInput(
            zh=f"编号里不会有“{strange}”。编号只用数字 2–9 和字母，不用 0、O、1、I、L，请对照原件再看一遍。",
            en=f'"{strange}" never occurs in a code: they use 2–9 and letters, but no 0, O, 1, I or L. '
            "Please compare with the paper.",
            code="short-code-character",
            field=field,
        )
    if len(code) != characters:
        raise InvalidInput(
            zh=f"编号应有 {characters} 个字符，您填了 {len(code)} 个。请补全或去掉多余的字符。",
            en=f"A code has {characters} characters; you entered {len(code)}. Please complete or shorten it.",
            code="short-code-length",
            field=field,
        )
    if sum(weight * _VALUE[character] for weight, character in enumerate(code, start=1)) % _MODULUS:
        raise InvalidInput(
            zh="编号不对，可能有一个字符打错，或者两个字符颠倒了。请对照原件再看一遍。",
            en="This is not a valid code: one character may be wrong, or two swapped. Please compare with the paper.",
            code="short-code-check",
            field=field,
        )
    return _grouped(code)


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
