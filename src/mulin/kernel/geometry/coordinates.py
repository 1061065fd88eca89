"""Between the coordinate systems in use in China.

| name | used by |
|---|---|
| WGS-84 | GPS receivers |
| CGCS2000 | surveying and 天地图; within a metre of WGS-84, so taken as the same |
| GCJ-02 | AMap, Tencent, WeChat: WGS-84 shifted by 100 to 700 m inside China |
| BD-09 | Baidu: GCJ-02 shifted once more |

Only the way from WGS-84 outwards has a formula; the way back is found by iteration, to far less than a millimetre.
Outside China nothing is shifted.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


class Crs(StrEnum):
    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


# The ellipsoid of Krasovsky 1940, on which GCJ-02 computes its shift.
_SEMI_MAJOR_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BAIDU_TURN = pi * 3000 / 180
_CLOSE_ENOUGH_DEGREES = 1e-10
_MOST_ROUNDS = 30


def is_outside_china(lon: float, lat: float) -> bool:
    """By the rectangle that map services use: it is larger than the country, and neighbours inside it are shifted too."""
    return not (_WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH)


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    if is_outside_china(lon, lat):
        return lon, lat
    east_m, north_m = _shift_m(lon - 105, lat - 35)
    curvature = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    metres_per_radian_north = _SEMI_MAJOR_AXIS_M * (1 - _ECCENTRICITY_SQUARED) / (curvature * sqrt(curvature))
    metres_per_radian_east = _SEMI_MAJOR_AXIS_M / sqrt(curvature) * cos(radians(lat))
    return (
        lon + east_m / metres_per_radian_east * 180 / pi,
        lat + north_m / metres_per_radian_north * 180 / pi,
    )


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Metres east and north by which GCJ-02 moves a point `x`, `y` degrees from 105° E, 35° N."""
    ripple = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (ripple + 20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (ripple + 20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    return east, north


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    return _undone(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    if is_outside_china(lon, lat):
        return lon, lat
    radius = hypot(lon, lat) + 0.000_02 * sin(lat * _BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000_003 * cos(lon * _BAIDU_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    return _undone(gcj02_to_bd09, lon, lat)


def _undone(shift: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that `shift` moves to (lon, lat). Shifts change so slowly over the ground that correcting the guess by
    what it misses converges within a few rounds."""
    if is_outside_china(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(_MOST_ROUNDS):
        reached_lon, reached_lat = shift(guess_lon, guess_lat)
        missed_lon, missed_lat = lon - reached_lon, lat - reached_lat
        guess_lon += missed_lon
        guess_lat += missed_lat
        if max(abs(missed_lon), abs(missed_lat)) < _CLOSE_ENOUGH_DEGREES:
            break
    return guess_lon, guess_lat


def convert(lon: float, lat: float, source: Crs, target: Crs) -> Point:
    """The same place in another coordinate system.

    >>> convert(116.5, 35.4, Crs.WGS84, Crs.CGCS2000)
    (116.5, 35.4)
    """
    outward = (wgs84_to_gcj02, gcj02_to_bd09)
    back = (gcj02_to_wgs84, bd09_to_gcj02)
    depth = {Crs.WGS84: 0, Crs.CGCS2000: 0, Crs.GCJ02: 1, Crs.BD09: 2}
    here, there = depth[source], depth[target]
    for step in outward[here:there]:
        lon, lat = step(lon, lat)
    for step in reversed(back[there:here]):
        lon, lat = step(lon, lat)
    return lon, lat
