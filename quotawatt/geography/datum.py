"""GCJ-02, the shifted coordinates of Chinese maps, and WGS84: both ways, one position or many.

GCJ-02 has no published definition. The forward transform here is the one that is publicly known and
reproduces the shift of Chinese maps; its inverse is found by iteration. Outside the rectangle around China
the two are the same.
"""

import math
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]

# Krasovsky 1940, the ellipsoid of the transform.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323

_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347
_STEPS = 30
_CLOSE_DEG = 1e-11


def in_china(latitude: float, longitude: float) -> bool:
    """Whether a position (degrees) lies in the rectangle in which the transform shifts."""
    return _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST


def wgs84_to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """A position in WGS84 (degrees) as GCJ-02; unchanged outside China."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _shift(latitude, longitude, math)
    return latitude + north, longitude + east


def gcj02_to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """A position in GCJ-02 (degrees) as WGS84, exact to far less than a metre; unchanged outside China."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _shift(latitude, longitude, math)
    for _ in range(_STEPS):
        last = north, east
        north, east = _shift(latitude - north, longitude - east, math)
        if abs(north - last[0]) < _CLOSE_DEG and abs(east - last[1]) < _CLOSE_DEG:
            break
    return latitude - north, longitude - east


def all_wgs84_to_gcj02(latitudes: ArrayLike, longitudes: ArrayLike) -> tuple[Degrees, Degrees]:
    """``wgs84_to_gcj02`` of many, both arrays of one shape; where either is NaN both stay as they are."""
    latitudes, longitudes = _copies(latitudes, longitudes)
    inside = _all_in_china(latitudes, longitudes)
    north, east = _shift(latitudes[inside], longitudes[inside], np)
    latitudes[inside] += north
    longitudes[inside] += east
    return latitudes, longitudes


def all_gcj02_to_wgs84(latitudes: ArrayLike, longitudes: ArrayLike) -> tuple[Degrees, Degrees]:
    """``gcj02_to_wgs84`` of many, both arrays of one shape; where either is NaN both stay as they are."""
    latitudes, longitudes = _copies(latitudes, longitudes)
    inside = _all_in_china(latitudes, longitudes)
    at = latitudes[inside], longitudes[inside]
    north, east = _shift(*at, np)
    for _ in range(_STEPS):
        last = north, east
        north, east = _shift(at[0] - north, at[1] - east, np)
        moved = np.maximum(np.abs(north - last[0]), np.abs(east - last[1]))
        if not (moved >= _CLOSE_DEG).any():
            break
    latitudes[inside], longitudes[inside] = at[0] - north, at[1] - east
    return latitudes, longitudes


def _copies(latitudes: ArrayLike, longitudes: ArrayLike) -> tuple[Degrees, Degrees]:
    return np.array(latitudes, dtype=np.float64), np.array(longitudes, dtype=np.float64)


def _all_in_china(latitudes: Degrees, longitudes: Degrees) -> NDArray[np.bool_]:
    """``in_china`` of many."""
    return (
        (latitudes >= _SOUTH)
        & (latitudes <= _NORTH)
        & (longitudes >= _WEST)
        & (longitudes <= _EAST)
    )


def _shift(latitude: Any, longitude: Any, m: ModuleType) -> tuple[Any, Any]:
    """How far GCJ-02 lies north and east of positions in WGS84, in degrees.

    ``m`` has the functions: ``math`` for one position, which is much the faster there, ``numpy`` for many.
    """
    x, y = longitude - 105.0, latitude - 35.0
    root = m.sqrt(abs(x))
    wave = 20.0 * m.sin(6.0 * x * m.pi) + 20.0 * m.sin(2.0 * x * m.pi)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (wave + _waves(y, 20.0, 40.0, 3.0, m) + _waves(y, 160.0, 320.0, 30.0, m, 12.0)) / 1.5
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (wave + _waves(x, 20.0, 40.0, 3.0, m) + _waves(x, 150.0, 300.0, 30.0, m, 12.0)) / 1.5
    angle = m.radians(latitude)
    bend = 1.0 - _ECCENTRICITY_2 * m.sin(angle) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / bend**1.5
    parallel_m = _SEMI_MAJOR_M / m.sqrt(bend) * m.cos(angle)
    return m.degrees(north_m / meridian_m), m.degrees(east_m / parallel_m)


def _waves(
    v: Any, first: float, second: float, slow: float, m: ModuleType, fast: float = 1.0
) -> Any:
    """Two of the transform's sine terms: periods of ``2 * fast`` and ``2 * slow`` degrees."""
    return first * m.sin(v / fast * m.pi) + second * m.sin(v / slow * m.pi)
