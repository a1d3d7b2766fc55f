"""Positions: from GCJ-02, the shifted coordinates of Chinese maps, to WGS84.

GCJ-02 has no published definition. The forward transform here is the one that is publicly known and
reproduces the shift of Chinese maps; its inverse is found by iteration. Outside the rectangle around China
the two are the same.
"""

import math
from collections.abc import Iterator

from collectors.decoded import Block, Decoded

# Krasovsky 1940, the ellipsoid of the transform.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323

_STEPS = 30
_CLOSE_DEG = 1e-11


def in_china(latitude: float, longitude: float) -> bool:
    """Whether a position (degrees) lies in the rectangle in which the transform shifts."""
    return 0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347


def wgs84_to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """A position in WGS84 (degrees) as GCJ-02; unchanged outside China."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _shift(latitude, longitude)
    return latitude + north, longitude + east


def gcj02_to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """A position in GCJ-02 (degrees) as WGS84, exact to far less than a metre; unchanged outside China."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _shift(latitude, longitude)
    for _ in range(_STEPS):
        last = north, east
        north, east = _shift(latitude - north, longitude - east)
        if abs(north - last[0]) < _CLOSE_DEG and abs(east - last[1]) < _CLOSE_DEG:
            break
    return latitude - north, longitude - east


def with_wgs84(decoded: Decoded) -> Decoded:
    """A message with its positions in WGS84; as it is where they are that already.

    A latitude is converted with the longitude of its channel and time; one without stays as it is.
    """
    if decoded.datum != "gcj02":
        return decoded
    return decoded._replace(blocks=list(_converted(decoded.blocks)), datum="wgs84")


def _converted(blocks: list[Block]) -> Iterator[Block]:
    latitudes, longitudes = _by_place(blocks, "latitude_deg"), _by_place(blocks, "longitude_deg")
    for block in blocks:
        if block.quantity not in ("latitude_deg", "longitude_deg"):
            yield block
            continue
        axis = 0 if block.quantity == "latitude_deg" else 1
        places = [(block.channel, time_us) for time_us in block.times_us]
        values = [
            gcj02_to_wgs84(latitudes[place], longitudes[place])[axis]
            if place in latitudes and place in longitudes
            else value
            for place, value in zip(places, block.values, strict=True)
        ]
        yield block._replace(values=values)


def _by_place(blocks: list[Block], quantity: str) -> dict[tuple[str, int], float]:
    return {
        (block.channel, time_us): value
        for block in blocks
        if block.quantity == quantity
        for time_us, value in zip(block.times_us, block.values, strict=True)
    }


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    """How far GCJ-02 lies north and east of a position in WGS84, in degrees."""
    x, y = longitude - 105.0, latitude - 35.0
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north_m += (wave + _waves(y, 20.0, 40.0, 3.0) + _waves(y, 160.0, 320.0, 30.0, 12.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east_m += (wave + _waves(x, 20.0, 40.0, 3.0) + _waves(x, 150.0, 300.0, 30.0, 12.0)) * 2.0 / 3.0
    angle = math.radians(latitude)
    bend = 1.0 - _ECCENTRICITY_2 * math.sin(angle) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / bend**1.5
    parallel_m = _SEMI_MAJOR_M / math.sqrt(bend) * math.cos(angle)
    return math.degrees(north_m / meridian_m), math.degrees(east_m / parallel_m)


def _waves(v: float, first: float, second: float, slow: float, fast: float = 1.0) -> float:
    """Two of the transform's sine terms: periods of ``2 * fast`` and ``2 * slow`` degrees."""
    return first * math.sin(v / fast * math.pi) + second * math.sin(v / slow * math.pi)
