"""Areas that tests hold positions against."""

import json
from typing import Any

Ring = list[list[float]]


def box(west: float, south: float, east: float, north: float) -> Ring:
    """A closed ring around a rectangle."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def outline(kind: str, coordinates: Any) -> str:
    """The text of a geometry."""
    return json.dumps({"type": kind, "coordinates": coordinates}, separators=(",", ":"))


YARD = outline("Polygon", [box(117.0, 36.0, 118.0, 37.0), box(117.4, 36.4, 117.6, 36.6)])
"""A degree square with a hole in its middle."""
