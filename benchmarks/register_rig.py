"""What the register's benchmarks share: fresh record stores, latencies, a process that is watched."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import psutil

from benchmarks.report import Figure
from tests.servers import Server, create_postgres_database, run_postgres

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
_SAMPLE_S = 0.05


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder with its record store: its name, the folder and the store's address."""

    store: str
    folder: Path
    url: str


class Homes:
    """Gives fresh home folders, each with an empty record store of its own."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._folder = folder
        self._server = server
        self._numbers = count(1)

    def fresh(self, store: str) -> Home:
        """A new one on SQLite or PostgreSQL."""
        number = next(self._numbers)
        folder = self._folder / f"home-{number}"
        folder.mkdir()
        if store == SQLITE:
            return Home(store, folder, f"sqlite:///{folder / 'records.sqlite'}")
        return Home(store, folder, create_postgres_database(self._server, f"bench_{number}"))


@contextmanager
def open_homes(folder: Path) -> Iterator[Homes]:
    """Homes below the folder, over a PostgreSQL that runs until the body ends."""
    with run_postgres() as server:
        yield Homes(folder, server)


@dataclass(frozen=True, slots=True)
class Latency:
    """How long each of many calls took, in milliseconds."""

    p50_ms: float
    p95_ms: float
    max_ms: float

    def figures(self, name: str, p95_at_most_ms: float | None = None) -> Iterator[Figure]:
        """Three figures; the bar is that of the 95th percentile."""
        yield Figure(f"{name}: p50", self.p50_ms, "ms")
        yield Figure(f"{name}: p95", self.p95_ms, "ms", at_most=p95_at_most_ms)
        yield Figure(f"{name}: max", self.max_ms, "ms")


def latency_of(calls: Iterable[Callable[[], object]]) -> Latency:
    """Make the calls one after the other (at least two)."""
    taken = [seconds_of(call) * 1e3 for call in calls]
    return Latency(median(taken), quantiles(taken, n=20)[-1], max(taken))


def seconds_of(call: Callable[[], object]) -> float:
    """Wall clock of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Command:
    """What a command of the program took, and the JSON that it printed."""

    seconds: float
    peak_mb: float
    said: list[dict[str, object]]


def run_command(home: Home, *arguments: str) -> Command:
    """Run ``quotawatt ARGUMENTS --json`` over the home in a process of its own.

    Raises RuntimeError with what it said where it does not end well.
    """
    command = [sys.executable, "-m", "quotawatt.app.main", *arguments]
    command += ["--home", str(home.folder), "--json"]
    output, errors = home.folder / "output.txt", home.folder / "errors.txt"
    began = time.perf_counter()
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, env=_environment(home))
        peak = _peak_bytes(process)
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        said = errors.read_text(errors="replace") + output.read_text(errors="replace")
        raise RuntimeError(f"{arguments} must end well, got {process.returncode}:\n{said[-2000:]}")
    lines = output.read_text(encoding="utf-8").splitlines()
    return Command(seconds, peak / 1e6, [json.loads(line) for line in lines if line])


def _peak_bytes(process: "subprocess.Popen[bytes]") -> int:
    """The most resident memory that a process was seen with until it ended."""
    watched = psutil.Process(process.pid)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(_SAMPLE_S)
    process.wait()
    return peak


def _environment(home: Home) -> Mapping[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("QUOTAWATT_")}
    return {**kept, "QUOTAWATT_RECORDS_URL": home.url, "PYTHONIOENCODING": "utf-8"}
