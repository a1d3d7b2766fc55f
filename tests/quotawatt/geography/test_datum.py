"""Positions of Chinese maps: one by one and many at once."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.geography.datum import (
    all_gcj02_to_wgs84,
    all_wgs84_to_gcj02,
    gcj02_to_wgs84,
    in_china,
    wgs84_to_gcj02,
)

latitudes, longitudes = st.floats(2, 54), st.floats(74, 136)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    north = (a[0] - b[0]) * 111_320
    return math.hypot(north, (a[1] - b[1]) * 111_320 * math.cos(math.radians(a[0])))


def test_the_forward_transform_gives_the_published_figures() -> None:
    shifted = wgs84_to_gcj02(39.915, 116.404)
    assert shifted == pytest.approx((39.91640428150164, 116.41024449916938), abs=1e-9)


@settings(max_examples=40)
@given(latitudes, longitudes)
def test_there_and_back_is_exact_to_a_centimetre(latitude: float, longitude: float) -> None:
    there = wgs84_to_gcj02(latitude, longitude)
    assert metres(gcj02_to_wgs84(*there), (latitude, longitude)) < 0.01
    assert metres(there, (latitude, longitude)) < 2_000


@settings(max_examples=40)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_outside_china_nothing_moves(latitude: float, longitude: float) -> None:
    if not in_china(latitude, longitude):
        assert gcj02_to_wgs84(latitude, longitude) == (latitude, longitude)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(-10, 60), st.floats(60, 150)), max_size=20))
def test_many_move_as_each_does(places: list[tuple[float, float]]) -> None:
    north, east = ([p[axis] for p in places] for axis in (0, 1))
    for all_of, one in (
        (all_wgs84_to_gcj02, wgs84_to_gcj02),
        (all_gcj02_to_wgs84, gcj02_to_wgs84),
    ):
        moved = np.column_stack(all_of(north, east))
        wanted = np.array([one(*place) for place in places]).reshape(-1, 2)
        np.testing.assert_allclose(moved, wanted, rtol=0, atol=1e-10)


def test_half_a_position_among_many_stays_as_it_is_and_nothing_handed_in_is_changed() -> None:
    north, east = np.array([36.0, math.nan, 36.0]), np.array([math.nan, 117.0, 117.0])
    for all_of in (all_wgs84_to_gcj02, all_gcj02_to_wgs84):
        moved = all_of(north, east)
        np.testing.assert_array_equal(moved[0][:2], [36.0, math.nan])
        np.testing.assert_array_equal(moved[1][:2], [math.nan, 117.0])
        assert moved[0][2] != 36.0
        assert (north[2], east[2]) == (36.0, 117.0)
