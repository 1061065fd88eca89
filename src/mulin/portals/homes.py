"""The figures and lists on the first page of the workbench. Parts bring them; `config` registers them here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from mulin.identity.access import Actor
from mulin.web.contributions import HomeList, ListProvider
from mulin.web.formats import number


@dataclass(frozen=True)
class Tile:
    """One count that opens the rows behind it. `label` may be lazy; `count` costs a fixed number of queries."""

    code: str
    label: str | Promise
    permission: str
    count: Callable[[HttpRequest], int]
    url: Callable[[], str]
    order: int = 100
    unit: str | Promise = ""
    accent_when_positive: bool = False


@dataclass(frozen=True)
class Figure:
    """A tile with its number, as the figure component reads it; a value of None is drawn as unknown."""

    label: str
    value: str | None
    unit: str
    url: str
    tone: str
    of_text: str = ""
    change_text: str = ""
    age_text: str = ""


_tiles: dict[str, Tile] = {}
_lists: dict[str, ListProvider] = {}


def register(tile: Tile) -> None:
    """Offer a tile; the same code again replaces it."""
    _tiles[tile.code] = tile


def tiles() -> list[Tile]:
    return sorted(_tiles.values(), key=lambda tile: (tile.order, tile.code))


def figures_for(request: HttpRequest) -> list[Figure]:
    """The figures of whatever this actor may see, counted now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return [figure(tile, tile.count(request)) for tile in tiles() if actor.may(tile.permission)]


def figure(tile: Tile, count: int) -> Figure:
    return Figure(
        label=str(tile.label),
        value=number(count),
        unit=str(tile.unit),
        url=tile.url(),
        tone="accent" if tile.accent_when_positive and count else "",
    )


def register_list(provider: ListProvider) -> None:
    """Offer a list; the same code again replaces it."""
    _lists[provider.code] = provider


def lists_for(request: HttpRequest) -> list[HomeList]:
    """The lists that are meant for whoever asks, in their order."""
    providers = sorted(_lists.values(), key=lambda provider: (provider.order, provider.code))
    return [shown for provider in providers if (shown := provider.show(request)) is not None]
