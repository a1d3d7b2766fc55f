"""The one real building of the demo: a year of power and outdoor temperature at 15 minutes.

Source and licence: ``simulators/data/README.md``. Its 364 days from 2019-01-02 on are 52 whole weeks;
they repeat, moved by whole weeks, so that weekdays stay weekdays: 2019-01-06 (Sunday) becomes
2023-01-01 (Sunday).
"""

import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from simulators.streams import Floats
from simulators.timeline import STEPS_PER_DAY, Timeline

DATA = Path(__file__).parent / "data" / "real_building_2019.csv.gz"

_FIRST_DAY = date(2019, 1, 2)
_CYCLE_DAYS = 364
_MOVED_DAYS = 208 * 7


@dataclass(frozen=True)
class RealBuilding:
    """Power in kW and outdoor temperature in °C, for each step of a timeline."""

    power_kw: Floats
    temperature_c: Floats


def load_real_building(timeline: Timeline, path: Path = DATA) -> RealBuilding:
    """The real year laid over a timeline, weekdays kept."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1, usecols=(1, 2))
    cycle = table[STEPS_PER_DAY:].reshape(_CYCLE_DAYS, STEPS_PER_DAY, 2)
    offset = (timeline.first - _FIRST_DAY).days - _MOVED_DAYS
    days = (np.arange(len(timeline.days)) + offset) % _CYCLE_DAYS
    laid = cycle[days].reshape(-1, 2)
    return RealBuilding(laid[:, 0].copy(), laid[:, 1].copy())
