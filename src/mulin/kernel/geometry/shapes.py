"""GeoJSON coordinates to shapes, with every fault named."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mulin.kernel.errors import Text

if TYPE_CHECKING:
    from shapely import MultiPolygon

_POLYGON_DEPTH, _MULTI_POLYGON_DEPTH = 3, 4


class BadShape(ValueError):
    """Never leaves this package: `areas` gathers these into one InvalidInput."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def shape_of(geometry: Any) -> MultiPolygon:
    """From a GeoJSON geometry or feature, or the bare coordinates of a Polygon or MultiPolygon."""
    from shapely import MultiPolygon, Polygon, is_valid_reason

    rings_of_parts = _parts(geometry)
    shape = MultiPolygon(
        [
            Polygon(rings[0], rings[1:])
            for rings in ([_ring(ring) for ring in part] for part in rings_of_parts)
        ]
    )
    if not shape.is_valid:
        reason, _, place = is_valid_reason(shape).partition("[")
        where = place.rstrip("]") or "?"
        raise BadShape(
            f"边界线有问题（{_REASONS.get(reason, '形状不合规则')}，位置 {where}），请在绘图软件里改正。",
            f"the boundary is not a proper shape ({reason.lower()} at {where}); please correct it in the drawing tool.",
        )
    return shape


def drawn(geometry: Any) -> MultiPolygon:
    """The shape as it was drawn, faults of its line included."""
    from shapely import MultiPolygon, Polygon

    rings_of_parts = [_rings(part) for part in _parts(geometry)]
    return MultiPolygon([Polygon(shell, holes) for shell, *holes in rings_of_parts])


_REASONS = {
    "Self-intersection": "边界线自己交叉",
    "Ring Self-intersection": "边界线碰到自己",
    "Hole lies outside shell": "空洞在边界之外",
    "Holes are nested": "空洞套空洞",
    "Interior is disconnected": "内部被隔断",
    "Nested shells": "一块套着另一块",
    "Too few points in geometry component": "点太少",
    "Duplicate Rings": "有重复的边界线",
}


def _parts(geometry: Any) -> list[Sequence[Any]]:
    if isinstance(geometry, Mapping):
        if geometry.get("type") == "Feature":
            return _parts(geometry.get("geometry"))
        if geometry.get("type") not in ("Polygon", "MultiPolygon"):
            raise BadShape(
                "只能用面（Polygon 或 MultiPolygon），不能用点或线。",
                "only areas (Polygon or MultiPolygon) work here, no points or lines.",
            )
        geometry = geometry.get("coordinates")
    depth = _depth(geometry)
    if depth == _POLYGON_DEPTH:
        return [geometry]
    if depth == _MULTI_POLYGON_DEPTH:
        return list(geometry)
    raise _unreadable()


def _depth(value: Any) -> int:
    depth = 0
    while isinstance(value, Sequence) and not isinstance(value, str) and depth <= _MULTI_POLYGON_DEPTH:
        if not value:
            raise BadShape("没有任何坐标。", "there are no coordinates.")
        value = value[0]
        depth += 1
    return depth


def _rings(part: Any) -> list[list[tuple[float, float]]]:
    if not isinstance(part, Sequence) or isinstance(part, str) or not part:
        raise _unreadable()
    return [_ring(ring) for ring in part]


def _ring(ring: Any) -> list[tuple[float, float]]:
    try:
        points = [(float(position[0]), float(position[1])) for position in ring]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise _unreadable() from None
    for lon, lat in points:
        if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
            raise BadShape(
                f"坐标（{lon:g}, {lat:g}）不是经纬度。应先经度后纬度，单位为度。",
                f"({lon:g}, {lat:g}) is no longitude and latitude; give longitude first, in degrees.",
            )
    if len(set(points)) < 3:
        raise BadShape("边界至少要有三个不同的点。", "a boundary needs at least three different points.")
    return points


def _unreadable() -> BadShape:
    return BadShape(
        "坐标的写法不对，应为 GeoJSON 的 Polygon 或 MultiPolygon。",
        "the coordinates cannot be read; they should be those of a GeoJSON Polygon or MultiPolygon.",
    )
