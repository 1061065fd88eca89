"""Pieces of pages that many pages share, drawn once:

    {% call remembered("filters", key) %}…{% endcall %}

The key holds everything that the piece depends on; the language belongs to it by itself. What is nobody's but one
person's belongs into the key or not into such a piece, and a form that is sent never does: its token is one person's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from django.utils.translation import get_language
from markupsafe import Markup

PIECES_KEPT = 512
_pieces: dict[Hashable, Markup] = {}
_lock = threading.Lock()


class HoldsToken(Exception):
    """A piece that was to be remembered holds the token of one person's session."""


def remembered(name: str, key: Hashable, caller: Callable[[], str]) -> Markup:
    """The piece `name` as it was drawn for this key, or as `caller` draws it now. Raises HoldsToken."""
    place = (name, get_language(), key)
    piece = _pieces.get(place)
    if piece is None:
        piece = Markup(caller())  # noqa: S704 (what a template drew is escaped)
        if "csrfmiddlewaretoken" in piece:
            raise HoldsToken(name)
        with _lock:
            if len(_pieces) >= PIECES_KEPT:
                _pieces.clear()
            _pieces[place] = piece
    return piece
