"""Which positions lie in an area, and how far they are from its border."""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from quotawatt.errors import InputError
from quotawatt.geography.distance import haversine_km
from quotawatt.geography.outlines import parse_outline
from quotawatt.geography.shapes import metres_between, shape_of
from quotawatt.register.fleet import Geofence
from quotawatt.register.problems import CellError

_METRES = 1000.0


class Fence:
    """An area that positions are held against. Its border belongs to it.

    ``outline``: as in ``Geofence.outline``; ``radius_m``: of the circle where that is a Point.

    Raises InputError where the outline is none, or a radius is missing, not above 0, or too many.
    """

    def __init__(self, outline: str, radius_m: float | None = None) -> None:
        try:
            read = parse_outline(outline)
        except CellError as error:
            raise InputError(f"an outline {error.rule.en}, got {outline[:120]!r}") from None
        if (read.middle is None) != (radius_m is None) or (radius_m is not None and radius_m <= 0):
            raise InputError(
                f"radius_m must be above 0 for a Point and None for others, got {radius_m}"
                f" for a {read.kind}"
            )
        self._middle = read.middle
        self._radius_m = radius_m or 0.0
        self._shape = shape_of(read.polygons)
        shapely.prepare(self._shape)

    def contains(self, latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.bool_]:
        """Whether each position (degrees, two arrays of one shape) lies inside; False where one is NaN."""
        latitudes, longitudes = _arrays(latitudes, longitudes)
        if self._middle is not None:
            return self._from_middle_m(latitudes, longitudes) <= self._radius_m
        inside: NDArray[np.bool_] = shapely.intersects_xy(self._shape, longitudes, latitudes)
        return inside

    def metres_to_border(self, latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.float64]:
        """Metres from each position to the nearest place of the border, 0 on it; NaN where one is NaN.

        Never negative: ``contains`` says on which side a position is.
        """
        latitudes, longitudes = _arrays(latitudes, longitudes)
        if self._middle is not None:
            return np.abs(self._from_middle_m(latitudes, longitudes) - self._radius_m)
        metres = np.full(latitudes.shape, np.nan)
        known = ~(np.isnan(latitudes) | np.isnan(longitudes))
        metres[known] = metres_between(self._shape, latitudes[known], longitudes[known])
        return metres

    def _from_middle_m(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        assert self._middle is not None
        longitude, latitude = self._middle
        return _METRES * haversine_km(latitudes, longitudes, latitude, longitude)


@lru_cache(maxsize=512)
def fence_of(geofence: Geofence) -> Fence:
    """The area of a geofence of the register. Raises InputError where its row is wrong."""
    return Fence(geofence.outline, geofence.radius_m)


def _arrays(
    latitudes: ArrayLike, longitudes: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.asarray(latitudes, dtype=np.float64), np.asarray(longitudes, dtype=np.float64)
