"""Distances over the ground."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.geography.distance import EARTH_RADIUS_KM, haversine_km, steps_km

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def test_known_ways() -> None:
    quarter = EARTH_RADIUS_KM * math.pi / 2
    assert float(haversine_km(0, 0, 90, 0)) == pytest.approx(quarter)
    assert float(haversine_km(0, 0, 0, 180)) == pytest.approx(2 * quarter)
    # Beijing to Shanghai, 1067 km on the ellipsoid.
    assert float(haversine_km(39.9042, 116.4074, 31.2304, 121.4737)) == pytest.approx(
        1067, rel=6e-3
    )


def test_a_metre_is_a_metre() -> None:
    assert float(haversine_km(36.0, 117.0, 36.0 + 1 / 111_195.08, 117.0)) == pytest.approx(0.001)


@settings(max_examples=40)
@given(latitudes, longitudes, latitudes, longitudes)
def test_there_is_as_far_as_back_and_never_farther_than_round_half_the_earth(
    south: float, west: float, north: float, east: float
) -> None:
    there = float(haversine_km(south, west, north, east))
    assert there == pytest.approx(float(haversine_km(north, east, south, west)), abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS_KM * math.pi + 1e-6


def test_steps_of_a_way() -> None:
    steps = steps_km([36.0, 36.1, math.nan, 36.2], [117.0] * 4)
    assert steps[0] == pytest.approx(11.1195, abs=1e-4)
    np.testing.assert_array_equal(np.isnan(steps), [False, True, True])
    assert steps_km([36.0], [117.0]).shape == (0,)
