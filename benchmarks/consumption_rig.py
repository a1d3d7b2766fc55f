"""What the benchmarks of consumption share: a home with a fleet in it, and measured child processes."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.consumption_fleet import MOST_PER_HOUR, Fleet, device_of, fill
from quotawatt.app.system import System, open_system
from quotawatt.register.repository import save_register
from quotawatt.settings import load_settings

SERIES_FILE = "series.duckdb"


def make_home(home: Path, fleet: Fleet, memory_mb: int = 400) -> None:
    """A home folder with the fleet's register and, in DuckDB, its readings."""
    system = system_at(home, fleet.span.end, memory_mb)
    try:
        save_register(system.records, fleet.register(), "benchmark", fleet.span.start)
        fill(system.series, fleet)
    finally:
        system.close()


def system_at(home: Path, now: datetime, memory_mb: int = 400) -> System:
    """The system over a home folder, at ``now``. Close it."""
    home.mkdir(parents=True, exist_ok=True)
    settings = load_settings(home=home, series_url="duckdb", duckdb_memory_mb=memory_mb)
    return open_system(settings, lambda: now)


def meters_frame(fleet: Fleet) -> pd.DataFrame:
    """What the register says of the fleet's meters, for a script: see ``pandas_baseline.use_of``."""
    return pd.DataFrame(
        {
            "meter": pd.array(range(len(fleet.kinds)), dtype="int16"),
            "device": [device_of(n) for n in range(len(fleet.kinds))],
            "multiplier": fleet.multiplier,
            "register_size": fleet.register_size,
            "most_per_hour": MOST_PER_HOUR,
        }
    )


def run_child(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module in a process of its own; the JSON of its last line.

    Raises RuntimeError with what it said where it does not end well.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr)[-2000:]
        raise RuntimeError(f"{module} must end well, got {done.returncode}:\n{said}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures
