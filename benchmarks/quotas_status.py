"""The first status of all subjects from hourly results, and the next day's: in a process of its own."""

import json
import resource
import sys
import time
from pathlib import Path

from analytics.consumption.points import Wiring
from analytics.jobs.yearly import YearlyAccounts
from analytics.totals.tree import Tree
from benchmarks.quotas_world import ZONE, World, span_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.storage.duckdb import DuckDbSeriesStore

DUCKDB_MEMORY_MB = 250


def main(path: Path, organisations: int, days: int) -> None:
    """Draw up the accounts at the end of ``days`` and of the day after, whose hours come in between."""
    world = World(organisations, days)
    register, rulebook = world.register(), load_rulebook()
    store = DuckDbSeriesStore(path, DUCKDB_MEMORY_MB)
    tree = Tree(Wiring(register), ZONE)
    began = time.monotonic()
    accounts = YearlyAccounts(store, tree, rulebook)
    first, _ = accounts.draw_up(span_of(days).end)
    first_s = time.monotonic() - began
    world.write_hours(store, days, days + 1)
    began = time.monotonic()
    second, _ = accounts.draw_up(span_of(days + 1).end)
    next_s = time.monotonic() - began
    store.close()
    figures = {
        "first_s": first_s,
        "next_s": next_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "accounts": len(set(first["subject"].to_pylist())),
        "next_accounts": len(set(second["subject"].to_pylist())),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
