"""The two series stores: yearly totals, a board's question while readings come in, writes, kills."""

import random
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Figure, Report
from benchmarks.stores_kill import Outcome, kill_duckdb, kill_influx
from benchmarks.stores_rates import (
    DEVICES,
    fill,
    grafana_query,
    influx_store,
    plain_duckdb_rate,
    plain_influx_rate,
    port_query,
    read_rate,
    total_time,
    while_ingesting,
    write_rate,
)
from quotawatt.readings import Grain
from quotawatt.spans import DAY, HOUR
from quotawatt.storage.duckdb import DuckDbSeriesStore
from tests.servers import run_influxdb

SUBJECTS = 1000
INGEST_PER_S = 10_000


class Work(NamedTuple):
    """How much is done.

    buildings
        How many have hourly results.
    duckdb_hourly_days, influx_hourly_days
        Days of hourly results that the board's question chooses its 30 from.
    """

    batches: int
    buildings: int
    duckdb_hourly_days: int
    influx_hourly_days: int
    times: int
    questions: int
    kills: int


FULL = Work(40, SUBJECTS, 365, 90, 5, 200, 15)
QUICK = Work(10, 200, 60, 31, 3, 60, 2)


def run(quick: bool) -> Report:
    """Measure both stores, one after the other."""
    work = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="quotawatt-bench-") as folder:
        figures = [*_duckdb(Path(folder) / "duckdb", work), *_influx(Path(folder) / "influx", work)]
        figures += _kills(Path(folder), work)
    return Report("stores", quick, tuple(figures), _notes(work))


def _duckdb(folder: Path, work: Work) -> list[Figure]:
    plain = plain_duckdb_rate(work.batches)
    with closing(DuckDbSeriesStore(folder / "series.duckdb")) as store:
        rate = write_rate(store, work.batches)
        read = read_rate(store, work.batches)
        filled = fill(store, Grain.HOUR, work.buildings, 24 * work.duckdb_hourly_days, HOUR)
        fill(store, Grain.DAY, SUBJECTS, 365, DAY)
        totals = {"DuckDB, from daily results": total_time(store, Grain.DAY, SUBJECTS, work.times)}
        if work.duckdb_hourly_days == 365:
            hourly = total_time(store, Grain.HOUR, SUBJECTS, work.times)
            totals["DuckDB, from 8.76 million hourly results"] = hourly
        asked, ingested = while_ingesting(
            store,
            {"over the store port": port_query(store, work.buildings, work.duckdb_hourly_days)},
            work.questions,
            INGEST_PER_S,
            work.batches * 60,
        )
    return [
        *_totals(totals),
        *_board("DuckDB", asked, ingested),
        Figure("DuckDB: readings written a second", rate, "1/s"),
        Figure("DuckDB: values of meters read a second", read, "1/s"),
        Figure("DuckDB: the same rows into a bare table, a commit a batch", plain, "1/s"),
        Figure("DuckDB: hourly results written a second", filled, "1/s"),
    ]


def _influx(folder: Path, work: Work) -> list[Figure]:
    with run_influxdb(folder) as server, influx_store(server.http_url) as store:
        plain = plain_influx_rate(server.http_url, work.batches)
        rate = write_rate(store, work.batches)
        read = read_rate(store, work.batches)
        filled = fill(store, Grain.DAY, SUBJECTS, 365, DAY)
        fill(store, Grain.HOUR, work.buildings, 24 * work.influx_hourly_days, HOUR)
        totals = {
            "InfluxDB, from daily results": total_time(store, Grain.DAY, SUBJECTS, work.times)
        }
        days = work.influx_hourly_days
        asked, ingested = while_ingesting(
            store,
            {
                "over the store port": port_query(store, work.buildings, days),
                "as Grafana asks it": grafana_query(server.http_url, work.buildings, days),
            },
            work.questions,
            INGEST_PER_S,
            work.batches * 60,
        )
    return [
        *_totals(totals),
        *_board("InfluxDB", asked, ingested),
        Figure("InfluxDB: readings written a second", rate, "1/s"),
        Figure("InfluxDB: values of meters read a second", read, "1/s"),
        Figure("InfluxDB: lines made beforehand, posted and no more", plain, "1/s"),
        Figure("InfluxDB: daily results written a second", filled, "1/s"),
    ]


def _totals(found: dict[str, float]) -> list[Figure]:
    return [
        Figure(f"yearly totals of 1,000 meters: {name}", seconds, "s", at_most=1)
        for name, seconds in found.items()
    ]


def _board(store: str, asked: dict[str, float], ingested: float) -> list[Figure]:
    return [
        *(
            Figure(f"{store}: 30 days of hourly energy, p95, {how}", ms, "ms", at_most=100)
            for how, ms in asked.items()
        ),
        Figure(f"{store}: readings written a second meanwhile", ingested, "1/s"),
    ]


def _kills(folder: Path, work: Work) -> list[Figure]:
    chance = random.Random(5)
    return [
        *_outcome("DuckDB", kill_duckdb(folder, work.kills, chance), work.kills),
        *_outcome("InfluxDB", kill_influx(folder / "killed", work.kills, chance), work.kills),
    ]


def _outcome(store: str, outcome: Outcome, kills: int) -> list[Figure]:
    return [
        Figure(
            f"{store}: killed in the middle of writes, opened again", outcome.kills, "times", kills
        ),
        Figure(f"{store}: batches acknowledged through the kills", outcome.acknowledged, "batches"),
        Figure(f"{store}: acknowledged readings missing", outcome.missing, "readings", at_most=0),
        Figure(f"{store}: readings twice", outcome.double, "readings", at_most=0),
    ]


def _notes(work: Work) -> tuple[str, ...]:
    return (
        f"Batches of {DEVICES * 20:,} readings, five quantities a message. The board's question goes to one "
        f"building after another of {work.buildings:,}, of which hourly results of "
        f"{work.duckdb_hourly_days} days (DuckDB) and {work.influx_hourly_days} days (InfluxDB 1.6) are "
        f"held, while {INGEST_PER_S:,} "
        "readings a second are written from another thread of the same process: as much as 120,000 meters "
        "send that report five quantities a minute.",
        "DuckDB's file is held by the process that is killed; of InfluxDB the server is killed.",
    )
