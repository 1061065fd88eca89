"""The figures on the first page of the workbench. Parts say what they count; `config` registers it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from mulin.identity.access import Actor
from mulin.kernel.clock import Clock
from mulin.web.formats import number


@dataclass(frozen=True)
class Tile:
    """One count that opens the rows behind it. `label` may be lazy; `count` costs a fixed number of queries."""

    code: str
    label: str | Promise
    permission: str
    count: Callable[[Actor, Clock], int]
    url: Callable[[], str]
    order: int = 100
    unit: str | Promise = ""
    accent_when_positive: bool = False


@dataclass(frozen=True)
class Figure:
    """A tile with its number, as the figure component reads it."""

    label: str
    value: str
    unit: str
    url: str
    tone: str
    of_text: str = ""
    change_text: str = ""
    age_text: str = ""


_tiles: dict[str, Tile] = {}


def register(tile: Tile) -> None:
    """Offer a tile; the same code again replaces it."""
    _tiles[tile.code] = tile


def tiles() -> list[Tile]:
    return sorted(_tiles.values(), key=lambda tile: (tile.order, tile.code))


def figures_for(actor: Actor, clock: Clock) -> list[Figure]:
    """The figures of whatever this actor may see, counted now."""
    return [figure(tile, tile.count(actor, clock)) for tile in tiles() if actor.may(tile.permission)]


def figure(tile: Tile, count: int) -> Figure:
    return Figure(
        label=str(tile.label),
        value=number(count),
        unit=str(tile.unit),
        url=tile.url(),
        tone="accent" if tile.accent_when_positive and count else "",
    )
