"""A trip drawn without tiles: its track coloured by speed, halts, areas, a scale and the north, as values.

Places come in degrees (WGS84) and leave as percent of the drawing, from the left and from the top. North is
up; at the width of a town the ground is flat enough for degrees to be scaled by the cosine of the latitude.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import cos, radians

from api.console.trip_map_values import (
    Area,
    AreaShape,
    Dot,
    Halt,
    Scale,
    Spot,
    Stroke,
    TrackPoint,
    TripMap,
)
from quotawatt.spans import Span

SPEED_CLASSES_KMH = (20, 40, 60, 80)
"""Where one colour of the track ends and the next begins."""

GAP = timedelta(minutes=3)
"""Nothing is known of the way between messages farther apart; it is drawn dashed."""

_KM_PER_DEGREE = 111.195
_LEAST_KM = 0.4  # a shorter way is not blown up beyond this
_MARGIN = 0.12  # of the span on each side
_WIDE = 3 / 2
_SCALE_PART = 0.28
_MOST_DOTS = 36
_HALT = timedelta(seconds=90)
_STANDING_KMH = 2.0


class _Ground:
    """What of the ground is drawn: degrees to percent."""

    def __init__(self, points: Sequence[TrackPoint]) -> None:
        south, north = _ends([point.latitude_deg for point in points])
        west, east = _ends([point.longitude_deg for point in points])
        self._middle = ((south + north) / 2, (west + east) / 2)
        self._narrow = cos(radians(self._middle[0]))
        tall_km = max((north - south) * _KM_PER_DEGREE, _LEAST_KM) * (1 + 2 * _MARGIN)
        broad_km = max((east - west) * _KM_PER_DEGREE * self._narrow, _LEAST_KM) * (1 + 2 * _MARGIN)
        self.wide = broad_km > 1.2 * tall_km
        ratio = _WIDE if self.wide else 1.0
        self.width_km = max(broad_km, tall_km * ratio)
        self.height = 100 / ratio

    def raw(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Both in percent of the width."""
        east_km = (longitude_deg - self._middle[1]) * _KM_PER_DEGREE * self._narrow
        south_km = (self._middle[0] - latitude_deg) * _KM_PER_DEGREE
        return 50 + 100 * east_km / self.width_km, self.height / 2 + 100 * south_km / self.width_km

    def spot(self, latitude_deg: float, longitude_deg: float) -> Spot:
        """Each in percent of its own side."""
        x, y = self.raw(latitude_deg, longitude_deg)
        return Spot(x, 100 * y / self.height)

    def pair(self, latitude_deg: float, longitude_deg: float) -> str:
        x, y = self.raw(latitude_deg, longitude_deg)
        return f"{x:.3f},{y:.3f}"


def trip_map(
    points: Sequence[TrackPoint], areas: Sequence[Area] = (), idlings: Sequence[Span] = ()
) -> TripMap | None:
    """The drawing of a track in order of time; None where it has no position.

    idlings
        When the engine is known to have run while the vehicle stood.
    """
    if not points:
        return None
    ground = _Ground(points)
    first, last = points[0], points[-1]
    return TripMap(
        wide=ground.wide,
        height=ground.height,
        strokes=list(_strokes(ground, points)),
        dots=[
            Dot(
                number + 1,
                ground.spot(points[at].latitude_deg, points[at].longitude_deg),
                points[at],
            )
            for number, at in enumerate(_some(len(points)))
        ],
        halts=list(_halts(ground, points, idlings)),
        areas=[shape for area in areas if (shape := _shape(ground, area)) is not None],
        start=ground.spot(first.latitude_deg, first.longitude_deg),
        end=ground.spot(last.latitude_deg, last.longitude_deg),
        scale=_scale(ground.width_km),
    )


def speed_class(speed_kmh: float | None) -> int | None:
    """Which colour a speed has."""
    return None if speed_kmh is None else bisect_right(SPEED_CLASSES_KMH, speed_kmh)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def _strokes(ground: _Ground, points: Sequence[TrackPoint]) -> Iterator[Stroke]:
    """Neighbouring pieces of one colour as one; a piece has the colour of the message at its end."""
    at = 0
    while at + 1 < len(points):
        kind = _kind(points[at], points[at + 1])
        end = at + 1
        while end + 1 < len(points) and kind == _kind(points[end], points[end + 1]):
            end += 1
        yield Stroke(
            speed_class=kind[1],
            points=" ".join(
                ground.pair(p.latitude_deg, p.longitude_deg) for p in points[at : end + 1]
            ),
            start=points[at].time,
            end=points[end].time,
            gap=kind[0],
        )
        at = end


def _kind(before: TrackPoint, after: TrackPoint) -> tuple[bool, int | None]:
    gap = after.time - before.time > GAP
    return gap, None if gap else speed_class(after.speed_kmh)


def _some(count: int) -> list[int]:
    """Indexes of evenly chosen messages, the first and the last among them."""
    if count <= _MOST_DOTS:
        return list(range(count))
    step = (count - 1) / (_MOST_DOTS - 1)
    return [round(number * step) for number in range(_MOST_DOTS)]


def _halts(
    ground: _Ground, points: Sequence[TrackPoint], idlings: Sequence[Span]
) -> Iterator[Halt]:
    at = 0
    while at < len(points):
        end = at
        while end + 1 < len(points) and _stands(points[at]) and _stands(points[end + 1]):
            end += 1
        if points[end].time - points[at].time >= _HALT:
            first, last = points[at], points[end]
            yield Halt(
                ground.spot(first.latitude_deg, first.longitude_deg),
                first.time,
                last.time,
                any(one.start < last.time and one.end > first.time for one in idlings),
            )
        at = end + 1


def _stands(point: TrackPoint) -> bool:
    return point.speed_kmh is not None and point.speed_kmh < _STANDING_KMH


def _shape(ground: _Ground, area: Area) -> AreaShape | None:
    """An area as drawn; None where it lies beyond the edges, or holds all that is drawn."""
    if area.outline.middle is not None:
        longitude, latitude = area.outline.middle
        spot = ground.spot(latitude, longitude)
        radius = 100 * (area.radius_m or 0) / 1000 / ground.width_km
        near = -radius <= spot.x <= 100 + radius and -2 * radius <= spot.y <= 100 + 2 * radius
        return AreaShape(area, "", spot, radius) if near else None
    rings = [
        [ground.raw(latitude, longitude) for longitude, latitude in ring]
        for polygon in area.outline.polygons
        for ring in polygon
    ]
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    beyond = max(xs) < 0 or min(xs) > 100 or max(ys) < 0 or min(ys) > ground.height
    if beyond:
        return None
    path = " ".join("M" + " ".join(f"{x:.2f},{y:.2f}" for x, y in ring) + "Z" for ring in rings)
    return AreaShape(area, path, None, 0.0)


def _scale(width_km: float) -> Scale:
    """The longest of 1, 2 or 5 times a power of ten metres that is no wider than a part of the drawing."""
    most_m = 1000 * width_km * _SCALE_PART
    length = 1.0
    for factor in _steps():
        if factor > most_m:
            break
        length = factor
    return Scale(100 * length / 1000 / width_km, length)


def _steps() -> Iterator[float]:
    power = 1.0
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
