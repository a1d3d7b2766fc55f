"""The highest demand by the quarter of an hour, from what a meter counted between readings."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.passing import passed_at
from analytics.consumption.points import Wiring
from analytics.grid import Key, hour_starts, micros_of
from analytics.money.demand import Demand, demand_of, quarter_use
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.spans import Span

START = datetime(2023, 5, 1, tzinfo=UTC)
POINT = Key("MTR-1", "electricity_import_kwh")
SERIES = SeriesKey("dev-1", "", "electricity_import_kwh")
WIRING = Wiring(
    Register(
        organisations=[Organisation("ORG-1", "甲", "First", "party_government", "city")],
        sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD-1", "楼", "One", "SITE-1", "ORG-1", 1000.0)],
        meters=[Meter("MTR-1", "总表", "Main", "BLD-1", "electricity")],
        bindings=[Binding("dev-1", "MTR-1", START - timedelta(days=9))],
    )
)


def highest(stands: Sequence[tuple[float, float]], use: Sequence[float]) -> Demand | None:
    """The demand of hours from a counter's stands, (minutes since the start, kWh)."""
    times = [micros_of(START + timedelta(minutes=minute)) for minute, _ in stands]
    values = np.array([value for _, value in stands])
    readings = CleanReadings((SERIES,), np.array([0, len(stands)]), np.array(times), values)
    starts = hour_starts(Span(START, START + timedelta(hours=len(use))))
    return demand_of(np.array(use), quarter_use(passed_at(readings, WIRING, [POINT]), starts))


def test_the_highest_quarter_counts_where_readings_tell() -> None:
    # 1, 4, 2 and 1 kWh in the quarters of one hour: 8 kWh, and 4 kWh in 15 minutes are 16 kW.
    stands = [(0, 100), (15, 101), (30, 105), (45, 107), (60, 108), (75, 108)]
    assert highest(stands, [8.0]) == Demand(16.0, 15, 1.0)


def test_an_hour_read_once_counts_as_a_whole_and_the_answer_says_so() -> None:
    stands = [(0, 100), (15, 101), (30, 105), (45, 107), (60, 108), (120, 118), (180, 128)]
    assert highest(stands, [8.0, 10.0]) == Demand(16.0, 60, 0.5)
    assert highest([(0, 100), (60, 120), (120, 130)], [20.0]) == Demand(20.0, 60, 0.0)


def test_readings_off_the_quarter_are_divided_between_two() -> None:
    # Every ten minutes 1, 1, 4, 1, 1, 1: the quarter from 15 on has half of the second and all of the third.
    stands = [(0, 0), (10, 1), (20, 2), (30, 6), (40, 7), (50, 8), (60, 9), (70, 9)]
    assert highest(stands, [9.0]) == Demand(pytest.approx(18.0), 15, 1.0)


def test_use_that_was_corrected_is_not_told_by_its_readings() -> None:
    stands = [(0, 100), (15, 101), (30, 105), (45, 107), (60, 108), (75, 108)]
    assert highest(stands, [12.0]) == Demand(12.0, 60, 0.0)
    assert highest(stands, [float("nan")]) is None


@given(st.lists(st.floats(0, 100), min_size=4, max_size=40).filter(lambda q: len(q) % 4 == 0))
def test_the_highest_quarter_is_never_below_the_highest_hour(quarters: list[float]) -> None:
    use = np.array(quarters).reshape(-1, 4).sum(axis=1)
    found = demand_of(use, np.array(quarters))
    assert found is not None
    assert found.kw >= use.max() * (1 - 1e-9)
    assert found.kw == pytest.approx(4 * max(quarters))
