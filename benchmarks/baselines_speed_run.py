"""One measurement of ``baselines_speed``, in a process of its own: what was learnt and judged, how fast."""

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from analytics.consumption.points import Wiring
from analytics.jobs.baselining import Baseliner
from analytics.jobs.executors import ProcessExecutor
from analytics.jobs.judging import Look, judge
from analytics.jobs.scoring import Scorer
from analytics.totals.tree import Tree
from benchmarks.baselines_speed_world import UNTIL, ZONE, Meters, span_before
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import HOUR
from quotawatt.storage.baseline_keeping import keep
from quotawatt.storage.baselines import BaselineKey, current
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.records import open_records

DUCKDB_MEMORY_MB = 500
_NOW = UNTIL + 3 * HOUR

_MANY = 500
"""Years from which on all cores judge; what a day's scoring does, it says itself."""


def learn(home: Path, count: int) -> dict[str, float]:
    """Learn the baselines of all meters from a year of hours, then judge that year by them."""
    meters, series, records = _opened(home, count)
    register = meters.register()
    baseliner = Baseliner(series, records, lambda: register, Settings(home=home), "benchmark")
    began = time.monotonic()
    report = baseliner.run(_NOW)
    learnt_s = time.monotonic() - began
    tree = Tree(Wiring(register), ZONE)
    began = time.monotonic()
    year = span_before(UNTIL, 365)
    looks = dict.fromkeys(meters.keys, Look(year, year.start))
    executor = ProcessExecutor() if count >= _MANY else None
    judged = list(judge(series, records, tree, looks, executor))
    return {
        "learnt": report.learnt,
        "learnt_s": learnt_s,
        "judged": len(judged),
        "judged_s": time.monotonic() - began,
        "events": sum(len(one.found) for one in judged),
        "peak_mb": _peak_mb(),
    }


def score(home: Path, count: int) -> dict[str, float]:
    """A day's scoring of all meters, and the next one's, when nearly all is as it was."""
    meters, series, records = _opened(home, count)
    register = meters.register()
    scorer = Scorer(series, records, lambda: register, load_rulebook(), Settings(home=home))
    began = time.monotonic()
    report = scorer.run(_NOW)
    first_s = time.monotonic() - began
    began = time.monotonic()
    scorer.run(_NOW + HOUR)
    return {
        "scored": report.series,
        "first_s": first_s,
        "next_s": time.monotonic() - began,
        "new": report.new,
        "peak_mb": _peak_mb(),
    }


def spread(records: Engine, learnt: int, count: int) -> None:
    """Give the meters after those that were learnt the baselines of these."""
    keys = Meters(count, learnt).keys
    with records.begin() as conn:
        known = current(conn)
        for first in range(learnt, count, learnt):
            part = zip(keys[first : first + learnt], keys[:learnt], strict=False)
            copies = [
                replace(known[BaselineKey(*like)], key=BaselineKey(*key)) for key, like in part
            ]
            keep(conn, copies)


def _opened(home: Path, count: int) -> tuple[Meters, DuckDbSeriesStore, Engine]:
    series = DuckDbSeriesStore(home / "series.duckdb", DUCKDB_MEMORY_MB)
    return Meters(count, count), series, open_records("sqlite", home)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    work = {"learn": learn, "score": score}[sys.argv[1]]
    sys.stdout.write(json.dumps(work(Path(sys.argv[2]), int(sys.argv[3]))) + "\n")
