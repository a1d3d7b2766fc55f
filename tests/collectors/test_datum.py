"""Positions of Chinese maps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.datum import gcj02_to_wgs84, in_china, wgs84_to_gcj02, with_wgs84
from collectors.decoded import Block, Decoded

latitudes, longitudes = st.floats(2, 54), st.floats(74, 136)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    north = (a[0] - b[0]) * 111_320
    return math.hypot(north, (a[1] - b[1]) * 111_320 * math.cos(math.radians(a[0])))


def test_the_forward_transform_gives_the_published_figures() -> None:
    shifted = wgs84_to_gcj02(39.915, 116.404)
    assert shifted == pytest.approx((39.91640428150164, 116.41024449916938), abs=1e-9)


@given(latitudes, longitudes)
def test_there_and_back_is_exact_to_a_centimetre(latitude: float, longitude: float) -> None:
    there = wgs84_to_gcj02(latitude, longitude)
    assert metres(gcj02_to_wgs84(*there), (latitude, longitude)) < 0.01
    assert metres(there, (latitude, longitude)) < 2_000


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_outside_china_nothing_moves(latitude: float, longitude: float) -> None:
    if not in_china(latitude, longitude):
        assert gcj02_to_wgs84(latitude, longitude) == (latitude, longitude)


def message(datum: str, *blocks: Block) -> Decoded:
    return Decoded("p", "d", 0, list(blocks), [], datum)


def test_a_message_is_converted_once() -> None:
    shifted = wgs84_to_gcj02(30.25, 120.5)
    gcj = message(
        "gcj02",
        Block("", "latitude_deg", [1], [shifted[0]]),
        Block("", "longitude_deg", [1], [shifted[1]]),
        Block("", "speed_kmh", [1], [40.0]),
    )
    converted = with_wgs84(gcj)
    values = [block.values[0] for block in converted.blocks]
    assert values == pytest.approx([30.25, 120.5, 40.0], abs=1e-8)
    assert converted.datum == "wgs84"
    assert with_wgs84(converted) is converted


def test_half_a_position_stays_as_it_is() -> None:
    half = message(
        "gcj02", Block("a", "latitude_deg", [1], [30.0]), Block("b", "longitude_deg", [1], [120.0])
    )
    assert with_wgs84(half).blocks == half.blocks
