"""Quotas: how well year-ends are known beforehand, and what everybody's daily status costs."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.consumption_rig import run_child
from benchmarks.quotas_accuracy import LIMIT_SHARES, accuracy_figures, stress_figures
from benchmarks.quotas_cases import all_cases
from benchmarks.quotas_data import VARIABLE, building_years, cambridge_years, real_data_folder
from benchmarks.quotas_leftout import left_out_figures
from benchmarks.quotas_world import World
from benchmarks.report import Figure, Report
from quotawatt.storage.duckdb import DuckDbSeriesStore

STRESS_YEARS = (2020, 2021, 2022)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: subjects are twice the organisations."""

    world: World
    rounds: int


FULL = Size(World(organisations=5000, days=181), rounds=3)
QUICK = Size(World(organisations=500, days=59), rounds=1)


def run(quick: bool) -> Report:
    """All of it: half a minute (quick) or some five."""
    size = QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as name:
        speed = tuple(_speed_figures(size, Path(name)))
    folder = real_data_folder()
    accuracy = tuple(_accuracy_figures(folder, quick)) if folder else ()
    return Report("quotas", quick, (*accuracy, *speed), _notes(size, folder is not None))


def _accuracy_figures(folder: Path, quick: bool) -> Iterator[Figure]:
    years = building_years(folder)
    yield from accuracy_figures(all_cases(years))
    if not quick:
        yield from left_out_figures(years)
        yield from stress_figures(all_cases(cambridge_years(folder, STRESS_YEARS)))


def _speed_figures(size: Size, folder: Path) -> Iterator[Figure]:
    runs = [_one_run(size.world, folder / f"{n}.duckdb") for n in range(size.rounds)]
    middle = {name: median(run[name] for run in runs) for name in runs[0]}
    first, later = middle["first_s"], middle["next_s"]
    subjects = len(size.world.subjects)
    yield Figure("subjects with quotas", subjects, "")
    yield Figure("accounts drawn up", middle["accounts"], "")
    yield Figure("status of all from hourly results", first, "s", at_most=30)
    yield Figure("the next day's", later, "s")
    yield Figure("the next day's, share of the first", 100 * later / first, "%", at_most=10)
    yield Figure("peak memory of the process", middle["peak_mb"], "MB", at_most=1000)


def _one_run(world: World, path: Path) -> dict[str, float]:
    store = DuckDbSeriesStore(path)
    world.write_last_year(store)
    world.write_hours(store, 0, world.days)
    store.close()
    found = run_child("benchmarks.quotas_status", path, world.organisations, world.days)
    path.unlink()
    return found


def _notes(size: Size, real: bool) -> tuple[str, ...]:
    world = size.world
    measured = (
        f"Real data are read where {VARIABLE} says: 12 offices of the Building Data Genome Project 2 in 2017"
        " from 2016 (CC BY-SA 4.0, Miller et al. 2020) and six buildings of Cambridge in 2018 and 2019 from"
        " the year before (MIT, doi 10.5281/zenodo.10955332), electricity and gas, faults included. Each is"
        " projected on the first of February to December. The peer is last year's remainder scaled by the"
        " ratio of the years to date, in the same cases; errors are shares of the true year-end.",
        "Each building is given five quotas: "
        + ", ".join(f"{100 * share:g} %" for share in LIMIT_SHARES)
        + " of the year before. Flagged is who is over with a probability of two thirds or more after"
        " 30 June. Neither this rule nor the parameters of the projection were set before these buildings"
        " had been looked at, so the figures with bars are not out of sample. Those named left out"
        " are: for each building, both carriers and all its years, four parameters are chosen anew on the"
        " others, each of its shipped value, two thirds and one and a half times it. CRPS hardly tells a"
        " narrow interval from a wide one: chosen by CRPS alone intervals are too narrow; the second table"
        " chooses their width by coverage. The form of the model itself was not chosen anew.",
        "Stress cases have no bar: Cambridge in 2020 (closures), 2021 (after them) and 2022.",
    )
    unread = (f"{VARIABLE} is not set: nothing was measured on real buildings.",)
    return (
        *(measured if real else unread),
        f"{world.organisations:,} organisations, each with a building, under DB37/T 2672-2019, in DuckDB:"
        f" hours of {world.days} days of this year, days of the last, from a fixed seed. A process of its own"
        " draws up all accounts from the hours, which the store sums up by day; then the hours of one more"
        f" day come, and all are drawn up again. Median of {size.rounds} round(s); Python's start and the"
        " register are not in the time, but are in the memory.",
    )
