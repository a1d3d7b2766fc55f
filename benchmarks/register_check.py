"""The check of books against telemetry: subjects a second, and how long a full check takes."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from analytics.jobs.reconciling import Reconciler
from benchmarks.register_rig import SQLITE, Homes, seconds_of
from benchmarks.register_world import NOW, fill
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
_RUNS = 3
_DATABASE = "bench"


def check_figures(
    homes: Homes, folder: Path, meters: int, days: int, influx_days: int
) -> Iterator[Figure]:
    """A full check with its queries and its writing, into DuckDB and into InfluxDB."""
    duckdb = DuckDbSeriesStore(folder / "series.duckdb")
    try:
        yield from _store_figures(homes, duckdb, "DuckDB", meters, days, _BAR_SUBJECTS_PER_S)
    finally:
        duckdb.close()
    with run_influxdb(folder / "influx") as server:
        query = {"q": f'CREATE DATABASE "{_DATABASE}"'}
        httpx.post(f"{server.http_url}/query", data=query, trust_env=False).raise_for_status()
        influx = InfluxSeriesStore(server.http_url, "", "quotawatt", _DATABASE)
        try:
            yield from _store_figures(homes, influx, "InfluxDB", meters, influx_days)
        finally:
            influx.close()


def _store_figures(
    homes: Homes,
    series: SeriesStore,
    store: str,
    meters: int,
    days: int,
    at_least: float | None = None,
) -> Iterator[Figure]:
    home = homes.fresh(SQLITE)
    records = open_records(home.url, home.folder)
    try:
        filled = fill(records, series, meters, days)
        settings = Settings(home=home.folder)
        reconciler = Reconciler(series, records, RegisterSource(records), load_rulebook(), settings)
        first = seconds_of(lambda: reconciler.run(NOW))
        again = median(seconds_of(lambda: reconciler.run(NOW)) for _ in range(_RUNS))
    finally:
        records.dispose()
    name = f"check of {meters:,} meters, {store}"
    yield Figure(f"{name}: first", first, "s", at_most=_BAR_S)
    yield Figure(f"{name}: again, median", again, "s", at_most=_BAR_S)
    rate = filled.assets / first
    yield Figure(f"{name}: first, subjects", rate, "subjects/s", at_least=at_least)
    yield Figure(f"{name}: readings looked at", filled.readings, "readings")
