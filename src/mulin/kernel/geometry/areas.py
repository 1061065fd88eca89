"""Which areas hold a point, out of thousands, in microseconds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mulin.kernel.errors import FieldProblem, InvalidInput, Text
from mulin.kernel.geometry.distances import EARTH_RADIUS_M
from mulin.kernel.geometry.shapes import BadShape, drawn, shape_of

if TYPE_CHECKING:
    from shapely import MultiPolygon

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Overlap(Generic[Key]):
    """Two areas that claim the same ground."""

    first: Key
    second: Key
    area_m2: float


class AreaIndex(Generic[Key]):
    """Areas by key, from GeoJSON geometries or their bare coordinates, all in one coordinate system.

    A boundary belongs to its area, so a point on a common border lies in both neighbours; answers keep the order in
    which the areas were given. Raises InvalidInput `boundary-invalid` with one problem for each bad area, its field
    being the key as text.
    """

    def __init__(self, geometries: Mapping[Key, Any]) -> None:
        # Loading shapely takes a quarter of a second, which pages without a map should not pay.
        import numpy
        import shapely

        shapes = _shapes_of(geometries)
        self._keys = tuple(shapes)
        self._shapes = numpy.array(list(shapes.values()), dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._bounds = {key: shape.bounds for key, shape in shapes.items()}
        shapely.prepare(self._shapes)

    def __len__(self) -> int:
        return len(self._keys)

    def containing(self, lon: float, lat: float) -> tuple[Key, ...]:
        """The keys of all areas that hold the point; none for a point that is no place."""
        import shapely

        # Both queries are the tree's box test first; the exact one then runs on the few that are left.
        near = self._tree.query(shapely.Point(lon, lat))
        return tuple(
            self._keys[place] for place in sorted(near[shapely.intersects_xy(self._shapes[near], lon, lat)])
        )

    def bounds(self, key: Key) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        west, south, east, north = self._bounds[key]
        return west, south, east, north

    def area_m2(self, key: Key) -> float:
        return _area_m2(self._shapes[self._keys.index(key)])

    def overlaps(self, min_area_m2: float = 1.0) -> list[Overlap[Key]]:
        """Pairs that share at least so much ground, the largest first."""
        import shapely

        firsts, seconds = self._tree.query(self._shapes, predicate="intersects")
        once = firsts < seconds
        firsts, seconds = firsts[once], seconds[once]
        shared = shapely.intersection(self._shapes[firsts], self._shapes[seconds])
        found = [
            Overlap(self._keys[first], self._keys[second], _area_m2(common))
            for first, second, common in zip(firsts, seconds, shared, strict=True)
        ]
        places = {key: place for place, key in enumerate(self._keys)}
        return sorted(
            (overlap for overlap in found if overlap.area_m2 >= min_area_m2),
            key=lambda overlap: (-overlap.area_m2, places[overlap.first], places[overlap.second]),
        )


def repaired(geometry: Any) -> dict[str, Any]:
    """A MultiPolygon geometry without faults of its line, for boundaries that cross or touch themselves a little, as
    published ones often do. Compare its `AreaIndex.area_m2` with what was expected, and let a person agree.

    Raises InvalidInput `boundary-invalid` where nothing with an area is left, or there was nothing to read.
    """
    import shapely

    try:
        valid = shapely.make_valid(drawn(geometry))
    except BadShape as bad:
        raise InvalidInput(zh=bad.text.zh, en=bad.text.en, code="boundary-invalid") from None
    areas = [part for part in _leaves(valid) if part.geom_type == "Polygon" and not part.is_empty]
    if not areas:
        raise InvalidInput(
            zh="边界没有围出任何面积，请重新绘制。",
            en="The boundary encloses no ground. Please draw it again.",
            code="boundary-invalid",
        )
    shape: dict[str, Any] = shapely.geometry.mapping(shapely.MultiPolygon(areas))
    return shape


def _leaves(shape: Any) -> list[Any]:
    parts = getattr(shape, "geoms", None)
    return [shape] if parts is None else [leaf for part in parts for leaf in _leaves(part)]


def _shapes_of(geometries: Mapping[Key, Any]) -> dict[Key, MultiPolygon]:
    shapes: dict[Key, MultiPolygon] = {}
    problems = []
    for key, geometry in geometries.items():
        try:
            shapes[key] = shape_of(geometry)
        except BadShape as bad:
            text = Text(zh="{key}：{what}", en="{key}: {what}").format(key=key, what=bad.text)
            problems.append(FieldProblem(str(key), text, "boundary-invalid"))
    if problems:
        raise InvalidInput(problems=problems, code="boundary-invalid")
    return shapes


def _area_m2(shape: Any) -> float:
    """Exact to about 1 % for areas no larger than a county."""
    if shape.is_empty:
        return 0.0
    metres_per_degree = radians(1) * EARTH_RADIUS_M
    return float(shape.area) * metres_per_degree**2 * cos(radians(shape.centroid.y))
