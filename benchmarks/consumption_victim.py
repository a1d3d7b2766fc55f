"""Writes readings and computes results until it is killed: says on its output what it does and has done.

``python -m benchmarks.consumption_victim HOME FIRST`` goes on at batch FIRST. Lines: ``write N``, then
``written N`` once batch N is durable; ``run`` and ``recompute`` before each, ``idle`` after; ``end``.
"""

import sys
from pathlib import Path

import pyarrow as pa

from benchmarks.consumption_kills import RECOMPUTE_EVERY, RUN_EVERY, all_batches, kill_fleet
from benchmarks.consumption_rig import system_at
from quotawatt.app.system import System
from quotawatt.readings import Reading
from quotawatt.storage.intake import store_readings


def main(home: Path, first: int) -> None:
    """Go on from a batch to the last."""
    fleet = kill_fleet()
    system = system_at(home, fleet.span.end)
    try:
        for number, batch in enumerate(all_batches(fleet)):
            if number >= first:
                _take(system, number, batch)
        _say("end")
    finally:
        system.close()


def _take(system: System, number: int, batch: pa.Table) -> None:
    now = system.clock()
    _say(f"write {number}")
    readings = [Reading(**row) for row in batch.to_pylist()]
    store_readings(system.series, system.records, readings)
    _say(f"written {number}")
    if number % RUN_EVERY == 0:
        _say("run")
        system.analyser.run(now)
        _say("idle")
    if number % RECOMPUTE_EVERY == 0:
        _say("recompute")
        system.analyser.recompute(kill_fleet().span, now)
        _say("idle")


def _say(line: str) -> None:
    """One line, past every buffer, so that what was said was done."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
