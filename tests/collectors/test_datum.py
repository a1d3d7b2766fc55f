"""Messages with positions of Chinese maps."""

import pytest

from collectors.datum import with_wgs84
from collectors.decoded import Block, Decoded
from quotawatt.geography.datum import wgs84_to_gcj02


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
