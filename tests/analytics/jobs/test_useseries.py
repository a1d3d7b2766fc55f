"""Stored results as series of use: what is doubtful is not known, weather is that of the site."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.baselines.series import Interval
from analytics.consumption.points import Wiring
from analytics.grid import Key, empty_grid, hour_starts
from analytics.jobs.useseries import load_many, load_series
from analytics.totals.rollup import month_edges
from analytics.totals.tree import Tree
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import IMPORT, SHANGHAI, TEMPERATURE, day_span, register

BUILDING, SITE = Key("BLD-1", IMPORT), Key("SITE-1", TEMPERATURE)
DAY = day_span(date(2024, 5, 1), SHANGHAI)


def tree(country: str = "CN") -> Tree:
    one = register()
    sites = [replace(site, country=country) for site in one.sites.values()]
    moved = Register(
        organisations=list(one.organisations.values()),
        sites=sites,
        buildings=list(one.buildings.values()),
    )
    return Tree(Wiring(moved), ZoneInfo("UTC"))


@pytest.fixture(scope="module")
def store() -> MemorySeriesStore:
    grid = empty_grid([BUILDING, SITE], hour_starts(DAY))
    grid.value[0], grid.value[1] = np.arange(24.0), 20.0
    grid.coverage[:] = 1.0
    grid.estimated[0, 3] = True
    grid.coverage[0, 5] = 0.5
    grid.value[0, 7] = np.nan
    held = MemorySeriesStore()
    held.write_results(Grain.HOUR, grid.results())
    months = month_edges(DAY, SHANGHAI)[:-1]
    monthly = empty_grid([BUILDING], months)
    monthly.value[:], monthly.coverage[:] = 1000.0, 0.95
    held.write_results(Grain.MONTH, monthly.results())
    return held


def test_doubtful_hours_are_not_known(store: MemorySeriesStore) -> None:
    series = load_series(store, tree(), *BUILDING, DAY)
    assert (series.unit, series.zone, series.country) == ("kWh", SHANGHAI, "CN")
    assert series.frame.index[0] == DAY.start
    assert len(series.frame) == 24
    assert np.flatnonzero(series.frame["use"].isna()).tolist() == [3, 5, 7]
    assert (series.frame["temperature_c"] == 20.0).all()


def test_a_subject_without_results_or_site_is_all_unknown(store: MemorySeriesStore) -> None:
    keys = [BUILDING, Key("BLD-1", "gas_m3"), Key("ORG-TOP", IMPORT)]
    found = load_many(store, tree(), keys, DAY)
    assert list(found) == keys
    assert found[keys[1]].frame["use"].isna().all()
    assert found[keys[1]].frame["temperature_c"].notna().all()
    assert found[keys[2]].zone == ZoneInfo("UTC")
    assert found[keys[2]].frame["temperature_c"].isna().all()


def test_months_that_the_span_touches_by_their_coverage(store: MemorySeriesStore) -> None:
    strict = load_series(store, tree(), *BUILDING, DAY, Interval.MONTH)
    assert strict.frame["use"].isna().tolist() == [True]
    mild = load_series(store, tree(), *BUILDING, DAY, Interval.MONTH, least_coverage=0.9)
    assert mild.frame["use"].tolist() == [1000.0]
    assert mild.frame.index[0] == day_span(date(2024, 5, 1), SHANGHAI).start


def test_the_site_says_whose_holidays_they_are(store: MemorySeriesStore) -> None:
    assert load_series(store, tree("DE"), *BUILDING, DAY).country == "DE"


def test_an_empty_span_is_an_empty_series(store: MemorySeriesStore) -> None:
    assert load_series(store, tree(), *BUILDING, Span(DAY.start, DAY.start)).frame.empty
