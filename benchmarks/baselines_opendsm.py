"""OpenDSM's daily model on the same days, in an environment of its own: it needs pandas below 3."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.baselines_data import Case

VERSION = "1.2.7"
_PACKAGES = (f"opendsm=={VERSION}", "pandas<3", "multimethod<2")
_PROCESSES = 2
_SCRIPT = Path(__file__).with_name("baselines_opendsm_run.py")


def opendsm_days(cases: Sequence[Case], folder: Path) -> dict[tuple[str, int], pd.Series]:
    """Expected use of local days (without zone) of each case, by building and number.

    folder
        Where the environment and the files in between go.

    Raises OSError or CalledProcessError where it cannot be installed or run.
    """
    python = _environment(folder)
    parts = [list(range(n, len(cases), _PROCESSES)) for n in range(_PROCESSES)]
    with ThreadPoolExecutor(_PROCESSES) as pool:
        tables = pool.map(lambda part: _run(python, cases, part, folder), filter(None, parts))
    found: dict[tuple[str, int], pd.Series] = {}
    for table in tables:
        for number, days in table.groupby("case"):
            key = cases[int(str(number))].building, int(str(number))
            found[key] = days.set_index("day")["predicted"]
    return found


def _environment(folder: Path) -> Path:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    uv = shutil.which("uv", path=beside) or "uv"
    python = folder / "opendsm/bin/python"
    _call([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "opendsm")])
    _call([uv, "pip", "install", "--quiet", "--python", str(python), *_PACKAGES])
    return python


def _run(python: Path, cases: Sequence[Case], part: list[int], folder: Path) -> pd.DataFrame:
    given, found = (folder / f"{name}-{part[0]}.csv" for name in ("given", "found"))
    pd.concat([_days(cases[n]).assign(case=n) for n in part]).to_csv(given)
    _call([str(python), str(_SCRIPT), str(given), str(found)])
    return pd.read_csv(found, parse_dates=["day"])


def _days(case: Case) -> pd.DataFrame:
    """Local days: use in kWh where it is learned from, temperature in °F, by name of the zone."""
    series = case.series
    local = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone)
    day = local.tz_localize(None).normalize().rename("day")
    use = series.frame["use"].where(case.learned).groupby(day).sum(min_count=23)
    temperature = series.frame["temperature_c"].groupby(day).mean() * 1.8 + 32
    days = pd.DataFrame({"observed": use, "temperature": temperature})
    needed = pd.Series(case.learned | case.judged).groupby(np.asarray(day)).any()
    learned = pd.Series(case.learned).groupby(np.asarray(day)).any()
    days["first"], days["last"] = learned[learned].index[0], learned[learned].index[-1]
    return days[needed.to_numpy()].assign(
        zone=series.zone.key, electricity=series.measure.startswith("electricity")
    )


def _call(command: list[str]) -> None:
    one_thread = os.environ | {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    subprocess.run(command, capture_output=True, text=True, env=one_thread, check=True)
