"""The check of books against telemetry: subjects a second, and how long a full check takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from analytics.jobs.reconciling import Reconciler
from benchmarks.register_rig import SQLITE, Homes, seconds_of
from benchmarks.register_world import NOW, Filled, fill
from benchmarks.report import Figure
from quotawatt.register.repository import RegisterSource
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from tests.servers import run_influxdb

_BAR_S = 60.0
_BAR_SUBJECTS_PER_S = 1_000.0
_DATABASE = "bench"


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was looked at, and how long the first check and a later one took."""

    filled: Filled
    first_s: float
    again_s: float

    def figures(self, name: str, subjects_at_least: float | None = None) -> Iterator[Figure]:
        rate = self.filled.assets / self.first_s
        yield Figure(f"{name}: first", self.first_s, "s", at_most=_BAR_S)
        yield Figure(f"{name}: again, median", self.again_s, "s", at_most=_BAR_S)
        yield Figure(f"{name}: first, subjects", rate, "subjects/s", at_least=subjects_at_least)
        yield Figure(f"{name}: readings in the store", self.filled.readings, "readings")


def check_figures(
    homes: Homes, folder: Path, meters: int, days: int, influx_days: int
) -> Iterator[Figure]:
    """A full check with its queries and its writing, into DuckDB and into InfluxDB."""
    duckdb = DuckDbSeriesStore(folder / "series.duckdb")
    try:
        found = _checked(homes, duckdb, meters, days, runs=3)
        yield from found.figures(f"check of {meters:,} meters, DuckDB", _BAR_SUBJECTS_PER_S)
    finally:
        duckdb.close()
    with run_influxdb(folder / "influx") as server:
        query = {"q": f'CREATE DATABASE "{_DATABASE}"'}
        httpx.post(f"{server.http_url}/query", data=query, trust_env=False).raise_for_status()
        influx = InfluxSeriesStore(server.http_url, "", "quotawatt", _DATABASE)
        try:
            found = _checked(homes, influx, meters, influx_days, runs=1)
            yield from found.figures(f"check of {meters:,} meters, InfluxDB")
        finally:
            influx.close()


def _checked(homes: Homes, series: SeriesStore, meters: int, days: int, runs: int) -> _Checked:
    """Fill the stores, and check: once, and then so many times again."""
    home = homes.fresh(SQLITE)
    records = open_records(home.url, home.folder)
    try:
        filled = fill(records, series, meters, days)
        settings = Settings(home=home.folder)
        reconciler = Reconciler(series, records, RegisterSource(records), load_rulebook(), settings)
        first = seconds_of(lambda: reconciler.run(NOW))
        again = median(seconds_of(lambda: reconciler.run(NOW)) for _ in range(runs))
    finally:
        records.dispose()
    return _Checked(filled, first, again)
