"""What a trip's drawing is made of. Places are percent of the drawing, from the left and from the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quotawatt.geography.outlines import Outline


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A message of the track; ``speed_kmh`` is None where it did not tell it."""

    time: datetime
    latitude_deg: float
    longitude_deg: float
    speed_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the drawing, in percent."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A piece of the track in one colour: ``speed_class`` counts from 0, None where speed is not known.

    points
        Pairs of ``x,y``, x in percent of the width and y in percent of the width, too, so that a drawing
        with one scale for both can place them.
    gap
        Whether nothing is known between its two ends.
    """

    speed_class: int | None
    points: str
    start: datetime
    end: datetime
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A message that can be pointed at; ``number`` is its row in the table beside the drawing, from 1."""

    number: int
    spot: Spot
    point: TrackPoint


@dataclass(frozen=True, slots=True)
class Halt:
    """The vehicle stands on its way; ``idling``: with the engine on, as far as is known."""

    spot: Spot
    start: datetime
    end: datetime
    idling: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A geofence to draw: code, names, use, outline and the radius of a circle."""

    code: str
    name_zh: str
    name_en: str
    use: str
    outline: Outline
    radius_m: float | None


@dataclass(frozen=True, slots=True)
class AreaShape:
    """A geofence in the drawing: a ``path``, or a circle around ``middle`` with ``radius`` (of the width)."""

    area: Area
    path: str
    middle: Spot | None
    radius: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The bar that says how long something is: its share of the width in percent, and its length."""

    width: float
    metres: float


@dataclass(frozen=True, slots=True)
class TripMap:
    """A trip's drawing; ``wide``: three to two, else a square. ``height``: in percent of the width."""

    wide: bool
    height: float
    strokes: Sequence[Stroke]
    dots: Sequence[Dot]
    halts: Sequence[Halt]
    areas: Sequence[AreaShape]
    start: Spot
    end: Spot
    scale: Scale
