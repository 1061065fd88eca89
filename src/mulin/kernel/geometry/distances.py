"""Distances on the sphere: within 0.6 % of the ellipsoid, enough for "who is near"."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius of WGS-84."""


def distance_m(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> float:
    """Great-circle (haversine) metres between two points in degrees of the same coordinate system.

    >>> round(distance_m(116.0, 35.0, 116.0, 36.0))
    111195
    """
    half_lat = radians(to_lat - from_lat) / 2
    half_lon = radians(to_lon - from_lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(from_lat)) * cos(radians(to_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
