"""Boundaries that tile the county: communities are the cells of a slightly bent lattice, grids are pieces of a cell.

Longitudes and latitudes are WGS-84; polygons are GeoJSON, closed and counter-clockwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from mulin.kernel.clock import SeededRandomness

WEST, SOUTH = 116.86, 35.38
CELL_WIDTH, CELL_HEIGHT = 0.021, 0.017
BEND = 0.18
BEND_INSIDE = 0.12
DECIMALS = 7

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Cell:
    """One four-sided piece of land by its corners: south-west, south-east, north-east, north-west."""

    corners: tuple[Point, Point, Point, Point]

    def at(self, along: float, up: float) -> Point:
        """The point that lies so far from west to east and from south to north, both in [0, 1]."""
        south_west, south_east, north_east, north_west = self.corners
        south = between(south_west, south_east, along)
        north = between(north_west, north_east, along)
        return between(south, north, up)

    @property
    def middle(self) -> Point:
        return self.at(0.5, 0.5)

    def polygon(self) -> dict[str, object]:
        return polygon(list(self.corners))

    def pieces(self, count: int, rng: SeededRandomness) -> list[Cell]:
        """`count` cells that tile this one, in rows of two or three, with bent inner corners."""
        columns = 2 if count % 2 == 0 and count <= 4 else ceil(count / 2)
        rows = ceil(count / columns)
        corner = {
            (column, row): self.at(
                inside(column, columns, rng) if 0 < column < columns and 0 < row < rows else column / columns,
                inside(row, rows, rng) if 0 < column < columns and 0 < row < rows else row / rows,
            )
            for column in range(columns + 1)
            for row in range(rows + 1)
        }
        return [cell_of(corner, number % columns, number // columns) for number in range(columns * rows)][
            :count
        ]


def inside(step: int, steps: int, rng: SeededRandomness) -> float:
    return (step + rng.uniform(-BEND_INSIDE, BEND_INSIDE)) / steps


def between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def cell_of(corner: dict[tuple[int, int], Point], column: int, row: int) -> Cell:
    places = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    south_west, south_east, north_east, north_west = (corner[place] for place in places)
    return Cell((south_west, south_east, north_east, north_west))


@dataclass(frozen=True)
class Lattice:
    """The land of all communities. A subdistrict is a block of `block` columns by `block_rows` rows."""

    corner: dict[tuple[int, int], Point]
    block: int
    block_rows: int
    blocks_across: int

    def origin(self, subdistrict: int) -> tuple[int, int]:
        return (subdistrict % self.blocks_across) * self.block, (
            subdistrict // self.blocks_across
        ) * self.block_rows

    def community(self, subdistrict: int, number: int) -> Cell:
        """The cell of the `number`-th community of a subdistrict, both counted from zero."""
        column, row = self.origin(subdistrict)
        return cell_of(self.corner, column + number % self.block, row + number // self.block)

    def subdistrict(self, subdistrict: int) -> dict[str, object]:
        column, row = self.origin(subdistrict)
        return polygon(self.outline(column, row, self.block, self.block_rows))

    def outline(self, column: int, row: int, width: int, height: int) -> Ring:
        """All lattice points around a block, so that it fits its neighbours without a gap."""
        south = [(column + step, row) for step in range(width)]
        east = [(column + width, row + step) for step in range(height)]
        north = [(column + width - step, row + height) for step in range(width)]
        west = [(column, row + height - step) for step in range(height)]
        return [self.corner[place] for place in (*south, *east, *north, *west)]


def lattice(subdistricts: int, size: int, rng: SeededRandomness) -> Lattice:
    """Land for so many subdistricts of `size` communities each."""
    block = ceil(sqrt(size))
    block_rows = ceil(size / block)
    across = subdistricts if subdistricts <= 3 else ceil(sqrt(subdistricts))
    down = ceil(subdistricts / across)
    corner = {
        (column, row): (
            WEST + (column + rng.uniform(-BEND, BEND)) * CELL_WIDTH,
            SOUTH + (row + rng.uniform(-BEND, BEND)) * CELL_HEIGHT,
        )
        for column in range(across * block + 1)
        for row in range(down * block_rows + 1)
    }
    return Lattice(corner, block, block_rows, across)


def polygon(ring: Ring) -> dict[str, object]:
    points = [[round(longitude, DECIMALS), round(latitude, DECIMALS)] for longitude, latitude in ring]
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}
