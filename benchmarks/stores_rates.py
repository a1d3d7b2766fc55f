"""How fast the stores take readings, how fast they answer while they do, and yearly totals."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread

import duckdb
import httpx
import numpy as np
import pyarrow as pa

from benchmarks.stores_data import ENERGY, START, in_chunks, readings, results, series, subject
from grafana.influxql import exactly, mean_results
from quotawatt.readings import Grain
from quotawatt.spans import DAY, Span
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.influx_points import reading_lines
from quotawatt.storage.port import SeriesStore

DEVICES = 1000
BATCH_MINUTES = 4
BATCH = DEVICES * BATCH_MINUTES * 5
"""Readings of a batch, as many as a collector writes at once."""

DATABASE = "bench"
YEAR = Span(START, START + 365 * DAY)
_CHUNK = 250_000
_PAUSE_S = 1.0


def fill(store: SeriesStore, grain: Grain, subjects: int, intervals: int, step: timedelta) -> float:
    """Write so many results of each subject; the rows a second that it took."""
    began = time.perf_counter()
    for first, some in in_chunks(intervals, max(1, _CHUNK // subjects)):
        store.write_results(grain, results(subjects, first, some, step))
    return subjects * intervals / (time.perf_counter() - began)


def write_rate(store: SeriesStore, batches: int) -> float:
    """Readings a second, batch after batch."""
    tables = [readings(DEVICES, n * BATCH_MINUTES, BATCH_MINUTES) for n in range(batches)]
    # The first batch makes the series known.
    store.write_readings(tables[0])
    began = time.perf_counter()
    for table in tables[1:]:
        store.write_readings(table)
    return BATCH * (batches - 1) / (time.perf_counter() - began)


def read_rate(store: SeriesStore, batches: int) -> float:
    """Values a second of all meters' energy, as analytics reads them, of what ``write_rate`` wrote."""
    keys = [key for key in series(DEVICES) if key.quantity == ENERGY]
    began = time.perf_counter()
    found = store.read_values(keys, YEAR, context=1)
    spent = time.perf_counter() - began
    if len(found) != DEVICES * batches * BATCH_MINUTES:
        raise ValueError(f"every value written must be read, got {len(found):,}")
    return len(found) / spent


def plain_duckdb_rate(batches: int) -> float:
    """Rows a second of bare DuckDB: the same columns, a commit a batch, nothing compared with anything."""
    tables = [readings(DEVICES, n * BATCH_MINUTES, BATCH_MINUTES) for n in range(batches)]
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(str(Path(folder) / "plain.duckdb")) as connection,
    ):
        connection.register("first", tables[0])
        connection.execute("CREATE TABLE plain AS FROM first")
        began = time.perf_counter()
        for table in tables[1:]:
            connection.register("batch", table)
            connection.execute("INSERT INTO plain FROM batch")
        return BATCH * (batches - 1) / (time.perf_counter() - began)


def plain_influx_rate(url: str, batches: int) -> float:
    """Readings a second of bare line protocol over HTTP, the lines made beforehand."""
    tables = [readings(DEVICES, n * BATCH_MINUTES, BATCH_MINUTES) for n in range(batches)]
    bodies = [reading_lines(one, np.zeros(len(one), dtype=np.bool_)) for one in tables]
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
        http.post("/query", data={"q": "CREATE DATABASE plain"}).raise_for_status()
        began = time.perf_counter()
        for body in bodies:
            parameters = {"db": "plain", "precision": "u"}
            http.post("/write", params=parameters, content=body).raise_for_status()
        return BATCH * batches / (time.perf_counter() - began)


def total_time(store: SeriesStore, grain: Grain, subjects: int, times: int) -> float:
    """Median seconds for the yearly totals of all subjects. Raises ValueError where they are wrong."""
    names = [subject(number) for number in range(subjects)]
    intervals = 365 * (24 if grain is Grain.HOUR else 1)
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        found = store.sum_results(grain, names, [ENERGY], YEAR)
        spent.append(time.perf_counter() - began)
        expected = [float(number * intervals) for number in range(subjects)]
        if found["value"].to_pylist() != expected:
            raise ValueError(
                f"yearly totals must be those that were written, got {found.slice(0, 3)}"
            )
    return float(np.median(spent))


def port_query(store: SeriesStore, subjects: int, days: int) -> Callable[[], int]:
    """Asks for 30 days of hourly energy of one building after another; returns how many came."""
    turn = count()

    def ask() -> int:
        number = next(turn) * 37
        first = START + (number % (days - 29)) * DAY
        span = Span(first, first + 30 * DAY)
        found: pa.Table = store.read_results(
            Grain.HOUR, [subject(number % subjects)], [ENERGY], span
        )
        return len(found)

    return ask


def grafana_query(url: str, subjects: int, days: int) -> Callable[[], int]:
    """The same as Grafana sends it for the load panel of our board."""
    turn = count()
    http = httpx.Client(base_url=url, trust_env=False, timeout=60)
    statement = mean_results(Grain.HOUR, (ENERGY,), exactly("building"))

    def ask() -> int:
        number = next(turn) * 37
        start_ms = int(START.timestamp() + (number % (days - 29)) * 86_400) * 1000
        end_ms = start_ms + 30 * 86_400_000 - 1
        query = (
            statement.replace("${building:regex}", subject(number % subjects))
            .replace("$timeFilter", f"time >= {start_ms}ms and time <= {end_ms}ms")
            .replace("$__interval", "1h")
        )
        parameters = {"db": DATABASE, "epoch": "ms"}
        reply = http.post("/query", params=parameters, data={"q": query}).raise_for_status()
        return len(reply.json()["results"][0]["series"][0]["values"])

    return ask


def p95_ms(ask: Callable[[], int], times: int) -> float:
    """The 95th percentile of the milliseconds that a question takes. Raises ValueError for a short answer."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        found = ask()
        spent.append((time.perf_counter() - began) * 1000)
        if found != 720:
            raise ValueError(f"30 days must have 720 hours, got {found}")
    return float(np.percentile(spent, 95))


@contextmanager
def ingest(store: SeriesStore, per_s: int, first_minute: int) -> Iterator[list[int]]:
    """Write readings at a rate meanwhile; gives the sizes of the batches written so far."""
    written: list[int] = []
    stop = Event()

    def run() -> None:
        minutes = max(1, round(per_s * _PAUSE_S / (DEVICES * 5)))
        for turn in count():
            began = time.perf_counter()
            table = readings(DEVICES, first_minute + turn * minutes, minutes)
            store.write_readings(table)
            written.append(len(table))
            if stop.wait(max(0.0, _PAUSE_S - (time.perf_counter() - began))):
                return

    thread = Thread(target=run)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join()


def while_ingesting(
    store: SeriesStore,
    questions: Mapping[str, Callable[[], int]],
    times: int,
    per_s: int,
    first_minute: int,
) -> tuple[dict[str, float], float]:
    """The 95th percentile of each question, and the readings a second that were written meanwhile."""
    with ingest(store, per_s, first_minute) as written:
        began = time.perf_counter()
        found = {name: p95_ms(ask, times) for name, ask in questions.items()}
        rate = sum(written) / (time.perf_counter() - began)
    return found, rate


def influx_store(url: str) -> "closing[InfluxSeriesStore]":
    """The store on a server of ours."""
    return closing(InfluxSeriesStore(url, "", "", DATABASE))
