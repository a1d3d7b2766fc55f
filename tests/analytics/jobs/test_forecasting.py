"""Forecasts and year-ends over stored results, with and without a stored baseline."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from analytics.baselines.series import Interval
from analytics.consumption.points import Wiring
from analytics.forecast.day_ahead import Basis, DayForecast, Weather
from analytics.forecast.rest_of_year import RestOfYear
from analytics.grid import Key
from analytics.jobs.forecasting import forecast_of
from analytics.jobs.yearexpected import year_expected
from analytics.totals.tree import Tree
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.spans import local_midnight
from quotawatt.storage.baseline_keeping import keep
from quotawatt.storage.baselines import BaselineKey, BaselineVersion
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.analytics.forecast.given import SHANGHAI, baseline, office

KEY = Key("BLD-1", "electricity_import_kwh")
TODAY = date(2025, 1, 14)
NOW = local_midnight(TODAY, SHANGHAI) + timedelta(hours=9)


def tree(country: str = "") -> Tree:
    site = Site("SITE", "院", "Court", str(SHANGHAI), "shandong", "B", country=country)
    register = Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        sites=[site],
        buildings=[Building("BLD-1", "楼", "House", "SITE", "ORG")],
    )
    return Tree(Wiring(register), SHANGHAI)


@cache
def stored_office(until: datetime = NOW) -> MemorySeriesStore:
    """Hours, days and months of the office up to an instant; nobody writes into it."""
    store = MemorySeriesStore()
    frame = office().frame
    frame = frame[frame.index < until].tz_convert(SHANGHAI)
    for grain, rule in ((Grain.HOUR, "h"), (Grain.DAY, "D"), (Grain.MONTH, "MS")):
        by = frame.groupby(pd.Grouper(freq=rule))
        _write(store, grain, "BLD-1", KEY.measure, by["use"].sum())
        _write(store, grain, "SITE", "outdoor_temperature_c", by["temperature_c"].mean())
    return store


def _write(
    store: MemorySeriesStore, grain: Grain, subject: str, measure: str, values: pd.Series
) -> None:
    index = pd.DatetimeIndex(values.index).tz_convert("UTC")
    columns = {
        "subject": [subject] * len(values),
        "measure": [measure] * len(values),
        "start": index.to_pydatetime().tolist(),
        "value": values.tolist(),
        "quality": ["measured"] * len(values),
        "coverage": [1.0] * len(values),
        "revision": [0] * len(values),
        "withdrawn": [False] * len(values),
    }
    store.write_results(grain, pa.Table.from_pydict(columns, RESULTS))


@pytest.fixture
def records(tmp_path: Path) -> Engine:
    return open_records(f"sqlite:///{tmp_path}/records.sqlite", tmp_path)


def test_a_forecast_is_by_the_baseline_that_was_learnt_before_the_day(records: Engine) -> None:
    _keep_baseline(records)
    found = forecast_of(stored_office(), records, tree(), KEY, TODAY, NOW)
    assert isinstance(found.forecast, DayForecast)
    assert (found.forecast.basis, found.forecast.weather) == (Basis.BASELINE, Weather.PERSISTENCE)
    assert found.baseline_version == 1
    assert found.actual.notna().sum() == 9  # what is over of the day
    use = office().frame["use"].reindex(found.forecast.frame.index)
    assert found.forecast.total == pytest.approx(use.sum(), rel=0.15)
    before = forecast_of(stored_office(), records, tree(), KEY, date(2024, 12, 3), NOW)
    assert isinstance(before.forecast, DayForecast)
    assert (before.forecast.basis, before.baseline_version) == (Basis.HABIT, None)


def test_weather_may_be_given(records: Engine) -> None:
    _keep_baseline(records)
    weather = office().frame[["temperature_c"]]
    found = forecast_of(stored_office(), records, tree(), KEY, TODAY, NOW, weather=weather)
    assert isinstance(found.forecast, DayForecast)
    assert found.forecast.weather is Weather.GIVEN


def test_a_site_has_the_working_days_of_its_country(records: Engine) -> None:
    new_year = date(2025, 1, 1)
    stores = stored_office(local_midnight(new_year, SHANGHAI)), records
    totals = []
    for country in ("", "SA"):
        found = forecast_of(*stores, tree(country), KEY, new_year, NOW).forecast
        assert isinstance(found, DayForecast)
        totals.append(found.total)
    assert totals[1] > 1.15 * totals[0]  # no holiday in Saudi Arabia


def test_nothing_known_is_a_finding_and_too_far_ahead_is_refused(records: Engine) -> None:
    found = forecast_of(MemorySeriesStore(), records, tree(), KEY, TODAY, NOW)
    assert isinstance(found.forecast, Finding)
    assert found.forecast.code == "forecast_impossible"
    with pytest.raises(InputError, match="must not be after 2025-01-28, got 2025-01-29"):
        forecast_of(stored_office(), records, tree(), KEY, date(2025, 1, 29), NOW)


def test_the_year_by_hours_of_a_stored_baseline(records: Engine) -> None:
    _keep_baseline(records)
    found = year_expected(stored_office(), records, tree(), KEY, NOW)
    assert (found.interval, found.baseline_version) == (Interval.HOUR, 1)
    assert (found.first, found.days, found.known_days) == (TODAY, 13, 13)
    assert isinstance(found.rest, RestOfYear)
    year_before = office().frame["use"].iloc[13 * 24 : 366 * 24].sum()
    assert found.rest.total == pytest.approx(year_before, rel=0.03)


def test_the_year_by_degree_days_where_there_is_no_baseline_of_hours(records: Engine) -> None:
    found = year_expected(stored_office(), records, tree(), KEY, NOW)
    assert (found.interval, found.baseline_version) == (Interval.MONTH, None)
    assert (found.first, found.days, found.used) == (date(2025, 1, 1), 0, 0.0)
    assert isinstance(found.rest, RestOfYear)
    assert found.rest.total == pytest.approx(office().frame["use"].iloc[: 366 * 24].sum(), rel=0.03)


def test_a_year_of_which_nothing_is_known(records: Engine) -> None:
    found = year_expected(MemorySeriesStore(), records, tree(), KEY, NOW)
    assert (found.used, found.known_days) == (0.0, 0)
    assert isinstance(found.rest, tuple)
    assert [finding.code for finding in found.rest] == ["baseline_insufficient"]


def _keep_baseline(records: Engine) -> None:
    """The office's baseline, learnt at the beginning of 2025."""
    began = local_midnight(date(2025, 1, 1), SHANGHAI)
    made = baseline()
    assert made.saw.last < began
    version = BaselineVersion(
        BaselineKey(*KEY), began, NOW, "schedule", made.kind, made.to_document()
    )
    with records.begin() as conn:
        keep(conn, [version])
