"""What this part offers to the floors below it."""

from __future__ import annotations

from mulin.base import imports, packs
from mulin.parts.areas.imports import KINDS
from mulin.parts.areas.packs import SECTIONS


def register() -> None:
    """Called once when the application is ready; again, it changes nothing."""
    for section in SECTIONS:
        packs.register(section)
    for kind in KINDS:
        imports.register(kind)
