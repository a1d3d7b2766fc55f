"""Killing what holds a store, with SIGKILL, in the middle of writes: nothing acknowledged may be missing.

A process of its own writes batch after batch and says each number once the store has acknowledged it. DuckDB
lives in that process, which is killed; of InfluxDB the server is killed, and started again on its folder.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np

from benchmarks.collectors_stores import Restartable
from benchmarks.stores_data import START, readings, series
from quotawatt.errors import StoreError
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.frames import floats, integers, micros
from quotawatt.storage.influx import InfluxSeriesStore
from quotawatt.storage.port import SeriesStore
from tests.servers import free_port, run_influxdb

DEVICES = 40
MINUTES_A_BATCH = 5
DATABASE = "kill"
_ALWAYS = Span(START, START.replace(year=START.year + 50))
# A batch takes some hundredths of a second: so the kill falls anywhere in the first few.
_LATEST_S = 0.6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the kills did; batches count up through all of them.

    missing
        Readings of acknowledged batches that are not there, or have another value.
    double
        Readings that are there more often than once.
    """

    kills: int
    acknowledged: int
    missing: int
    double: int


def kill_duckdb(folder: Path, kills: int, chance: random.Random) -> Outcome:
    """Kill the process that writes a DuckDB file; open the file after each kill."""
    path = folder / "series.duckdb"
    next_batch, missing, double = 0, 0, 0
    for _ in range(kills):
        writer = _Writer("duckdb", str(path), next_batch)
        writer.until_first()
        time.sleep(chance.uniform(0, _LATEST_S))
        writer.kill()
        next_batch = writer.acknowledged + 1
        with closing(DuckDbSeriesStore(path)) as store:
            missing, double = _faults(store, next_batch)
    return Outcome(kills, next_batch, missing, double)


def kill_influx(folder: Path, kills: int, chance: random.Random) -> Outcome:
    """Kill the server, start it again, and go on writing where it left off."""
    server = Restartable(partial(run_influxdb, folder, free_port()))
    next_batch, missing, double = 0, 0, 0
    try:
        for _ in range(kills):
            writer = _Writer("influx", server.server.http_url, next_batch)
            writer.until_first()
            time.sleep(chance.uniform(0, _LATEST_S))
            server.kill()
            writer.kill()
            next_batch = writer.acknowledged + 1
            server.start()
            with closing(_influx(server.server.http_url)) as store:
                missing, double = _faults(store, next_batch)
    finally:
        server.close()
    return Outcome(kills, next_batch, missing, double)


class _Writer:
    """A process that writes batches from one on, until it is killed."""

    def __init__(self, kind: str, where: str, first: int) -> None:
        command = [sys.executable, "-m", "benchmarks.stores_kill", kind, where, str(first)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        self._first = first
        self.acknowledged = first - 1
        self._reader = Thread(target=self._listen)
        self._reader.start()

    def until_first(self) -> None:
        """Wait until a batch is acknowledged. Raises StoreError where the writer ends instead."""
        while self.acknowledged < self._first:
            if self._process.poll() is not None:
                raise StoreError(f"a writer must write, it ended with {self._process.returncode}")
            time.sleep(0.005)

    def kill(self) -> None:
        """End it with SIGKILL, and take in what it said before."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                # A line that the kill cut off says nothing.
                if line.endswith(b"\n"):
                    self.acknowledged = int(line)


def _faults(store: SeriesStore, batches: int) -> tuple[int, int]:
    """Readings of the first so many batches that are missing or wrong, and those that are there twice."""
    keys, minutes = series(DEVICES), batches * MINUTES_A_BATCH
    found = store.read_values(keys, _ALWAYS)
    place = integers(found["series"])
    minute = (integers(found["time"]) - micros(START)) // 60_000_000
    right = floats(found["value"]) == minute
    within = (minute < minutes) & right
    seen = np.unique(place[within] * minutes + minute[within])
    double = len(place) - len(np.unique(place * (minutes + 10**6) + minute))
    return len(keys) * minutes - len(seen), double


def _influx(url: str) -> InfluxSeriesStore:
    return InfluxSeriesStore(url, "", "", DATABASE)


def _write(store: SeriesStore, first: int, say: Callable[[int], None]) -> None:
    """Write batches without end; ``say`` is told of each that is durable."""
    batch = first
    while True:
        store.write_readings(readings(DEVICES, batch * MINUTES_A_BATCH, MINUTES_A_BATCH))
        say(batch)
        batch += 1


def _say(batch: int) -> None:
    sys.stdout.write(f"{batch}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """The writer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["duckdb", "influx"])
    parser.add_argument("where")
    parser.add_argument("first", type=int)
    options = parser.parse_args(arguments)
    store = (
        _influx(options.where)
        if options.kind == "influx"
        else DuckDbSeriesStore(Path(options.where))
    )
    _write(store, options.first, _say)


if __name__ == "__main__":
    main(sys.argv[1:])
