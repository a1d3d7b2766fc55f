"""Milesight sensors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.milesight import decode_milesight
from collectors.frames.milesight_channels import ATTRIBUTES, CHANNELS, NOT_READ
from tests.collectors.frames.checks import refused


@pytest.mark.parametrize(
    ("uplink", "values"),
    [
        ("0374 E408", {"voltage": 227.6}),
        ("0480 2C010000", {"active_power": 300}),
        ("0581 5F", {"power_factor": 95}),
        ("0683 40E20100", {"power_consumption": 123456}),
        ("07C9 0A05", {"current": 1290, "current_unit": "mA"}),
        ("0870 01", {"socket_status": "on"}),
        ("0870 00", {"socket_status": "off"}),
        ("0870 02", {"socket_status": None}),
        ("0397 39300000", {"total_current": 123.45}),
        ("0498 E803", {"current": 10.0, "current_unit": "A"}),
        ("0498 FFFF", {"current": None, "current_unit": "A"}),
        ("8498 E803 6400 F401 01",
         {"current_max": 10.0, "current_min": 1.0, "current": 5.0, "current_unit": "A"}),
        ("0499 E803 0699 F401 0899 0100", {"current_chn1": 100.0, "current_chn2": 50.0, "current_chn3": 0.1}),
        ("0175 5A 0367 D7FF 0468 65", {"battery": 90, "temperature": -4.1, "humidity": 50.5}),
        ("8367 0E01 01", {"temperature": 27.0}),
        ("0967 0E01", {"temperature": 27.0}),
        ("077D 2003 0973 9827", {"co2": 800, "pressure": 1013.6}),
        ("077D FEFF", {"co2": None}),
        ("057D 2003 0673 9827", {"co2": 800, "pressure": 1013.6}),
        ("0665 1C00 7900 1400", {"illumination": 28}),
        ("0394 10270000", {"illumination": 10000}),
        ("03C8 05000000 04C8 06000000", {"counter_1": 5, "counter_2": 6}),
        ("05C8 FFFFFFFF", {"pulse": 4294967295}),
        ("0B02 90010000", {"adc_1": 4.0}),
        ("0967 FDFF", {"temperature": None}),
        ("8967 FFFF 01", {"temperature": None}),
        ("0367 FFFF", {"temperature": -0.1}),
        ("0831 0705", {f"switch_{number}": "on" if number in (1, 3) else "off" for number in range(1, 9)}),
        ("87C9 401F 01", {"current": 8000, "current_unit": "mA"}),
        ("B480 01 0870 01", {"socket_status": "on"}),
        ("05E1 0A00 6400 00004841", {"water_conv": 1.0, "pulse_conv": 10.0, "water": 12.5}),
        ("0300 01 0401 00", {"others": True}),
        ("FF0BFF FF0101 FF16 6746D38802580000 FF090100 FF0A0101 FF0F00 FFFF0101 FFFEFF", {"others": True}),
        ("FF29 31", {"others": True}),
        ("0498 E803 00000000", {"current": 10.0, "current_unit": "A"}),
    ],
)  # fmt: skip
def test_channels(uplink: str, values: dict[str, object]) -> None:
    assert decode_milesight(bytes.fromhex(uplink)) == values


def test_water_of_a_pulse_counter() -> None:
    # One m3 is ten pulses; 12.5 as a 32-bit float.
    assert decode_milesight(bytes.fromhex("06E1 0A00 6400 00004841")) == {
        "water_conv": 1.0,
        "pulse_conv": 10.0,
        "water": 12.5,
    }


@pytest.mark.parametrize("pair", ["20CE", "21CE", "20CD", "FF19", "FFEE"])
def test_layouts_that_differ_by_model_are_not_read(pair: str) -> None:
    uplink = bytes.fromhex("0175 5A" + pair + "0001020304050607")
    refused(decode_milesight, uplink, "same layout in all models", "unsupported_frame")


@pytest.mark.parametrize(
    ("uplink", "rule"),
    [
        ("", "1 to 242 bytes"),
        ("0175" * 122, "1 to 242 bytes"),
        ("0175 5A AABB 01", r"known one of Milesight \(battery before it\), got AABB"),
        ("0000", "known one of Milesight"),
        ("0175 5A 0175 5B", "sent once"),
        ("0175", "must hold 1 more bytes"),
        ("01", "must hold 2 more bytes"),
        ("0175 5A 00000001", "known one of Milesight"),
        ("FF16 00", "must hold 8 more bytes"),
    ],
)
def test_wrong_uplinks_are_refused(uplink: str, rule: str) -> None:
    refused(decode_milesight, bytes.fromhex(uplink), rule)


def test_no_channel_is_both_read_and_not_read() -> None:
    assert not NOT_READ & set(CHANNELS)
    assert not {pair for pair in CHANNELS if pair[0] == 0xFF and pair[1] in ATTRIBUTES}


@given(
    st.integers(0, 65533), st.integers(0, 2**32 - 1), st.integers(0, 100), st.integers(0, 2**32 - 1),
    st.integers(0, 65533), st.permutations(range(5)),
)  # fmt: skip
def test_a_socket_in_any_order(
    volts: int, watts: int, factor: int, energy: int, amperes: int, order: list[int]
) -> None:
    parts = [
        b"\x03\x74" + volts.to_bytes(2, "little"),
        b"\x04\x80" + watts.to_bytes(4, "little"),
        b"\x05\x81" + bytes([factor]),
        b"\x06\x83" + energy.to_bytes(4, "little"),
        b"\x07\xc9" + amperes.to_bytes(2, "little"),
    ]
    found = decode_milesight(b"".join(parts[at] for at in order))
    assert found["voltage"] == volts / 10
    assert (found["active_power"], found["power_factor"], found["power_consumption"]) == (
        watts,
        factor,
        energy,
    )
    assert (found["current"], found["current_unit"]) == (amperes, "mA")
