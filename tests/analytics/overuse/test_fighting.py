"""Heating and cooling at the same time."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.anomalies.event import Likely
from analytics.baselines.series import Interval, UseSeries
from analytics.overuse.fighting import heating_and_cooling
from quotawatt.spans import local_date
from tests.analytics.overuse.offices import ZONE, series
from tests.analytics.overuse.test_patterns import day

DAYS = 60


def both(name: str, temperature_c: float) -> tuple[UseSeries, UseSeries]:
    """Heated for 30 days, cooled from the 25th on; five days lie in both."""
    heat, cool = np.zeros((DAYS, 24)), np.full((DAYS, 24), 2.0)
    heat[:30, 8:18] = 0.5
    cool[25:, 10:16] += 20.0
    return (
        series(heat.ravel(), name="heat_gj", subject="BLD-1"),
        series(cool.ravel(), name=name, subject="BLD-1/item:B", temperature_c=temperature_c),
    )


@pytest.mark.parametrize("name", ["cooling_gj", "electricity_import_kwh"])
def test_days_on_which_both_run(name: str) -> None:
    heating, cooling = both(name, 15.0)
    (found,) = heating_and_cooling(heating, cooling)
    assert found.likely is Likely.HEATING_AND_COOLING
    assert (found.subject, found.measure) == ("BLD-1/item:B", name)
    assert (local_date(found.start, ZONE), found.open) == (day(25), False)
    assert found.evidence["days"] == 5
    assert found.evidence["hours_together"] == 30
    assert found.size == pytest.approx(30 * 20.0)
    assert found.evidence["heating_beyond_base"] == pytest.approx(15.0)


def test_electricity_in_the_cold_may_be_heating_too() -> None:
    assert heating_and_cooling(*both("electricity_import_kwh", 5.0)) == []
    assert heating_and_cooling(*both("electricity_import_kwh", np.nan)) == []
    assert len(heating_and_cooling(*both("cooling_gj", np.nan))) == 1


def test_a_server_room_that_is_always_cooled_is_none() -> None:
    heating, _ = both("cooling_gj", 15.0)
    constant = series(np.full(DAYS * 24, 5.0), name="cooling_gj")
    assert heating_and_cooling(heating, constant) == []


def test_bad_input() -> None:
    heating, cooling = both("cooling_gj", 15.0)
    unknown = replace(cooling, frame=cooling.frame.assign(use=np.nan))
    assert heating_and_cooling(heating, unknown) == []
    assert heating_and_cooling(heating, replace(cooling, frame=cooling.frame.iloc[:0])) == []
    daily = replace(cooling, interval=Interval.DAY)
    assert heating_and_cooling(replace(heating, interval=Interval.DAY), daily) == []
    assert heating_and_cooling(heating, daily) == []
