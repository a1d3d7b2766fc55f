"""Full recomputation of a fleet's year: our analyser, a script with pandas, and the script in a loop."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.consumption_agree import agreement
from benchmarks.consumption_fleet import Fleet, make_fleet
from benchmarks.consumption_rig import SERIES_FILE, make_home, meters_frame, run_child
from benchmarks.report import Figure

_PEER = "benchmarks.pandas_baseline"
_OURS = "benchmarks.consumption_recompute"
_METERS = "meters.parquet"
_FRESH = "fresh.duckdb"
_SEED = 1


@dataclass(frozen=True, slots=True)
class Race:
    """How much is recomputed.

    looped
        Meters that the loop takes; its time is scaled to all of them.
    rounds
        Times that each contender runs, in turn.
    """

    meters: int
    days: int
    looped: int
    rounds: int


def race_figures(folder: Path, race: Race) -> Iterator[Figure]:
    """Times, memory, and whether all three say the same."""
    fleet = make_fleet(race.meters, race.days, _SEED)
    home = folder / "race"
    make_home(home, fleet)
    meters_frame(fleet).to_parquet(home / _METERS)
    rounds = [_round(home, fleet, number) for number in range(race.rounds)]
    ours, whole = (_median(rounds, who) for who in ("ours", "whole"))
    looped = run_child(_PEER, *_peer(home, "looped"), "--loop", "--first", race.looped)
    loop_s = looped["seconds"] * race.meters / race.looped
    ours_s = ours["seconds"] - ours["accounts_s"]
    name = f"{race.meters:,} meters, {race.days} days"
    yield Figure(f"{name}: pandas / ours", whole["seconds"] / ours_s, "×", at_least=2)
    yield Figure(f"{name}: pandas in a loop / ours", loop_s / ours_s, "×", at_least=10)
    yield Figure(f"{name}: ours, peak memory", ours["peak_mb"], "MB", at_most=3000)
    yield Figure(f"{name}: ours, readings", fleet.readings / ours_s, "readings/s")
    yield Figure(f"{name}: ours", ours_s, "s")
    yield Figure(f"{name}: ours, accounts of every day besides", ours["accounts_s"], "s")
    yield Figure(f"{name}: pandas", whole["seconds"], "s")
    yield Figure(f"{name}: pandas, peak memory", whole["peak_mb"], "MB")
    yield Figure(f"{name}: pandas in a loop", loop_s, "s")
    yield Figure(f"{name}: readings", fleet.readings, "readings")
    yield from _agreement_figures(home, fleet, race)
    shutil.rmtree(home)


def _round(home: Path, fleet: Fleet, number: int) -> dict[str, dict[str, Any]]:
    """Each once; our results lie in the store itself, which begins each round without any."""
    fresh = home / _FRESH
    if not number:
        shutil.copyfile(home / SERIES_FILE, fresh)
    shutil.copyfile(fresh, home / SERIES_FILE)
    (home / "whole.duckdb").unlink(missing_ok=True)
    whole = run_child(_PEER, *_peer(home, "whole"))
    span = fleet.span
    ours = run_child(_OURS, home, span.start.isoformat(), span.end.isoformat())
    return {"ours": ours, "whole": whole}


def _peer(home: Path, target: str) -> tuple[Path, Path, Path]:
    """What the script reads and writes: it finds the store as it was before the analyser."""
    return home / _FRESH, home / _METERS, home / f"{target}.duckdb"


def _median(rounds: list[dict[str, dict[str, Any]]], who: str) -> dict[str, float]:
    return {name: median(float(one[who][name]) for one in rounds) for name in rounds[0][who]}


def _agreement_figures(home: Path, fleet: Fleet, race: Race) -> Iterator[Figure]:
    for target, meters in (("whole", race.meters), ("looped", race.looped)):
        found = agreement(home / SERIES_FILE, home / f"{target}.duckdb", fleet, meters)
        name = "pandas" if target == "whole" else "pandas in a loop"
        yield Figure(f"results compared with {name}", found.compared, "results")
        yield Figure(f"of them different from {name}", found.differing, "results", at_most=0)
        if target == "whole":
            off, unsound = found.off_total, found.unsound
            yield Figure("meters whose hours miss what passed", off, "meters", at_most=0)
            yield Figure("hours of faultless meters not measured", unsound, "hours", at_most=0)
