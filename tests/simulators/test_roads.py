"""Ways along the streets."""

import numpy as np
import pytest

from simulators.roads import KM_PER_DEGREE, STATION_KM, Ways, station_at


@pytest.mark.parametrize("bearing", [0.0, 0.7, 2.0, 3.9, 5.8])
def test_a_way_is_as_long_as_the_odometer_says(bearing: float) -> None:
    ways = Ways(36.2, 117.1, np.array([12.0]), np.array([bearing]))
    away = np.linspace(0, 12, 4001)
    latitude, longitude = ways.at(np.zeros(len(away), np.int64), away)
    north = np.diff(latitude) * KM_PER_DEGREE
    east = np.diff(longitude) * KM_PER_DEGREE * np.cos(np.radians(36.2))
    assert np.hypot(north, east).sum() == pytest.approx(12, rel=1e-3)


def test_every_way_passes_the_station_of_its_car_park() -> None:
    ways = Ways(36.2, 117.1, np.array([5.0, 20.0]), np.array([1.0, 4.0]))
    for leg in (0, 1):
        latitude, longitude = ways.at(np.array([leg]), np.array([STATION_KM]))
        assert (latitude[0], longitude[0]) == pytest.approx(station_at(36.2, 117.1))
