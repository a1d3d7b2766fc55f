"""From readings to consumption: speed, a late reading, and what a kill leaves: ``benchmarks consumption``.

Fleets are drawn from fixed seeds, so that every run has the same meters, readings and faults.
"""

import logging
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.consumption_kills import kill_figures
from benchmarks.consumption_late import Late, late_figures
from benchmarks.consumption_minutes import minute_figures
from benchmarks.consumption_race import Race, race_figures
from benchmarks.report import Figure, Report


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    race: Race
    minute_days: int
    late: Late
    kills: int


FULL = Size(
    race=Race(meters=1000, days=365, looped=1000, rounds=3),
    minute_days=365,
    late=Late(assets=1000, meters=20, days=1826, readings=60),
    kills=30,
)
QUICK = Size(
    race=Race(meters=1000, days=59, looped=10, rounds=1),
    minute_days=365,
    late=Late(assets=1000, meters=20, days=62, readings=10),
    kills=2,
)


def run(quick: bool) -> Report:
    """All of it: a minute (quick) or ten."""
    size = QUICK if quick else FULL
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        logging.disable(logging.WARNING)
        try:
            figures = tuple(_figures(size, Path(name)))
        finally:
            logging.disable(logging.NOTSET)
    whole = Figure("this benchmark, wall clock", time.monotonic() - began, "s")
    return Report("consumption", quick, (*figures, whole), _notes(size))


def _figures(size: Size, folder: Path) -> Iterator[Figure]:
    yield from race_figures(folder, size.race)
    yield from minute_figures(folder, size.minute_days)
    yield from late_figures(folder, size.late)
    yield from kill_figures(folder, size.kills)


def _notes(size: Size) -> tuple[str, ...]:
    race, late = size.race, size.late
    return (
        f"{race.meters:,} meters over {race.days} days, a reading each quarter of an hour, seeded: of fifty"
        " meters thirty are faultless, ten lose single readings and days, four have dips and spikes, three"
        " roll over, two are reset, and one has all of it; a third send off the quarter. Each contender reads"
        " the same DuckDB file and writes hours, days and months into one, in a process of its own, by turns;"
        f" median of {race.rounds} round(s), opening the stores included, starting Python and importing not."
        " Ours computes buildings, organisations and their carbon as well, and the yearly accounts of every"
        " day, whose time stands apart, because the script draws none up.",
        "The script (`pandas_baseline.py`) follows the same rules with pandas and numpy, all meters together;"
        f" the loop calls it meter by meter, over {race.looped:,} of them, and is scaled to all. Every hour,"
        " day and month is compared: value to 1e-9, coverage, and whether it is estimated.",
        "The rival on a meter's year of minutes is MyEMS 48.8 s: its unmodified normalisation in memory with"
        " a database that answers at once, on two cores with Python 3.11; not run here. Ours in memory goes"
        " on to days and months.",
        f"Late readings: {late.meters} of {late.assets:,} meters have a history; single readings of the last"
        " weeks come late, to the store with much and the one with little history by turns. Timed is the"
        " analyser's whole turn, from taking the mark to clearing it, of an analyser that has run before.",
        "Kills: a process writes batches, late and repeated readings among them, and lets the analyser run"
        " and recompute; SIGKILL comes at random moments of each. Then the stores are opened, acknowledged"
        " readings looked up, and after one run of the analyser all hours, days and months are compared with"
        " those of a clean recomputation in memory.",
    )
