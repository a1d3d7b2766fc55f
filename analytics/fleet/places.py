"""Where a vehicle was, and what its odometer showed, when something happened to it."""

import numpy as np

from analytics.fleet.track import Track
from quotawatt.fleet.trips import Place

_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000


def place_at(track: Track, start_us: int, end_us: int) -> Place | None:
    """The last position told before the end of a time, or the first one after it; None: none is near."""
    near = track.between(start_us - _DAY_US, end_us + _HOUR_US)
    latitude, longitude = near.column("latitude_deg"), near.column("longitude_deg")
    rows = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if not len(rows):
        return None
    before = rows[near.times_us[rows] <= end_us]
    row = before[-1] if len(before) else rows[0]
    return Place(float(latitude[row]), float(longitude[row]))


def odometer_at(track: Track, end_us: int) -> float | None:
    """The last odometer told in the day before; None: none."""
    near = track.between(end_us - _DAY_US, end_us + 1).column("odometer_km")
    known = near[np.isfinite(near)]
    return float(known[-1]) if len(known) else None
