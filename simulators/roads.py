"""The invented city's streets: north to south and east to west, so that a way's length is the odometer's."""

from dataclasses import dataclass

import numpy as np

from simulators.streams import Floats

KM_PER_DEGREE = 111.2
STATION_KM = 0.8
"""Every way begins along the car park's own street, eastwards; its filling station stands here."""


@dataclass(frozen=True)
class Ways:
    """One way a leg: from the car park at (``latitude_deg``, ``longitude_deg``) towards ``bearing``.

    km
        Length of each way along the streets, more than ``STATION_KM``.
    bearing
        In radians from the north, clockwise.
    """

    latitude_deg: float
    longitude_deg: float
    km: Floats
    bearing: Floats

    def at(self, leg: np.ndarray, away_km: Floats) -> tuple[Floats, Floats]:
        """Latitude and longitude (WGS84) after ``away_km`` from the car park on the way of each ``leg``."""
        cos, sin = np.cos(self.bearing[leg]), np.sin(self.bearing[leg])
        rest = self.km[leg] - STATION_KM
        across = rest * np.abs(sin) / (np.abs(cos) + np.abs(sin))
        block = (rest - across) / 2
        street = np.clip(away_km, 0, STATION_KM)
        first = np.clip(away_km - STATION_KM, 0, block)
        middle = np.clip(away_km - STATION_KM - block, 0, across)
        last = np.clip(away_km - STATION_KM - block - across, 0, block)
        north = np.sign(cos) * (first + last)
        east = street + np.sign(sin) * middle
        return self._degrees(north, east)

    def _degrees(self, north_km: Floats, east_km: Floats) -> tuple[Floats, Floats]:
        narrow = np.cos(np.radians(self.latitude_deg))
        return (
            self.latitude_deg + north_km / KM_PER_DEGREE,
            self.longitude_deg + east_km / KM_PER_DEGREE / narrow,
        )


def station_at(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Where the filling station of a car park stands."""
    east = STATION_KM / KM_PER_DEGREE / float(np.cos(np.radians(latitude_deg)))
    return latitude_deg, longitude_deg + east
