"""Defaults for columns that must be unguessable."""

from mulin.kernel.clock import SystemRandomness
from mulin.kernel.identifiers import new_public_id as kernel_new_public_id


def new_public_id() -> str:
    """A fresh public id; the only kind of id that may stand in a URL."""
    return kernel_new_public_id(SystemRandomness())
