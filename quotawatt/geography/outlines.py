"""The outline of an area as text: a geometry of GeoJSON (RFC 7946), how it is read and what it must be.

Positions are ``[longitude, latitude]`` in degrees, WGS84; a third number is a height and says nothing here.
Edges are straight in degrees, as the standard has them. Which way round a ring runs does not matter.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotawatt.register import outline_rules as rules
from quotawatt.register.problems import CellError

Position = tuple[float, float]
"""Longitude and latitude, degrees."""
Ring = tuple[Position, ...]
Polygon = tuple[Ring, ...]
"""The ring around it, then those around its holes."""

_LEAST = 4
"""Positions of a ring, with the first again at the end."""
_WIDEST_DEG = 180.0


@dataclass(frozen=True, slots=True)
class Outline:
    """What an outline says: the middle of a circle, or polygons, one at least.

    ``kind``: ``Point``, ``Polygon`` or ``MultiPolygon``.
    """

    kind: str
    polygons: tuple[Polygon, ...] = ()
    middle: Position | None = None

    def moved(self, move: Callable[[Position], Position]) -> "Outline":
        """The same with each position moved."""
        polygons = tuple(
            tuple(tuple(map(move, ring)) for ring in polygon) for polygon in self.polygons
        )
        return Outline(self.kind, polygons, None if self.middle is None else move(self.middle))

    def geometry(self) -> Mapping[str, Any]:
        """As GeoJSON."""
        many = [[[list(place) for place in ring] for ring in one] for one in self.polygons]
        coordinates: Any = many if self.kind == "MultiPolygon" else many[0] if many else None
        if self.middle is not None:
            coordinates = list(self.middle)
        return {"type": self.kind, "coordinates": coordinates}

    def text(self) -> str:
        """As it stands in a cell: without blanks."""
        return json.dumps(self.geometry(), separators=(",", ":"))


def plain_outline(text: str) -> str:
    """The text of an outline without blanks, heights and other members; as it is where it is none."""
    try:
        return outline_of(_geometry(text)).text()
    except CellError:
        return text


def parse_outline(text: str) -> Outline:
    """The outline that a text says. Raises CellError with the first rule that it breaks."""
    outline = outline_of(_geometry(text))
    _check_areas(outline)
    return outline


def is_circle(text: str) -> bool | None:
    """Whether an outline is the middle of a circle, and no polygon; None where it is none at all."""
    try:
        return outline_of(_geometry(text)).middle is not None
    except CellError:
        return None


def outline_of(geometry: Any) -> Outline:
    """The outline that a geometry says, each position of it right by itself.

    Raises CellError with the first rule that it breaks. Rings are not looked at as shapes yet.
    """
    if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
        raise CellError(rules.OUTLINE_JSON)
    kind, coordinates = geometry["type"], geometry.get("coordinates")
    if kind == "Point":
        return Outline(kind, middle=_position(coordinates))
    if kind == "Polygon":
        return Outline(kind, (_polygon(coordinates),))
    if kind == "MultiPolygon":
        return Outline(kind, tuple(map(_polygon, _listed(coordinates))))
    raise CellError(rules.OUTLINE_TYPE.of(type=kind[:40]))


def _geometry(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise CellError(rules.OUTLINE_JSON) from None


def _no_number(name: str) -> float:
    raise ValueError(name)


def _listed(coordinates: Any) -> Sequence[Any]:
    if not isinstance(coordinates, list) or not coordinates:
        raise CellError(rules.OUTLINE_JSON)
    return coordinates


def _polygon(coordinates: Any) -> Polygon:
    return tuple(tuple(map(_position, _listed(ring))) for ring in _listed(coordinates))


def _position(place: Any) -> Position:
    if isinstance(place, list) and len(place) in (2, 3) and all(map(_is_number, place)):
        longitude, latitude = place[:2]
        if -180 <= longitude <= 180 and -90 <= latitude <= 90:
            return longitude, latitude
    raise CellError(rules.OUTLINE_POSITION.of(position=json.dumps(place)[:60]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_areas(outline: Outline) -> None:
    """Raises CellError where the polygons are no areas."""
    for number, ring in enumerate(_rings(outline), start=1):
        if len(ring) < _LEAST or ring[0] != ring[-1]:
            raise CellError(rules.OUTLINE_RING.of(ring=number))
    for polygon in outline.polygons:
        west, east = min(x for x, _ in polygon[0]), max(x for x, _ in polygon[0])
        if east - west > _WIDEST_DEG:
            raise CellError(rules.OUTLINE_WIDE.of(west=f"{west:g}", east=f"{east:g}"))
    if outline.polygons and (fault := _fault(outline)) is not None:
        raise CellError(rules.OUTLINE_CROSSING.of(position=fault))


def _rings(outline: Outline) -> Iterator[Ring]:
    for polygon in outline.polygons:
        yield from polygon


def _fault(outline: Outline) -> str | None:
    """Where it crosses itself or is otherwise no area, ``[longitude latitude]``; None: nowhere."""
    from quotawatt.geography.shapes import fault_of  # it stands on a large library

    return fault_of(outline.polygons)
