"""What people and spreadsheets really send, brought to plain characters."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣ー～~"), "-")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")


def plain(text: str) -> str:
    """Full-width to half-width, every dash to "-", and no blanks or invisible marks.

    >>> plain(" １３８－００１３ 　８０００\\u200b")
    '138-00138000'
    """
    half_width = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)
    return "".join(c for c in half_width if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


def is_scientific(text: str) -> bool:
    """A spreadsheet has turned a long number into 1.10101E+17 and its last digits are gone."""
    return _SCIENTIFIC.fullmatch(text) is not None


def is_digits(text: str) -> bool:
    """ASCII digits only: `str.isdigit` would let ² and ٣ pass."""
    return text.isascii() and text.isdigit()
