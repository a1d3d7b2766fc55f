"""Months of the chosen building."""

from datetime import date

import pyarrow as pa
import pytest

from api.console.load import load_months, total
from quotawatt.readings import RESULTS, Grain
from quotawatt.spans import local_midnight, year_span
from quotawatt.storage.memory import MemorySeriesStore
from tests.api.scene import ZONE, filled_series, result_rows


def test_months_and_their_total() -> None:
    months = load_months(filled_series(), "BLD-1", year_span(2023, ZONE), ZONE)
    assert [m.name for m in months] == [f"2023-{n:02}" for n in range(1, 13)]
    assert months[1].actual_kwh == pytest.approx(28 * 250)
    assert months[1].expected_kwh == pytest.approx(28 * 200)
    assert months[1].days_over == 28
    assert total(months).actual_kwh == pytest.approx(365 * 250)
    assert (total(months).days_over, total(months).days_modelled) == (365, 365)
    assert total(months).paired_kwh == pytest.approx(365 * 250)
    assert total(months).expected_kwh == pytest.approx(365 * 200)


def test_only_days_with_both_actual_and_expected_use_are_compared() -> None:
    series = MemorySeriesStore()
    first, second, third = (local_midnight(date(2023, 3, n), ZONE) for n in (1, 2, 3))
    rows = [
        *result_rows("B", "electricity_import_kwh", [first, second], 10.0),
        *result_rows("B", "electricity_expected_kwh", [second, third], 8.0),
    ]
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    (month,) = load_months(series, "B", year_span(2023, ZONE), ZONE)
    assert (month.actual_kwh, month.paired_kwh, month.expected_kwh) == (20.0, 10.0, 8.0)
    assert (month.days_modelled, month.days_over) == (1, 0)


def test_nothing_known_is_nothing_and_not_zero() -> None:
    months = load_months(filled_series(), "BLD-2", year_span(2023, ZONE), ZONE)
    assert months[0].expected_kwh is None
    assert months[0].days_over is None
    assert total([]).actual_kwh is None
