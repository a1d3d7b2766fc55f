"""Real buildings by the hour, with the weather, for baselines: what is learned from and what is judged.

Where the data are says the variable ``QUOTAWATT_REAL_DATA``; their READMEs name sources and licences.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.inputs import Bools, Floats
from analytics.baselines.series import Interval, UseSeries

FOLDS = 4
"""Parts that the offices' year is left out in: every fourth month."""

_LEAST_KNOWN = 0.5
_SELDOM_ZERO = 0.02
_LONDON = ZoneInfo("Europe/London")
_PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True)
class Case:
    """A building's series, which of its hours are learned from, and which are judged.

    building
        Cases of one building and group are judged together, as one.
    """

    group: str
    building: str
    series: UseSeries
    learned: Bools
    judged: Bools

    def lesson(self) -> UseSeries:
        """The series with what is judged blotted out, from the first hour learned from to the last."""
        known = np.flatnonzero(self.learned)
        frame = self.series.frame
        blotted = frame.assign(use=frame["use"].where(self.learned))
        return replace(self.series, frame=blotted.iloc[known[0] : known[-1] + 1])


def cambridge_cases(folder: Path, first_years: tuple[int, ...]) -> Iterator[Case]:
    """Cambridge: learned from one year, judged in the next; either half known at least."""
    weather = _utc(folder / "building_cambridge/weather_bedford_2017_2022.csv.gz").iloc[:, 0]
    for carrier in ("electricity", "gas"):
        use = _utc(folder / f"building_cambridge/{carrier}_kwh_2017_2022.csv.gz")
        for building in use:
            series = _series(f"{building} {carrier}", use[building], weather, _LONDON, "GB")
            years = pd.DatetimeIndex(series.frame.index).year
            known = np.isfinite(_use(series))
            for year in first_years:
                learned, judged = np.asarray(years == year), np.asarray(years == year + 1)
                if min(known[learned].mean(), known[judged].mean()) >= _LEAST_KNOWN:
                    name = f"{building} {carrier} {year + 1}"
                    yield Case(f"Cambridge {carrier}", name, series, learned, judged)


def office_cases(folder: Path) -> Iterator[Case]:
    """Offices in 2017: every fourth month left out, and judged by the other nine."""
    root = folder / "building_bdg2_offices"
    use = pd.read_csv(root / "electricity_2016_2017.csv.gz", index_col=0, parse_dates=[0])
    about = pd.read_csv(root / "metadata.csv", index_col="building_id")
    weather = pd.read_csv(root / "weather_2017.csv.gz", parse_dates=["timestamp"])
    for building in map(str, use):
        site, zone = about.loc[building, "site_id"], ZoneInfo(str(about.loc[building, "timezone"]))
        mine = weather[weather["site_id"] == site].set_index("timestamp")["airTemperature"]
        series = _series(
            building,
            _from_local(use[building].loc["2017"], zone),
            _from_local(mine[~mine.index.duplicated()], zone),
            zone,
            "GB" if zone == _LONDON else "US",
        )
        months = pd.DatetimeIndex(series.frame.index).tz_convert(zone).month
        for fold in range(FOLDS):
            judged = np.asarray(months % FOLDS == fold)
            yield Case("offices", building, series, ~judged, judged)


def nmecr_days(folder: Path) -> UseSeries:
    """The baseline year of nmecr's sample building, by the day."""
    days = pd.read_csv(folder / "mv_nmecr/daily_joined.csv", parse_dates=["date_nmecr"])
    days = days[days["date_nmecr"] < "2013-03-01"]
    starts = pd.DatetimeIndex(days["date_nmecr"]).tz_localize(_PACIFIC).tz_convert("UTC")
    frame = pd.DataFrame(
        {
            "use": days["eload_kwh"].to_numpy(float),
            "temperature_c": (days["temp_f"].to_numpy(float) - 32) / 1.8,
        },
        index=starts.rename("start"),
    )
    return UseSeries("nmecr", "electricity_import_kwh", "kWh", _PACIFIC, "US", Interval.DAY, frame)


def _series(
    name: str, use: pd.Series, weather: pd.Series, zone: ZoneInfo, country: str
) -> UseSeries:
    """Hours in a row; zeros of what is seldom zero are outages, for everybody."""
    starts = pd.date_range(use.index[0], use.index[-1], freq="h", name="start")
    frame = pd.DataFrame({"use": use.reindex(starts), "temperature_c": weather.reindex(starts)})
    zero = frame["use"] == 0
    if zero.mean() < _SELDOM_ZERO:
        frame["use"] = frame["use"].mask(zero)
    measure = "gas_kwh" if name.endswith("gas") else "electricity_import_kwh"
    return UseSeries(name, measure, "kWh", zone, country, Interval.HOUR, frame.astype(float))


def _utc(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, index_col=0, parse_dates=[0])
    table.index = pd.DatetimeIndex(table.index).tz_localize("UTC")
    return table[~table.index.duplicated()]


def _from_local(values: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Clock times to UTC: an hour that does not exist is dropped, of a doubled one the first is meant."""
    local = pd.DatetimeIndex(values.index)
    starts = local.tz_localize(zone, ambiguous=np.ones(len(local), bool), nonexistent="NaT")
    exists = np.logical_not(starts.isna())
    return pd.Series(values.to_numpy(float)[exists], starts[exists].tz_convert("UTC"))


def _use(series: UseSeries) -> Floats:
    return series.frame["use"].to_numpy(dtype=np.float64)
