"""Plausibility: which reason a reading gets."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from collectors.values import to_us
from quotawatt.plausibility import REASONS, Columns, implausible
from quotawatt.quantities import QUANTITIES, Kind

NOW = datetime(2023, 7, 1, 12, tzinfo=UTC)
LIMIT_S = 600.0


def reason(quantity: str, value: float, time: datetime = NOW) -> str:
    line = QUANTITIES[quantity]
    columns = Columns(
        time_us=np.array([to_us(time)]),
        arrived_us=np.array([to_us(NOW)]),
        value=np.array([value]),
        low=np.array([line.low]),
        high=np.array([line.high]),
        counter=np.array([line.kind is Kind.COUNTER]),
    )
    return REASONS[implausible(columns, LIMIT_S)[0]]


@pytest.mark.parametrize(
    ("quantity", "value", "expected"),
    [
        ("electricity_import_kwh", 0.0, ""),
        ("electricity_import_kwh", -0.001, "counter_below_zero"),
        ("electricity_import_kwh", 1e12, ""),
        ("electricity_import_kwh", 1e308, "out_of_range"),
        ("outdoor_temperature_c", -60, ""),
        ("outdoor_temperature_c", -60.5, "out_of_range"),
        ("outdoor_temperature_c", 85, "out_of_range"),
        ("humidity_pct", 100, ""),
        ("switch_on", 2, "out_of_range"),
        ("electricity_power_kw", -5, ""),
    ],
)
def test_values(quantity: str, value: float, expected: str) -> None:
    assert reason(quantity, value) == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), "clock_before_2010"),
        (datetime(2009, 12, 31, 23, 59, 59, tzinfo=UTC), "clock_before_2010"),
        (datetime(2010, 1, 1, tzinfo=UTC), ""),
        (NOW + timedelta(seconds=LIMIT_S), ""),
        (NOW + timedelta(seconds=LIMIT_S, microseconds=1), "clock_ahead"),
        (NOW + timedelta(days=365), "clock_ahead"),
        (NOW - timedelta(days=300), ""),
    ],
)
def test_clocks(time: datetime, expected: str) -> None:
    assert reason("voltage_v", 230, time) == expected


def test_a_wrong_clock_counts_before_a_wrong_value() -> None:
    assert reason("electricity_import_kwh", -1, datetime(1970, 1, 1, tzinfo=UTC)) == REASONS[1]
