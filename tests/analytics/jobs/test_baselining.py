"""Baselines on schedule: each series once a month, by one process, never from anomalies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, insert, update

from analytics.grid import Grid, Key, hour_starts
from analytics.jobs.baselining import LATELY, Baseliner, BaselineReport, is_learnt
from analytics.jobs.loading import store
from analytics.jobs.training import ready
from analytics.totals.rollup import to_days
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.settings import Settings
from quotawatt.spans import DAY, HOUR, Span
from quotawatt.storage.analytics_tables import anomalies
from quotawatt.storage.baseline_keeping import drop_after
from quotawatt.storage.baselines import (
    CURRENT,
    DROPPED,
    INSUFFICIENT,
    BaselineKey,
    BaselineVersion,
    current,
    versions_of,
)
from quotawatt.storage.facts import lock_fact, put_fact
from quotawatt.storage.jobs import REFIT, Job, add_job, read_job
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.analytics.jobs.nights import (
    BUILDING,
    FIRST,
    LEARNT_UNTIL,
    METER,
    ZONE,
    temperature_c,
    use_of,
)
from tests.api.scene import REGISTER

NOW = LEARNT_UNTIL + 2 * HOUR
SITE = Key("SITE-1", "outdoor_temperature_c")


@dataclass
class Bench:
    series: MemorySeriesStore
    records: Engine
    home: Path

    def baseliner(self, worker: str = "one") -> Baseliner:
        settings = Settings(home=self.home)
        return Baseliner(self.series, self.records, lambda: REGISTER, settings, worker)

    def write(
        self, until: datetime = LEARNT_UNTIL, more: float = 0.0, keys: Sequence[Key] = (METER,)
    ) -> None:
        """Hours and days of the series up to an instant, with the weather."""
        starts = hour_starts(Span(FIRST, until))
        weather = temperature_c(pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC"))
        rows = [use_of(key, 150, FIRST)[: len(starts)] + more for key in keys]
        value = np.vstack([*rows, weather])
        flat = np.zeros(value.shape, dtype=bool)
        hours = Grid((*keys, SITE), starts, value, np.ones_like(value), flat)
        store(self.series, Grain.HOUR, [hours.results()])
        store(self.series, Grain.DAY, [to_days(hours, ZONE).results()])

    def versions(self, key: Key = METER) -> list[BaselineVersion]:
        with self.records.connect() as conn:
            return versions_of(conn, BaselineKey(*key))

    def ask(self, key: Key) -> int:
        with self.records.begin() as conn:
            return add_job(conn, REFIT, key._asdict(), "officer", NOW)

    def job(self, number: int) -> Job:
        with self.records.connect() as conn:
            return read_job(conn, number)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    records = open_records("sqlite", tmp_path)
    yield Bench(MemorySeriesStore(), records, tmp_path)
    records.dispose()


def test_each_series_is_learnt_as_its_month_begins_and_once(bench: Bench) -> None:
    bench.write(keys=(METER, BUILDING))
    baseliner = bench.baseliner()
    assert baseliner.run_if_due(NOW) == BaselineReport(learnt=2)
    [version] = bench.versions()
    assert (version.version, version.state, version.as_of) == (1, CURRENT, LEARNT_UNTIL)
    assert version.figures["cross_validated"]["cv_rmse_pct"] < 30
    assert version.saw["n"] > 2800
    assert version.libraries["numpy"] == np.__version__
    assert baseliner.run_if_due(NOW + HOUR) is None
    assert baseliner.run_if_due(NOW + DAY) == BaselineReport()
    assert bench.versions() == [version]


def test_what_is_stored_predicts(bench: Bench) -> None:
    bench.write()
    bench.baseliner().run(NOW)
    with bench.records.connect() as conn:
        fitted = ready(current(conn)[BaselineKey(*METER)])
    assert fitted
    hours = pd.date_range(LEARNT_UNTIL - DAY, periods=48, freq="h", name="start")
    expected = fitted.predict(pd.DataFrame({"temperature_c": 15.0}, index=hours))
    at_ten = expected["expected"][LEARNT_UNTIL + 10 * HOUR]
    assert at_ten == pytest.approx(20, abs=1.5)


def test_a_month_waits_until_what_was_measured_before_has_come(bench: Bench) -> None:
    bench.write()
    bench.baseliner().run(LEARNT_UNTIL + HOUR / 2)
    assert [v.as_of.astimezone(ZONE).month for v in bench.versions()] == [5]


def test_what_is_left_goes_on_at_the_next_turn(bench: Bench) -> None:
    bench.write()
    assert bench.baseliner().run(NOW, budget_s=0.0) == BaselineReport(left=1)
    assert bench.baseliner().run_if_due(NOW) == BaselineReport(learnt=1)


def test_of_two_processes_one_goes_on(bench: Bench) -> None:
    bench.write()
    with bench.records.begin() as conn:
        lock_fact(conn, "baselines", {})
        until = (NOW + HOUR).isoformat()
        put_fact(conn, "baselines", {"worker": "another", "until": until})
    assert bench.baseliner().run_if_due(NOW) is None
    assert bench.baseliner().run_if_due(NOW + HOUR) == BaselineReport(learnt=1)


def test_too_little_is_said_and_tried_again(bench: Bench) -> None:
    bench.write(FIRST + 10 * DAY)
    assert bench.baseliner().run(FIRST + 29 * DAY) == BaselineReport(insufficient=1)
    [attempt] = bench.versions()
    assert (attempt.version, attempt.state, attempt.document) == (0, INSUFFICIENT, None)
    assert attempt.findings[0]["code"] == "baseline_insufficient"
    bench.write()
    assert bench.baseliner().run(NOW) == BaselineReport(learnt=1)
    assert [v.state for v in bench.versions()] == [CURRENT]


def test_what_reports_no_more_is_not_learnt(bench: Bench) -> None:
    bench.write()
    assert bench.baseliner().run(NOW + LATELY) == BaselineReport()


def test_anomalies_teach_nothing_unless_somebody_calls_them_ordinary(bench: Bench) -> None:
    bench.write(keys=(METER, BUILDING))
    start, end = FIRST + 40 * DAY, FIRST + 47 * DAY
    row = {
        **METER._asdict(),
        **{"asset": METER.subject, "shape": "run", "likely": "leak", "start": start, "end": end},
        **{"hours": 50, "size": 9.0, "expected": 9.0, "confidence": 0.9, "evidence": {}},
        **{"state": "over", "found_at": NOW, "updated_at": NOW, "baseline_version": 1},
    }
    with bench.records.begin() as conn:
        conn.execute(insert(anomalies), row)
    bench.baseliner().run(NOW)
    without = bench.versions()[0]
    assert without.saw["excluded"] == [[start.isoformat(), end.isoformat()]]
    assert bench.versions(BUILDING)[0].saw["excluded"] == []
    with bench.records.begin() as conn:
        conn.execute(update(anomalies).values(state="ordinary"))
    again = bench.baseliner().refit(METER, NOW)
    assert (again.version, again.state, again.saw["excluded"]) == (2, CURRENT, [])
    assert again.saw["n"] == without.saw["n"] + 7 * 24
    assert [v.state for v in bench.versions()] == [CURRENT, DROPPED]


def test_a_baseline_that_was_dropped_comes_back_with_the_same_data(bench: Bench) -> None:
    bench.write()
    bench.baseliner().run(NOW)
    with bench.records.begin() as conn:
        drop_after(conn, FIRST)
    assert [v.state for v in bench.versions()] == [DROPPED]
    bench.baseliner().run(NOW)
    assert [(v.version, v.state) for v in bench.versions()] == [(1, CURRENT)]
    with bench.records.begin() as conn:
        drop_after(conn, FIRST)
    bench.write(more=1.0)
    bench.baseliner().run(NOW)
    assert [(v.version, v.state) for v in bench.versions()] == [(2, CURRENT), (1, DROPPED)]


def test_somebody_may_ask_for_one(bench: Bench) -> None:
    bench.write()
    baseliner = bench.baseliner()
    baseliner.run_if_due(NOW)
    asked, unknown = bench.ask(METER), bench.ask(Key("NONE", METER.measure))
    assert baseliner.run_if_due(NOW + HOUR) is None
    assert (bench.job(asked).state, bench.job(asked).result) == (
        "done",
        {"version": 1, "state": CURRENT},
    )
    assert bench.job(unknown).state == "failed"
    assert "'NONE'" in bench.job(unknown).error


def test_only_use_of_meters_buildings_and_items_has_baselines(bench: Bench) -> None:
    assert is_learnt(REGISTER, METER)
    assert is_learnt(REGISTER, Key("BLD-1/item:A", METER.measure))
    assert not is_learnt(REGISTER, Key("BLD-1", "odometer_km"))
    assert not is_learnt(REGISTER, Key("ORG-1", METER.measure))
    with pytest.raises(InputError, match="'ORG-1'"):
        bench.baseliner().refit(Key("ORG-1", METER.measure), NOW + timedelta(days=1))
