"""Positions inside and outside of areas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.geography.distance import haversine_km
from quotawatt.geography.fences import Fence, fence_of
from quotawatt.register.fleet import Geofence
from tests.quotawatt.geography.given import YARD, box, outline

NAN = math.nan


def test_a_hole_is_outside_and_the_border_inside() -> None:
    fence = Fence(YARD)
    inside = fence.contains(
        [36.5, 36.1, 36.0, 36.4, NAN, 36.1], [117.5, 117.1, 117.5, 117.5, 117, NAN]
    )
    np.testing.assert_array_equal(inside, [False, True, True, True, False, False])


def test_either_part_of_an_area_holds() -> None:
    parts = outline("MultiPolygon", [[box(179, 0, 180, 1)], [box(-180, 0, -179, 1)]])
    inside = Fence(parts).contains([0.5, 0.5, 0.5], [179.5, -179.5, 0.0])
    np.testing.assert_array_equal(inside, [True, True, False])


def test_metres_to_the_border() -> None:
    fence = Fence(YARD)
    metres = fence.metres_to_border([36.5, 36.0, 35.9, NAN], [117.5, 117.5, 117.5, 117.5])
    # East and west of the middle the hole ends first: degrees of longitude are shorter.
    assert metres[0] == pytest.approx(
        1000 * float(haversine_km(36.5, 117.5, 36.5, 117.6)), rel=1e-6
    )
    assert metres[1] == pytest.approx(0, abs=1e-6)
    assert metres[2] == pytest.approx(
        1000 * float(haversine_km(35.9, 117.5, 36.0, 117.5)), rel=1e-6
    )
    assert math.isnan(metres[3])


def test_a_circle() -> None:
    fence = Fence(outline("Point", [117.02, 36.66]), 150.0)
    north = 36.66 + np.array([0.0, 149.0, 151.0, NAN]) / 111_195.0
    np.testing.assert_array_equal(
        fence.contains(north, np.full(4, 117.02)), [True, True, False, False]
    )
    metres = fence.metres_to_border(north, np.full(4, 117.02))
    assert metres[:3] == pytest.approx([150.0, 1.0, 1.0], abs=0.01)


@settings(max_examples=40)
@given(st.floats(116.9, 118.1), st.floats(35.9, 37.1))
def test_what_holds_a_position_holds_it_among_others(longitude: float, latitude: float) -> None:
    fence = Fence(YARD)
    alone = fence.contains([latitude], [longitude])[0]
    among = fence.contains([0.0, latitude, 36.1], [0.0, longitude, 117.1])
    np.testing.assert_array_equal(among, [False, alone, True])
    by_hand = 117 <= longitude <= 118 and 36 <= latitude <= 37
    in_hole = 117.4 < longitude < 117.6 and 36.4 < latitude < 36.6
    assert alone == (by_hand and not in_hole)


@pytest.mark.parametrize(
    ("text", "radius_m", "said"),
    [
        (outline("LineString", []), None, "an outline must be a Polygon"),
        (
            YARD,
            5.0,
            "radius_m must be above 0 for a Point and None for others, got 5.0 for a Polygon",
        ),
        (outline("Point", [1, 2]), None, "got None for a Point"),
        (outline("Point", [1, 2]), 0.0, "got 0.0 for a Point"),
    ],
)
def test_what_is_no_area_is_refused(text: str, radius_m: float | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Fence(text, radius_m)


def test_a_geofence_of_the_register_is_an_area() -> None:
    geofence = Geofence("LOT", "停车场", "Car park", "ORG", "parking", YARD)
    assert fence_of(geofence).contains([36.1], [117.1])[0]
    assert fence_of(geofence) is fence_of(geofence)
