"""Readings as lines of InfluxDB: one a point, nothing said that is ordinary, every digit kept."""

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES
from quotawatt.readings import Quality, Reading, readings_table
from quotawatt.storage.influx_points import QUALITY, REASON, SUSPECT, fields, reading_lines

T0 = datetime(2023, 1, 1, tzinfo=UTC)
LATER = T0 + timedelta(seconds=2)
AT, ARRIVED = 1672531200000000, "arrived=1672531202000000i"


def _reading(
    quantity: str,
    value: float,
    device: str = "m",
    channel: str = "",
    time: datetime = T0,
    arrived: datetime = LATER,
    revision: int = 0,
    quality: Quality = Quality.MEASURED,
    reason: str = "",
    timed_by_server: bool = False,
) -> Reading:
    return Reading(
        device, channel, quantity, time, value, arrived, revision, quality, reason, timed_by_server
    )


def _lines(*readings: Reading, replacing: bool = False) -> list[str]:
    rows = np.full(len(readings), replacing)
    return reading_lines(readings_table(readings), rows).decode().split("\n")


def test_the_readings_of_a_message_are_one_point_without_anything_ordinary() -> None:
    assert _lines(_reading("heat_gj", 0.1, "m 1"), _reading("water_m3", -1e300, "m 1")) == [
        rf"readings,device=m\ 1 heat_gj=0.1,water_m3=-1e+300,{ARRIVED} {AT}"
    ]


def test_another_device_channel_revision_instant_or_arrival_is_another_line() -> None:
    found = _lines(
        _reading("heat_gj", 1),
        _reading("heat_gj", 2, channel="L1"),
        _reading("heat_gj", 3, channel="L1", revision=2),
        _reading("heat_gj", 4, time=LATER),
        _reading("water_m3", 5, time=LATER, arrived=T0),
        _reading("heat_gj", 6, "n"),
        _reading("water_m3", 7),
    )
    assert found == [
        f"readings,device=m heat_gj=1,{ARRIVED} {AT}",
        f"readings,device=m,channel=L1 heat_gj=2,{ARRIVED} {AT}",
        f"readings,device=m,channel=L1,revision=2 heat_gj=3,{ARRIVED} {AT}",
        f"readings,device=m heat_gj=4,{ARRIVED} {AT + 2_000_000}",
        f"readings,device=m water_m3=5,arrived={AT}i {AT + 2_000_000}",
        f"readings,device=n heat_gj=6,{ARRIVED} {AT}",
        f"readings,device=m water_m3=7,{ARRIVED} {AT}",
    ]


def test_a_suspect_value_stands_in_a_field_of_its_own_with_the_reason() -> None:
    suspect = _reading("heat_gj", 9, quality=Quality.SUSPECT, reason='so "far"')
    assert _lines(suspect, _reading("water_m3", 1)) == [
        rf'readings,device=m heat_gj_suspect=9,heat_gj_reason="so \"far\"",water_m3=1,{ARRIVED} {AT}'
    ]


def test_what_is_not_ordinary_is_said() -> None:
    (line,) = _lines(
        _reading("heat_gj", 1, quality=Quality.ESTIMATED, timed_by_server=True),
        _reading("water_m3", 2, timed_by_server=True),
    )
    assert line == (
        'readings,device=m heat_gj=1,heat_gj_quality="estimated",heat_gj_reason="",water_m3=2,'
        f"{ARRIVED},timed_by_server=t {AT}"
    )


def test_what_takes_the_place_of_another_reading_says_everything() -> None:
    assert _lines(_reading("heat_gj", 1), replacing=True) == [
        'readings,device=m heat_gj=1,heat_gj_quality="measured",heat_gj_reason="",'
        f"{ARRIVED},timed_by_server=f {AT}"
    ]


def test_what_is_no_quantity_is_refused() -> None:
    with pytest.raises(InputError, match=r"must be one of docs/nomenclature\.md, got 'arrived'"):
        _lines(_reading("arrived", 1))


def test_no_field_beside_a_value_has_the_name_of_a_quantity() -> None:
    names = fields(list(QUANTITIES)).split(", ")
    assert len(set(names)) == len(names) == 4 * len(QUANTITIES) + 2
    assert not {name + side for name in QUANTITIES for side in (SUSPECT, QUALITY, REASON)} & set(
        QUANTITIES
    )


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
def test_every_number_comes_back_from_its_text_to_the_last_digit(values: list[float]) -> None:
    found = _lines(*(_reading("heat_gj", value, f"m{n}") for n, value in enumerate(values)))
    texts = [re.findall(r" heat_gj=([^,]*),", line) for line in found]
    assert [repr(float(text)) for (text,) in texts] == [repr(value) for value in values]


@pytest.mark.parametrize("value", [1e-300, 5e-324, 1e22, -0.0, 3.0, 1e17, 0.1 + 0.2, 2.0**53 + 2])
def test_numbers_at_the_edges_are_written_so_that_they_come_back(value: float) -> None:
    (line,) = _lines(_reading("heat_gj", value))
    text = line.split("heat_gj=")[1].split(",")[0]
    assert repr(float(text)) == repr(value)
    assert not text.endswith("i")
