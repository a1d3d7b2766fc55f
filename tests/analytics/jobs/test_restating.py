"""Past carbon restated on the publication of a factor: told once, results written anew."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select

from analytics.carbon.series import carbon_series
from analytics.jobs.restating import Restater
from quotawatt.readings import RESULTS, Grain
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import year_span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import ledger
from tests.analytics.accounts_example import ZONE, daily, register

NOW = datetime(2024, 7, 1, tzinfo=UTC)
BOOK = load_rulebook()
WORLD = register()


def published(value: float) -> Rulebook:
    last = BOOK.grid_factor("shandong", 2023)
    new = replace(last, year=2024, kgco2_per_kwh=value)
    return replace(BOOK, grid_factors=(*BOOK.grid_factors, new))


def filled() -> MemorySeriesStore:
    """Ten days of 2024 with 100 kWh each, and what they emitted by the factor that stood in."""
    series = MemorySeriesStore()
    frame = daily({("BLD-1", "electricity_import_kwh"): 100}, date(2024, 1, 1), date(2024, 1, 11))
    rows = frame.assign(quality="measured", revision=0, withdrawn=False)
    series.write_results(Grain.DAY, pa.Table.from_pandas(rows, RESULTS, preserve_index=False))
    series.write_results(Grain.DAY, carbon_series(frame, WORLD, BOOK, ZONE).results)
    return series


def emitted(series: MemorySeriesStore) -> list[float]:
    span = year_span(2024, ZONE)
    return series.read_results(Grain.DAY, ["BLD-1"], ["carbon_kgco2"], span)["value"].to_pylist()


def test_a_published_factor_restates_once(records: Engine) -> None:
    series = filled()
    assert emitted(series) == pytest.approx([61.91] * 10)
    # The first look only notes what the years are reckoned with.
    assert Restater(records, series, ZONE).run(WORLD, BOOK, NOW) == []
    found = Restater(records, series, ZONE).run(WORLD, published(0.6), NOW)
    assert [(f.code, f.subject, f.detail["year"]) for f in found] == [
        ("carbon_restated", "BLD-1", 2024)
    ]
    # 1000 kWh: 619.1 kg before, 600 kg now.
    assert (found[0].detail["before_kgco2"], found[0].detail["after_kgco2"]) == (619.1, 600.0)
    assert emitted(series) == pytest.approx([60.0] * 10)
    assert Restater(records, series, ZONE).run(WORLD, published(0.6), NOW) == []
    with records.connect() as conn:
        told = conn.execute(select(ledger.c.action, ledger.c.subject)).all()
    assert [tuple(row) for row in told] == [("carbon_restated", "shandong/2024")]


def test_one_that_has_looked_does_not_look_again(records: Engine) -> None:
    restater = Restater(records, filled(), ZONE)
    restater.run(WORLD, BOOK, NOW)
    again = Restater(records, filled(), ZONE)
    assert again.run(WORLD, published(0.6), NOW) != []
    # The first one's book has not changed, so it has nothing to say of what another one told.
    assert restater.run(WORLD, BOOK, NOW) == []


def test_a_factor_that_nobody_used_is_noted_and_not_told(records: Engine) -> None:
    empty = MemorySeriesStore()
    Restater(records, empty, ZONE).run(WORLD, BOOK, NOW)
    assert Restater(records, empty, ZONE).run(WORLD, published(0.6), NOW) == []
    with records.connect() as conn:
        assert conn.execute(select(ledger.c.action)).all() == []
