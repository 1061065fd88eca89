"""How large the county is, from the number of its people."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

PEOPLE_DEFAULT = 20_000
SEED_DEFAULT = 2026
COMMUNITIES_LEAST = 12
PEOPLE_A_COMMUNITY = 4_250
COMMUNITIES_A_SUBDISTRICT = 20
REQUESTS_A_PERSON = 0.075
REQUESTS_LEAST = 90
DAYS = 61


@dataclass(frozen=True)
class Scale:
    """The sizes of one demo county."""

    people: int

    @property
    def communities(self) -> int:
        """Twelve until they would be full, then as many as it takes."""
        return max(COMMUNITIES_LEAST, ceil(self.people / PEOPLE_A_COMMUNITY))

    @property
    def subdistrict_size(self) -> int:
        """How many communities a subdistrict has."""
        return 4 if self.communities == COMMUNITIES_LEAST else COMMUNITIES_A_SUBDISTRICT

    @property
    def requests(self) -> int:
        return max(REQUESTS_LEAST, round(self.people * REQUESTS_A_PERSON))

    @property
    def photos(self) -> int:
        return 12 if self.people >= PEOPLE_DEFAULT else 2
