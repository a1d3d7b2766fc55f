"""How fast baselines are learnt and use is judged by them, through the jobs of the system itself."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.baselines_speed_run import spread
from benchmarks.baselines_speed_world import UNTIL, Meters, span_before
from benchmarks.consumption_rig import run_child
from benchmarks.report import Figure
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.records import open_records

_RUN = "benchmarks.baselines_speed_run"
_SCORED_DAYS = 40


@dataclass(frozen=True, slots=True)
class Size:
    """Meters with a year of hours, and meters that a day's scoring looks at."""

    learnt: int
    scored: int


FULL = Size(learnt=1000, scored=10_000)
QUICK = Size(learnt=20, scored=400)

NOTES = (
    "Speed: meters of offices from a seed, ten a building, on DuckDB and SQLite, each measurement in a"
    " process of its own. Learning reads a year of hours of each meter, chooses between models by blocked"
    " cross-validation and writes a version; judging reads the year again and finds events. For a day's"
    " scoring further meters get the baselines of the first, and 40 days of hours of their own.",
)


def speed_figures(quick: bool) -> Iterator[Figure]:
    """Figures of learning, judging a year, and a day's scoring; bars in proportion to what is done."""
    size = QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        _write(home, Meters(size.learnt, size.learnt), 366)
        learnt = run_child(_RUN, "learn", home, size.learnt)
        records = open_records("sqlite", home)
        spread(records, size.learnt, size.scored)
        records.dispose()
        (home / "series.duckdb").unlink()
        _write(home, Meters(size.scored, size.learnt), _SCORED_DAYS)
        scored = run_child(_RUN, "score", home, size.scored)
    both_s = learnt["learnt_s"] + learnt["judged_s"]
    share = size.learnt / FULL.learnt
    yield Figure("meters learnt", learnt["learnt"], "", at_least=size.learnt)
    yield Figure("learning from a year of hours", learnt["learnt_s"], "s")
    yield Figure("judging that year", learnt["judged_s"], "s")
    yield Figure("both", both_s, "s", at_most=600 * share)
    yield Figure("peak memory of learning and judging", learnt["peak_mb"], "MB", at_most=2000)
    yield Figure("meters scored", scored["scored"], "", at_least=size.scored)
    yield Figure(
        "a day's scoring", scored["first_s"], "s", at_most=60 * max(size.scored / FULL.scored, 0.2)
    )
    yield Figure("scoring again", scored["next_s"], "s")
    yield Figure("peak memory of scoring", scored["peak_mb"], "MB")


def _write(home: Path, meters: Meters, days: int) -> None:
    series = DuckDbSeriesStore(home / "series.duckdb")
    meters.write(series, span_before(UNTIL, days))
    series.close()
