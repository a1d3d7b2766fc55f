"""JT/T 808: what a location adds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.jt808_location import decode_location
from quotawatt.errors import DecodeError

PLACE = bytes.fromhex("00000002 00000003 02616A00 06EE2D40 0032 0258 005A 260721143005")


@pytest.mark.parametrize(
    ("added", "extra"),
    [
        ("01 04 0001E240", {"mileage": 123456}),
        ("02 02 0190", {"fuel_meter": 400}),
        ("03 02 0255", {"speed": 597}),
        ("04 02 0012", {"alarm_id": 18}),
        ("06 02 FFF6", {"carriage_temp": -10}),
        ("11 01 00", {"overspeed_alarm": {"type": 0}}),
        ("11 05 02 0000001D", {"overspeed_alarm": {"type": 2, "id": 29}}),
        ("12 06 03 00000017 01", {"in_out_alarm": {"type": 3, "id": 23, "direction": 1}}),
        ("13 07 0000002D 0015 01", {"path_time_alarm": {"id": 45, "time": 21, "result": 1}}),
        ("25 04 00000010", {"signal": 16}),
        ("2A 02 0001", {"io_status": 1}),
        ("2B 04 00020001", {"analog": {"ad0": 1, "ad1": 2}}),
        ("30 01 1F", {"rssi": 31}),
        ("31 01 0C", {"gnss_sat_num": 12}),
        ("E0 01 FF EB 03 010203", {}),  # a maker's own
        ("01 02 0001", {}),  # a maker's own use of a number of the standard
        ("01 04 0001E240 E1 00 31 01 0C", {"mileage": 123456, "gnss_sat_num": 12}),
    ],
)
def test_additions(added: str, extra: dict[str, object]) -> None:
    assert decode_location(PLACE + bytes.fromhex(added))["extra"] == extra


def test_a_location_alone_adds_nothing() -> None:
    assert "extra" not in decode_location(PLACE)


@pytest.mark.parametrize("added", ["01", "01 04", "01 04 0001E2", "E0 05 00", "31 01 0C 30"])
def test_additions_that_end_early_are_refused(added: str) -> None:
    with pytest.raises(DecodeError, match="a JT/T 808 location must hold") as error:
        decode_location(PLACE + bytes.fromhex(added))
    assert error.value.reason == "bad_frame"


@given(st.binary(max_size=60))
def test_any_addition_is_read_or_refused(added: bytes) -> None:
    try:
        found = decode_location(PLACE + added)
    except DecodeError:
        return
    assert found["latitude"] == 39938560
