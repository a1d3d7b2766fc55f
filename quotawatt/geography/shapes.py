"""Areas as shapes that can be computed with. Longitude is x, latitude y."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from quotawatt.geography.distance import haversine_km
from quotawatt.geography.outlines import Polygon

_METRES = 1000.0


def shape_of(polygons: Sequence[Polygon]) -> Any:
    """The shape of polygons, right or wrong."""
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])


def fault_of(polygons: Sequence[Polygon]) -> str | None:
    """Where polygons cross or overlap, a hole lies outside or nothing is inside, ``[x y]``; None: nowhere."""
    shape = shape_of(polygons)
    if not shapely.is_valid(shape):
        said = str(shapely.is_valid_reason(shape))
        return said[said.index("[") :] if "[" in said else said
    return None if shape.area > 0 else f"[{polygons[0][0][0][0]:g} {polygons[0][0][0][1]:g}]"


def metres_between(
    shape: Any, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Metres from each position to the nearest place of a shape's border.

    Which place is nearest is told on a plane that is true at the shape's middle latitude, how far it is on
    the sphere.
    """
    south, north = shape.bounds[1], shape.bounds[3]
    narrow = max(math.cos(math.radians((south + north) / 2)), 1e-6)
    plane = shapely.transform(shapely.boundary(shape), lambda xy: xy * [narrow, 1.0])
    points = shapely.points(longitudes * narrow, latitudes)
    ways = shapely.shortest_line(plane, points)
    ends = shapely.get_coordinates(ways)[::2]
    return _METRES * haversine_km(latitudes, longitudes, ends[:, 1], ends[:, 0] / narrow)
