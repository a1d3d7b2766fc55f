"""Killed in the middle of writes and of recomputation: what must be there is there, and is right."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.jobs.analyser import Analyser
from benchmarks.consumption_fleet import (
    QUANTITY,
    START,
    Fleet,
    batches,
    device_of,
    make_fleet,
)
from benchmarks.consumption_rig import system_at
from benchmarks.report import Figure
from quotawatt.app.system import System
from quotawatt.errors import StoreError
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain, SeriesKey
from quotawatt.register.repository import save_register
from quotawatt.spans import DAY, Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore

METERS, DAYS = 50, 8
_BATCH = 500
_MOST_ROUNDS = 3
BETWEEN = "between"
# What it is killed in, and how long after its beginning at most.
_WITHIN_S = {"write": 0.02, "run": 0.15, "recompute": 0.5}
RUN_EVERY, RECOMPUTE_EVERY = 2, 3
_SEED = 3
_TOLERANCE = 1e-9
_EVER = Span(START - 40 * DAY, START + 400 * DAY)
_IDENTITY = ["device", "time"]


@dataclass
class Toll:
    """What was seen over all kills.

    during
        What the process was at when it was killed, and how often.
    missing
        Acknowledged readings that were not there afterwards, or had another value.
    differing
        Results that differ from a clean recomputation of the same readings, and how many were compared.
    """

    during: dict[str, int] = field(default_factory=lambda: dict.fromkeys([*_WITHIN_S, BETWEEN], 0))
    unopened: int = 0
    missing: int = 0
    differing: int = 0
    compared: int = 0


def kill_fleet() -> Fleet:
    """Meters with all kinds of faults over a few days; the same in every process."""
    return make_fleet(METERS, DAYS, _SEED)


def all_batches(fleet: Fleet) -> Iterator[pa.Table]:
    """The readings in batches of a few minutes' sending; a tenth of them come late, and some twice."""
    chance = np.random.default_rng(_SEED)
    table = pa.concat_tables(batches(fleet))
    lateness = np.where(chance.random(len(table)) < 0.1, chance.exponential(2000, len(table)), 0)
    table = table.take(np.argsort(np.arange(len(table)) + lateness, kind="stable"))
    for start in range(0, len(table), _BATCH):
        again = table.slice(max(start - _BATCH, 0), 5)
        yield pa.concat_tables([again, table.slice(start, _BATCH)])


def kill_figures(folder: Path, kills: int) -> Iterator[Figure]:
    """So many kills of one process after the other, over one home folder."""
    toll = _kill_often(folder / "kills", kills)
    name = f"killed {kills} times"
    yield Figure(name, sum(toll.during.values()), "times", at_least=kills)
    for what, times in toll.during.items():
        yield Figure(f"{name}: {what}", times, "times")
    yield Figure(f"{name}: stores that did not open", toll.unopened, "times", at_most=0)
    yield Figure(f"{name}: acknowledged and missing", toll.missing, "readings", at_most=0)
    yield Figure(f"{name}: results compared", toll.compared, "results")
    yield Figure(f"{name}: unlike a clean recomputation", toll.differing, "results", at_most=0)


def _kill_often(folder: Path, kills: int) -> Toll:
    fleet, home = kill_fleet(), folder / "home"
    for place in (home, folder / "clean"):
        system = system_at(place, fleet.span.end)
        save_register(system.records, fleet.register(), "benchmark", fleet.span.start)
        system.close()
    sent = list(all_batches(fleet))
    toll, chance, done = Toll(), Random(_SEED), 0
    for number in range(kills):
        # From the beginning once all is written: the same readings again change nothing.
        victim = _Victim(home, done % len(sent))
        what = list(_WITHIN_S)[number % len(_WITHIN_S)]
        victim.kill_in(what, chance.randint(1, _MOST_ROUNDS), chance.uniform(0, _WITHIN_S[what]))
        toll.during[victim.at] += 1
        done = max(done, victim.written + 1)
        _audit(folder, sent[:done], toll)
    return toll


class _Victim:
    """The process that is killed.

    at, written
        What it last said to be at, and the last batch that it acknowledged; -1: none.
    """

    def __init__(self, home: Path, first: int) -> None:
        command = [sys.executable, "-m", "benchmarks.consumption_victim", str(home), str(first)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.at = BETWEEN
        self.written = -1

    def kill_in(self, what: str, times: int, after_s: float) -> None:
        """Wait until it is at something for so many times, and so long more; then SIGKILL."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._hear(line)
            times -= self.at == what
            if not times:
                break
        time.sleep(after_s)
        self._process.kill()
        for line in self._process.stdout:
            self._hear(line)
        self._process.wait()

    def _hear(self, line: str) -> None:
        if not line.endswith("\n"):
            return  # cut off by the kill
        word, _, number = line.strip().partition(" ")
        if word == "written":
            self.written = int(number)
        self.at = word if word in _WITHIN_S else BETWEEN


def _audit(folder: Path, sent: Sequence[pa.Table], toll: Toll) -> None:
    """Open the stores, look acknowledged readings up, let the analyser run, and compare with a clean run."""
    now = kill_fleet().span.end
    try:
        system = system_at(folder / "home", now)
    except StoreError:
        toll.unopened += 1
        return
    try:
        held = _all_readings(system)
        toll.missing += _missing(sent, held)
        system.analyser.run(now)
        found = _results(system.series)
    finally:
        system.close()
    clean = _clean_results(folder / "clean", held)
    ends = ("", "_clean")
    pairs = found.merge(clean, how="outer", left_index=True, right_index=True, suffixes=ends)
    near = np.isclose(pairs["value"], pairs["value_clean"], rtol=_TOLERANCE, atol=_TOLERANCE)
    near &= np.isclose(pairs["coverage"], pairs["coverage_clean"], rtol=0, atol=_TOLERANCE)
    near &= pairs["quality"].eq(pairs["quality_clean"]).to_numpy()
    toll.compared += len(pairs)
    toll.differing += int((~near).sum())


def _all_readings(system: System) -> pa.Table:
    series = [SeriesKey(device_of(n), "", QUANTITY) for n in range(METERS)]
    return system.series.read_readings(series, kill_fleet().span)


def _missing(sent: Sequence[pa.Table], held: pa.Table) -> int:
    if not sent:
        return 0
    acknowledged = pa.concat_tables(sent).to_pandas().drop_duplicates(_IDENTITY)
    pairs = acknowledged.merge(held.to_pandas(), how="left", on=_IDENTITY, suffixes=("", "_held"))
    return int((pairs["value"] != pairs["value_held"]).sum())


def _clean_results(home: Path, readings: pa.Table) -> pd.DataFrame:
    """What an analyser makes of the same readings in a store that nothing happened to."""
    span = kill_fleet().span
    system = replace(system_at(home, span.end), series=MemorySeriesStore())
    try:
        system.series.write_readings(readings)
        register = system.register.refresh
        settings = system.settings
        analyser = Analyser(system.series, system.records, register, system.rulebook, settings)
        analyser.recompute(span, span.end)
        return _results(system.series)
    finally:
        system.close()


def _results(series: SeriesStore) -> pd.DataFrame:
    """All consumption of all subjects: hours, days and months."""
    frames = {
        grain.value: series.read_results(grain, None, sorted(COUNTERS), _EVER).to_pandas()
        for grain in Grain
    }
    columns = ["grain", "subject", "measure", "start"]
    return pd.concat(frames, names=["grain"]).reset_index("grain").set_index(columns)
