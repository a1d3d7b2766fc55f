"""Array helpers against what they stand for."""

import numpy as np
import pytest

from analytics.fleet.arrays import apart_km, last_told, next_told, runs
from quotawatt.geography.distance import haversine_km


def test_the_plane_is_near_enough_to_the_sphere() -> None:
    rng = np.random.default_rng(1)
    latitude, longitude = rng.uniform(-70, 70, 500), rng.uniform(-180, 180, 500)
    north, east = rng.uniform(-0.3, 0.3, 500), rng.uniform(-0.3, 0.3, 500)
    there = (latitude + north, longitude + east)
    found = apart_km(latitude, longitude, *there)
    assert found == pytest.approx(haversine_km(latitude, longitude, *there), rel=2e-4)


def test_it_is_the_short_way_around_the_earth() -> None:
    one, other = np.array([10.0, 10.0]), np.array([179.9, -179.9])
    found = apart_km(one, other, one, -other)
    assert found == pytest.approx(haversine_km(one, other, one, -other), rel=1e-4)
    assert found[0] < 25


def test_what_was_told_before_and_after() -> None:
    told = np.array([False, True, False, True, False])
    assert last_told(told).tolist() == [-1, 1, 1, 3, 3]
    assert next_told(told).tolist() == [1, 1, 3, 3, 5]


def test_runs_have_starts_and_ends() -> None:
    starts, ends = runs(np.array([True, True, False, True]))
    assert (starts.tolist(), ends.tolist()) == ([0, 2, 3], [2, 3, 4])
    assert [len(edge) for edge in runs(np.empty(0, dtype=np.bool_))] == [0, 0]
