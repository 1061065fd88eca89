"""What stands around a page in each shell. Builders are registered by whoever knows every part; pages need not care."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Builder = Callable[[HttpRequest], dict[str, Any]]
BUILDERS: dict[str, Builder] = {}


def register(name: str, builder: Builder) -> None:
    """Let `builder` furnish the frame of shell `name`."""
    BUILDERS[name] = builder


def build(name: str, request: HttpRequest) -> dict[str, Any]:
    """The frame of shell `name`; an empty one where nobody registered a builder."""
    builder = BUILDERS.get(name)
    return builder(request) if builder else {}
