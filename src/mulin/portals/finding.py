"""One search box over several parts. Each part finds its own; `config` registers it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from mulin.identity.access import Actor

SHORTEST = 2
LONGEST = 60
ROWS_EACH = 10


@dataclass(frozen=True)
class Hit:
    """One thing found: masked, with a public id in its address."""

    title: str
    url: str
    meta: str = ""


@dataclass(frozen=True)
class Provider:
    """What one part can find. `find(actor, text, limit)` gives only what the actor may see."""

    code: str
    label: str | Promise
    permission: str
    find: Callable[[Actor, str, int], list[Hit]]
    order: int = 100


@dataclass(frozen=True)
class Section:
    label: str
    hits: list[Hit]
    is_cut: bool


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Offer a provider; the same code again replaces it."""
    _providers[provider.code] = provider


def providers() -> list[Provider]:
    return sorted(_providers.values(), key=lambda provider: (provider.order, provider.code))


def find(actor: Actor, text: str) -> list[Section]:
    """What each part finds, without the parts that find nothing. One row more is asked for, to say that there are more."""
    text = " ".join(text.split())[:LONGEST]
    if len(text) < SHORTEST:
        return []
    sections = []
    for provider in providers():
        hits = provider.find(actor, text, ROWS_EACH + 1) if actor.may(provider.permission) else []
        if hits:
            sections.append(Section(str(provider.label), hits[:ROWS_EACH], len(hits) > ROWS_EACH))
    return sections
