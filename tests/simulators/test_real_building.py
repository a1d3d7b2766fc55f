"""The real building's year, moved by whole weeks."""

import csv
import gzip
from datetime import date

import numpy as np
import pytest

from simulators.real_building import DATA, load_real_building
from simulators.timeline import Timeline


@pytest.fixture(scope="module")
def source() -> dict[date, list[tuple[float, float]]]:
    """Power and temperature of each day as the file holds them."""
    days: dict[date, list[tuple[float, float]]] = {}
    with gzip.open(DATA, "rt") as file:
        for row in csv.DictReader(file):
            values = (float(row["Total_Power"]), float(row["temp"]))
            days.setdefault(date.fromisoformat(row["timestamp"][:10]), []).append(values)
    return days


@pytest.mark.parametrize(
    ("played", "real"),
    [
        (date(2023, 1, 1), date(2019, 1, 6)),
        (date(2023, 12, 26), date(2019, 12, 31)),
        (date(2023, 12, 27), date(2019, 1, 2)),
        (date(2023, 12, 31), date(2019, 1, 6)),
        (date(2024, 12, 30), date(2019, 1, 7)),
        (date(2022, 1, 1), date(2019, 1, 5)),
    ],
)
def test_days_are_those_of_the_source_and_weekdays_stay(
    source: dict[date, list[tuple[float, float]]], played: date, real: date
) -> None:
    assert played.weekday() == real.weekday()
    timeline = Timeline(date(2022, 1, 1), date(2025, 1, 1))
    laid = load_real_building(timeline)
    first = timeline.mark(played)
    assert list(
        zip(
            laid.power_kw[first : first + 96].tolist(),
            laid.temperature_c[first : first + 96].tolist(),
            strict=True,
        )
    ) == list(source[real])


def test_a_year_has_the_source_s_energy() -> None:
    laid = load_real_building(Timeline(date(2023, 1, 1), date(2024, 1, 1)))
    # 2019's own: 2,380,082 kWh; one day in 365 differs.
    assert np.isclose(laid.power_kw.sum() / 4, 2_380_082, rtol=1e-3)
