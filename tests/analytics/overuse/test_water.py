"""Water leaks by the least flow of the night."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.anomalies.event import Likely
from analytics.overuse.water import water_leak
from quotawatt.spans import local_date
from tests.analytics.overuse.offices import ZONE, series
from tests.analytics.overuse.test_patterns import day


def drawn(days: int, night: float = 0.0) -> np.ndarray:
    """m³ by day and hour: little at night, much by day."""
    use = np.full((days, 24), night)
    use[:, 8:18] += 1.0 + np.random.default_rng(4).uniform(-0.2, 0.2, (days, 10))
    return use


def test_a_leak_has_its_beginning_and_what_it_loses() -> None:
    use = drawn(60)
    use[40:] += 0.4
    (found,) = water_leak(series(use.ravel(), name="water_m3"))
    assert (found.likely, local_date(found.start, ZONE)) == (Likely.LEAK, day(40))
    assert found.open
    assert found.evidence["lost_m3_d"] == pytest.approx(9.6)
    assert found.size == pytest.approx(20 * 9.6)
    assert found.size + found.expected == pytest.approx(use[40:].sum())


def test_a_leak_that_was_mended_is_over() -> None:
    use = drawn(60)
    use[30:40] += 0.4
    (found,) = water_leak(series(use.ravel(), name="water_m3"))
    assert not found.open
    assert (found.end - found.start).days == 10


def test_one_night_of_cleaning_is_no_leak() -> None:
    use = drawn(60)
    use[30] += 0.4
    assert water_leak(series(use.ravel(), name="water_m3")) == []


def test_a_flow_that_never_stops_is_possible_only() -> None:
    (found,) = water_leak(series(drawn(60, night=0.3).ravel(), name="water_m3"))
    assert found.confidence == 0.5
    assert found.evidence["lost_m3_d"] == pytest.approx(7.2)
    assert water_leak(series(drawn(20, night=0.3).ravel(), name="water_m3")) == []


def test_nights_without_readings_are_not_known() -> None:
    use = drawn(60)
    use[40:] += 0.4
    use[42:45, :6] = np.nan
    (found,) = water_leak(series(use.ravel(), name="water_m3"))
    assert found.evidence["nights_above"] == 17


def test_what_is_no_water_has_no_leak() -> None:
    given = series(drawn(60, night=0.3).ravel(), name="water_m3")
    assert water_leak(replace(given, measure="electricity_import_kwh")) == []
