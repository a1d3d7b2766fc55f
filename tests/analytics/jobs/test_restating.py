"""Past carbon restated on the publication of a factor: told once, results written anew."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select

from analytics.carbon.series import carbon_series
from analytics.jobs.restating import Judge, Restater
from quotawatt.errors import StoreError
from quotawatt.readings import RESULTS, Grain
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import year_span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import findings, ledger
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


def judged() -> tuple[list[datetime], Judge]:
    """Instants that accounts were drawn up for."""
    instants: list[datetime] = []
    return instants, instants.append


def listed(records: Engine) -> list[tuple[str, str]]:
    with records.connect() as conn:
        rows = conn.execute(select(findings.c.code, findings.c.subject)).all()
    return [(row.code, row.subject) for row in rows]


def test_a_published_factor_restates_once(records: Engine) -> None:
    series = filled()
    instants, judge = judged()
    assert emitted(series) == pytest.approx([61.91] * 10)
    # The first look only notes what the years are reckoned with.
    assert Restater(records, series, ZONE).run(WORLD, BOOK, NOW, judge) == 0
    assert Restater(records, series, ZONE).run(WORLD, published(0.6), NOW, judge) == 1
    assert emitted(series) == pytest.approx([60.0] * 10)
    # The year is not over: its account is that of now.
    assert instants == [NOW]
    assert Restater(records, series, ZONE).run(WORLD, published(0.6), NOW, judge) == 0
    with records.connect() as conn:
        told = conn.execute(select(ledger.c.action, ledger.c.subject)).all()
        (detail,) = conn.execute(select(findings.c.detail)).scalars()
    assert [tuple(row) for row in told] == [("carbon_restated", "shandong/2024")]
    # 1000 kWh: 619.1 kg before, 600 kg now.
    assert (detail["year"], detail["before_kgco2"], detail["after_kgco2"]) == (2024, 619.1, 600.0)
    assert listed(records) == [("carbon_restated", "BLD-1")]


def test_what_is_broken_off_is_done_again_and_told_once(records: Engine) -> None:
    def breaks(_: datetime) -> None:
        raise StoreError("the store must answer, got nothing")

    series = filled()
    instants, judge = judged()
    Restater(records, series, ZONE).run(WORLD, BOOK, NOW, judge)
    later = NOW.replace(year=2025)
    restater = Restater(records, series, ZONE)
    with pytest.raises(StoreError):
        restater.run(WORLD, published(0.6), later, breaks)
    assert listed(records) == []
    assert restater.run(WORLD, published(0.6), later, judge) == 1
    assert listed(records) == [("carbon_restated", "BLD-1")]
    # The year is over: what it ended at is judged anew.
    assert instants == [year_span(2024, ZONE).end]


def test_one_that_has_looked_does_not_look_again(records: Engine) -> None:
    _, judge = judged()
    restater = Restater(records, filled(), ZONE)
    restater.run(WORLD, BOOK, NOW, judge)
    again = Restater(records, filled(), ZONE)
    assert again.run(WORLD, published(0.6), NOW, judge) == 1
    # The first one's book has not changed, so it has nothing to say of what another one told.
    assert restater.run(WORLD, BOOK, NOW, judge) == 0


def test_a_factor_that_nobody_used_is_noted_and_not_told(records: Engine) -> None:
    empty = MemorySeriesStore()
    instants, judge = judged()
    Restater(records, empty, ZONE).run(WORLD, BOOK, NOW, judge)
    assert Restater(records, empty, ZONE).run(WORLD, published(0.6), NOW, judge) == 0
    assert (listed(records), instants) == ([], [])
    with records.connect() as conn:
        assert conn.execute(select(ledger.c.action)).all() == []
