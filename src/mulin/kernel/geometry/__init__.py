"""Places: which area holds a point, how far it is, and in which coordinate system it is told."""

from mulin.kernel.geometry.areas import AreaIndex, Overlap, repaired
from mulin.kernel.geometry.coordinates import (
    Crs,
    bd09_to_gcj02,
    convert,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_outside_china,
    wgs84_to_gcj02,
)
from mulin.kernel.geometry.distances import distance_m

__all__ = [
    "AreaIndex",
    "Crs",
    "Overlap",
    "bd09_to_gcj02",
    "convert",
    "distance_m",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "is_outside_china",
    "repaired",
    "wgs84_to_gcj02",
]
