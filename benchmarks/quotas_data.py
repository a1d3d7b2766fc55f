"""Real buildings' days for projections: Building Data Genome 2 offices, and Cambridge's colleges and labs.

Where the data are says the variable ``QUOTAWATT_REAL_DATA``; their READMEs name sources and licences.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.grid import Floats

VARIABLE = "QUOTAWATT_REAL_DATA"

_LEAST_HOURS = 20
"""Known hours that make a day known: a day that loses one to the clock is still a day."""


class BuildingYear(NamedTuple):
    """Days of one building's carrier in a year and the one before, in kWh; NaN: not known."""

    group: str
    building: str
    year: int
    this_year: Floats
    last_year: Floats


def building_years(folder: Path) -> list[BuildingYear]:
    """Offices in 2017, Cambridge's electricity and gas in 2018 and 2019; years that end unknown left out."""
    offices = _days(folder / "building_bdg2_offices/electricity_2016_2017.csv.gz", "")
    return [*_years(offices, "offices", (2017,)), *cambridge_years(folder, (2018, 2019))]


def cambridge_years(folder: Path, years: tuple[int, ...]) -> list[BuildingYear]:
    """Cambridge's electricity and gas in some years."""
    found: list[BuildingYear] = []
    for carrier in ("electricity", "gas"):
        path = folder / f"building_cambridge/{carrier}_kwh_2017_2022.csv.gz"
        found += _years(_days(path, "Europe/London"), f"Cambridge {carrier}", years)
    return found


def real_data_folder() -> Path | None:
    """Where the data are; None where nobody says."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def _days(path: Path, zone: str) -> pd.DataFrame:
    """Local days, one column a building; hours of ``zone`` are in UTC, without one they are local."""
    hours = pd.read_csv(path, index_col=0, parse_dates=[0])
    if zone:
        local = pd.DatetimeIndex(hours.index).tz_localize("UTC").tz_convert(zone)
        hours.index = local.tz_localize(None)
    days = hours.groupby(pd.DatetimeIndex(hours.index).normalize())
    return days.sum(min_count=_LEAST_HOURS)


def _years(days: pd.DataFrame, group: str, years: tuple[int, ...]) -> Iterator[BuildingYear]:
    for building in days:
        for year in years:
            this, last = (days[building].loc[str(y)].to_numpy(float) for y in (year, year - 1))
            if not np.isnan(this).all():
                yield BuildingYear(group, str(building), year, this, last)
