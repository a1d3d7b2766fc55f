"""CJ/T 188."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.cjt188 import decode_cjt188
from tests.collectors.frames.checks import every_cut_is_refused, every_flip_is_refused, refused

ADDRESS = "00112233445566"
HEAT = (
    "1F9001 00100000 05 63542100 05 50120000 17 00250100 35 10324500 2C 255500 104000 081200"
    "30151020012620 0000"
)


def frame(meter: int, control: int, data: str = "") -> bytes:
    """A frame as a meter sends it: address lowest byte first, data in the order of sending."""
    content = bytes.fromhex(data)
    body = (
        bytes([0x68, meter])
        + bytes.fromhex(ADDRESS)[::-1]
        + bytes([control, len(content)])
        + content
    )
    return body + bytes([sum(body) % 256, 0x16])


def water(total: str, unit: str = "2C", clock: str = "30151020012620") -> str:
    return f"1F9007 {total} {unit} 00000000 {unit} {clock} 0000"


def test_a_water_meter() -> None:
    # 4827.35 m3 on 2026-01-20 at 10:15:30.
    assert decode_cjt188(b"\xfe\xfe" + frame(0x10, 0x81, water("35274800"))) == {
        "address": ADDRESS,
        "type": "water_cold",
        "control": 0x81,
        "total": 4827.35,
        "unit": "m3",
        "time": "20260120101530",
    }


def test_a_heat_meter() -> None:
    assert decode_cjt188(frame(0x20, 0x81, HEAT)) == {
        "address": ADDRESS,
        "type": "heat",
        "control": 0x81,
        "heat": 2154.63,
        "heat_unit": "kWh",
        "power_kw": 12.5,
        "flow_m3h": 1.25,
        "total": 4532.1,
        "unit": "m3",
        "supply_temperature_c": 55.25,
        "return_temperature_c": 40.1,
        "time": "20260120101530",
    }


def test_a_heat_meter_that_puts_units_before_numbers() -> None:
    data = (
        "1F9001 08 11000000 08 25010000 17 50120000 35 00250100 2C 10324500 255500 104000 081200"
        "30151020012620 0000"
    )
    found = decode_cjt188(frame(0x20, 0x81, data))
    assert (found["heat"], found["heat_unit"], found["power_kw"]) == (1250.0, "kWh", 12.5)
    assert (found["flow_m3h"], found["total"], found["unit"]) == (1.25, 4532.1, "m3")
    assert (found["supply_temperature_c"], found["time"]) == (55.25, "20260120101530")


def test_units_that_fit_on_neither_side_are_refused() -> None:
    refused(
        decode_cjt188,
        frame(0x20, 0x81, HEAT.replace("63542100 05", "63542100 2C")),
        "unit of a total",
    )


@pytest.mark.parametrize(
    ("meter", "name"),
    [(0x11, "water_hot"), (0x12, "water_drinking"), (0x13, "water_grey"), (0x19, "water"), (0x30, "gas"),
     (0x35, "gas"), (0x40, "electricity"), (0x41, "other")],
)  # fmt: skip
def test_types_of_meters_that_count_one_thing(meter: int, name: str) -> None:
    found = decode_cjt188(frame(meter, 0x81, water("01000000")))
    assert (found["type"], found["total"]) == (name, 0.01)


@pytest.mark.parametrize(
    ("meter", "name"), [(0x21, "cooling"), (0x22, "heat_and_cooling"), (0x25, "heat")]
)
def test_types_of_heat_meters(meter: int, name: str) -> None:
    found = decode_cjt188(frame(meter, 0x81, HEAT))
    assert (found["type"], found["heat"]) == (name, 2154.63)


@pytest.mark.parametrize(
    ("code", "total", "unit"),
    [("29", 1.2345, "m3"), ("2A", 12.345, "m3"), ("2D", 12345.0, "m3"), ("2E", 123450.0, "m3"),
     ("05", 1234.5, "kWh"), ("02", 1.2345, "kWh"), ("08", 1234500.0, "kWh"), ("0A", 123450000.0, "kWh"),
     ("0E", 1.2345, "GJ"), ("11", 1234.5, "GJ"), ("0B", 0.0012345, "GJ"), ("01", 1.2345e-06, "GJ")],
)  # fmt: skip
def test_units_of_totals(code: str, total: float, unit: str) -> None:
    found = decode_cjt188(frame(0x40, 0x81, water("50341200", code)))
    assert (found["total"], found["unit"]) == (total, unit)


@pytest.mark.parametrize(
    ("sent", "power_kw"),
    [("50120000 14", 0.0125), ("50120000 1A", 12500.0), ("50120080 17", -12.5), ("FFFFFFFF 17", None),
     ("36000000 49", pytest.approx(100.0)), ("50120000 00", None)],
)  # fmt: skip
def test_powers(sent: str, power_kw: float | None) -> None:
    assert (
        decode_cjt188(frame(0x20, 0x81, HEAT.replace("50120000 17", sent)))["power_kw"] == power_kw
    )


def test_either_order_of_the_data_item() -> None:
    assert decode_cjt188(frame(0x10, 0x81, "901F" + water("01000000")[4:]))["total"] == 0.01


@pytest.mark.parametrize("clock", ["00000000000000", "FFFFFFFFFFFFFF"])
def test_a_clock_that_is_not_set_is_no_time(clock: str) -> None:
    assert decode_cjt188(frame(0x10, 0x81, water("01000000", clock=clock)))["time"] is None


def test_a_total_that_the_meter_does_not_have() -> None:
    assert decode_cjt188(frame(0x10, 0x81, water("FFFFFFFF")))["total"] is None


@pytest.mark.parametrize("data", ["1F9000 01000000 2C", "1F9000 01000000 2C 00000000 2C"])
def test_makers_leave_parts_off(data: str) -> None:
    found = decode_cjt188(frame(0x10, 0x81, data))
    assert (found["total"], "time" in found) == (0.01, False)


@pytest.mark.parametrize(
    ("meter", "control", "data", "expected"),
    [
        (0x10, 0x01, "1F9000", {"request": True}),
        (0xAA, 0x03, "0A8100", {"type": "any", "request": True}),
        (0x10, 0xC1, "0001", {"error": 1}),
        (0x10, 0xC1, "02", {"error": 2}),
        (0x10, 0x83, "0A8100", {}),
        (0x10, 0x81, "20D100 01000000 2C", {}),
    ],
    ids=["read", "address", "refused", "refused short", "own address", "a month"],
)
def test_messages_without_a_reading(
    meter: int, control: int, data: str, expected: dict[str, object]
) -> None:
    usual = {"address": ADDRESS, "type": "water_cold", "control": control}
    assert decode_cjt188(frame(meter, control, data)) == usual | expected


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (frame(0x10, 0x81, water("0A000000")), "digits 0 to 9"),
        (frame(0x10, 0x81, water("01000000", "17")), "unit of a total"),
        (frame(0x10, 0x81, water("01000000", "7F")), "unit of a total"),
        (frame(0x20, 0x81, HEAT.replace("63542100 05", "63542100 2C")), "unit of a total"),
        (frame(0x10, 0x81, water("01000000", clock="3015102001262A")), "digits 0 to 9"),
        (frame(0x10, 0x01, "1F9000") + b"\x00", "must have 16 bytes"),
        (frame(0x10, 0x01, "1F9000")[:-1] + b"\x17", "its sum and 16"),
        (b"\x00" + frame(0x10, 0x01, "1F9000"), "must begin with 68"),
    ],
)
def test_wrong_frames_are_refused(data: bytes, rule: str) -> None:
    refused(decode_cjt188, data, rule)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (frame(0x77, 0x01, "1F9000"), "meter type"),
        (frame(0x1A, 0x01, "1F9000"), "meter type"),
        (frame(0x10, 0x81, "1F9000 010000"), "one of"),
        (frame(0x20, 0x81, HEAT + "00"), "must have 43 bytes"),
    ],
)
def test_what_is_not_in_the_standard_is_not_read(data: bytes, rule: str) -> None:
    refused(decode_cjt188, data, rule, "unsupported_frame")


@pytest.mark.parametrize("whole", [frame(0x10, 0x81, water("35274800")), frame(0x20, 0x81, HEAT)])
def test_damage_is_refused(whole: bytes) -> None:
    every_cut_is_refused(decode_cjt188, whole)
    every_flip_is_refused(decode_cjt188, whole)


@given(st.integers(0, 99_999_999))
def test_totals_come_back(total: int) -> None:
    sent = bytes.fromhex(f"{total:08d}")[::-1].hex()
    assert decode_cjt188(frame(0x10, 0x81, water(sent)))["total"] == total / 100
