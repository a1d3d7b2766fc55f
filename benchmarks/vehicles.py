"""Vehicles: how fast messages become trips, energy and accounts, and how right those of real vehicles are."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.consumption_rig import run_child
from benchmarks.quotas_data import VARIABLE, real_data_folder
from benchmarks.report import Figure, Report
from benchmarks.vehicles_data import Compared, distances, energies


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    vehicles: int
    days: int
    rounds: int


FULL = Size(vehicles=500, days=30, rounds=3)
QUICK = Size(vehicles=40, days=30, rounds=3)


def run(quick: bool) -> Report:
    """All of it: under a minute (quick) or some three."""
    size = QUICK if quick else FULL
    speed = tuple(_speed_figures(size))  # first: a child's peak begins with this process's memory
    folder = real_data_folder()
    real = tuple(_real_figures(folder)) if folder else ()
    return Report("vehicles", quick, (*speed, *real), _notes(size, folder))


def _speed_figures(size: Size) -> Iterator[Figure]:
    os.environ["OMP_NUM_THREADS"] = "1"
    runs = [
        run_child("benchmarks.vehicles_run", size.vehicles, size.days) for _ in range(size.rounds)
    ]
    middle = {name: median(float(run[name]) for run in runs) for name in runs[0]}
    day_s = middle["whole_s"] / size.days
    yield Figure("vehicles", size.vehicles, "")
    yield Figure("positions", middle["messages"], "")
    yield Figure("trips", middle["trips"], "")
    rate = middle["messages"] / middle["whole_s"]
    yield Figure("positions to trips, energy and accounts, a core", rate, "/s", at_least=1e6)
    share = 100.0 * middle["accounts_s"] / middle["whole_s"]
    yield Figure("of it the accounts", share, "%")
    yield Figure("peak memory of the process", middle["peak_mb"], "MB", at_most=500)
    yield Figure("kilometres off the true ones", middle["error_pct"], "%", at_most=2)
    read = 100.0 * middle["newest_messages"] / middle["messages"]
    yield Figure("newest day: share of the month's messages read", read, "%", at_most=7)
    yield Figure("newest day: cost in days of the whole month's", middle["newest_s"] / day_s, "")
    growth = middle["newest_s"] / middle["newest_short_s"]
    yield Figure("newest day after 30 days over that after 10", growth, "", at_most=1.5)


def _real_figures(folder: Path) -> Iterator[Figure]:
    for name, compared in (("distance", distances(folder)), ("energy", energies(folder))):
        bar = 2 if name == "distance" else 5
        for log, worst in _worst(compared).items():
            yield Figure(f"{log}: {name} off its reference", worst, "%", at_most=bar)


def _worst(compared: Iterable[Compared]) -> dict[str, float]:
    """The greatest error of each log."""
    worst: dict[str, float] = {}
    for one in compared:
        worst[one.log] = max(worst.get(one.log, 0.0), one.error_pct)
    return worst


def _notes(size: Size, folder: Path | None) -> tuple[str, ...]:
    measured = (
        f"Real logs are read where {VARIABLE} says: two drives of a Renault Twizy (CC BY 4.0, against the"
        " integral of its receiver's own speed, which is not used here, and against the charge between the"
        " ends of the log), a petrol car by OBD, and a car cloud's log with its tool's own summaries"
        " (Apache-2.0).",
    )
    unread = (f"{VARIABLE} is not set: nothing was measured on real vehicles.",)
    return (
        f"{size.vehicles} vehicles, {size.days} days, made from fixed seeds: four drives a day, a message"
        " each 10 s under way and each 10 minutes at rest, positions with 4 m of noise, odometer in steps of"
        " 0.1 km; three quarters burn petrol (litres consumed and a noisy level), one is electric. A process"
        " of its own makes each vehicle's month, which is not timed, and works it off as a whole: cleaning,"
        " trips, energy; at the end the accounts of all vehicles. It does the newest day alone, too, from"
        f" where its messages bear on trips. Processor seconds on one core; median of {size.rounds} rounds.",
        *(measured if folder else unread),
    )
