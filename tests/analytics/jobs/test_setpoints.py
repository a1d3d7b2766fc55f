"""Rooms that were too cold in summer or too warm in winter, in the working hours of the last working day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.jobs.setpoints import room_findings
from quotawatt.findings import Finding
from quotawatt.readings import Quality, Reading, readings_table
from quotawatt.register.model import Binding, Building, Organisation, Register, Site, Space
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.spans import local_midnight
from quotawatt.storage.memory import MemorySeriesStore

BOOK = load_rulebook()
ZONE = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2023, 1, 1, tzinfo=UTC)
WEDNESDAY = date(2024, 7, 10)
QUANTITY = "indoor_temperature_c"


def register(kind: str = "party_government", binding: Binding | None = None) -> Register:
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", kind, "city")],
        sites=[Site("SITE", "院", "Court", str(ZONE), "shandong", "B")],
        buildings=[Building("BLD", "楼", "House", "SITE", "ORG")],
        spaces=[Space("ROOM", "室", "Room", "BLD", "office", 50.0)],
        bindings=[binding or Binding("air", "ROOM", SINCE)],
    )


def found(
    celsius: Sequence[float],
    day: date = WEDNESDAY,
    now_day: date | None = None,
    quality: Quality = Quality.MEASURED,
    with_register: Register | None = None,
) -> list[Finding]:
    """Findings on the morning after; ``celsius`` from 9:00 on, an hour apart."""
    start = local_midnight(day, ZONE) + timedelta(hours=9)
    series = MemorySeriesStore()
    times = [start + timedelta(hours=n) for n in range(len(celsius))]
    readings = [
        Reading("air", "", QUANTITY, time, value, arrived=time, quality=quality)
        for time, value in zip(times, celsius, strict=True)
    ]
    series.write_readings(readings_table(readings))
    now = local_midnight(now_day or day + timedelta(days=1), ZONE) + timedelta(hours=5)
    return room_findings(series, with_register or register(), BOOK, now, ZONE)


def test_a_room_that_was_cooled_too_far_is_found_with_its_clause() -> None:
    (finding,) = found([24.0] * 8)
    assert (finding.code, finding.subject) == ("room_beyond_set_point", "ROOM")
    assert (finding.detail["mean_c"], finding.detail["beyond_c"]) == (24.0, 2.0)
    assert finding.detail["day"] == "2024-07-10"
    assert finding.detail["instrument"] == "room-set-points-2007"
    assert finding.detail["trust"] == "secondary"


@pytest.mark.parametrize("celsius", [26.0, 29.0, 25.6])
def test_within_the_limit_and_what_sensors_are_off_by_nothing_is_said(celsius: float) -> None:
    assert found([celsius] * 8) == []


def test_winter_has_its_own_limit_and_spring_none() -> None:
    (finding,) = found([22.5] * 8, date(2024, 1, 10))
    assert finding.detail["rule"] == "room-winter"
    assert finding.detail["beyond_c"] == 2.5
    assert found([24.0] * 8, date(2024, 4, 10)) == []


def test_hospitals_are_exempt() -> None:
    assert found([20.0] * 8, with_register=register("hospital")) == []


def test_a_weekend_is_not_judged_but_the_friday_before_it() -> None:
    friday, monday = date(2024, 7, 12), date(2024, 7, 15)
    (finding,) = found([24.0] * 8, friday, monday)
    assert finding.detail["day"] == "2024-07-12"
    assert found([24.0] * 8, date(2024, 7, 13), monday) == []


def test_too_few_hours_and_suspect_readings_say_nothing() -> None:
    assert found([20.0] * 3) == []
    assert found([20.0] * 8, quality=Quality.SUSPECT) == []


def test_a_sensor_that_was_bound_in_the_middle_of_the_day_says_nothing() -> None:
    noon = local_midnight(WEDNESDAY, ZONE) + timedelta(hours=12)
    bound = register(binding=replace(Binding("air", "ROOM", SINCE), valid_from=noon))
    assert found([20.0] * 8, with_register=bound) == []
