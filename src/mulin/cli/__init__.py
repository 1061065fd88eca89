"""The command `mulin`: thin commands over the services, one small file each.

Nothing here is imported before it is needed: `mulin --help` starts neither Django nor the database.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 when it could not, 2 when it was called wrongly."""
    from mulin.cli import words

    given = list(sys.argv[1:] if arguments is None else arguments)
    given = words.choose_language(given)
    from mulin.cli.outcome import outcome_of

    return outcome_of(given)
