"""One search box over several parts. Each part finds its own; `config` registers it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mulin.identity.access import Actor
from mulin.web.contributions import FindProvider, Hit

SHORTEST = 2
LONGEST = 60
ROWS_EACH = 10


@dataclass(frozen=True)
class Section:
    label: str
    hits: list[Hit]
    is_cut: bool


_providers: dict[str, FindProvider] = {}


def register(provider: FindProvider) -> None:
    """Offer a provider; the same code again replaces it."""
    _providers[provider.code] = provider


def providers() -> list[FindProvider]:
    return sorted(_providers.values(), key=lambda provider: (provider.order, provider.code))


def find(actor: Actor, text: str, today: date) -> list[Section]:
    """What each part finds, without the parts that find nothing. One row more is asked for, to say that there are more."""
    text = " ".join(text.split())[:LONGEST]
    if len(text) < SHORTEST:
        return []
    sections = []
    for provider in providers():
        hits = provider.find(actor, text, ROWS_EACH + 1, today) if actor.may(provider.permission) else []
        if hits:
            sections.append(Section(str(provider.label), hits[:ROWS_EACH], len(hits) > ROWS_EACH))
    return sections
