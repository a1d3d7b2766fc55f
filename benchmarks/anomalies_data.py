"""Real buildings and gauges for anomalies: a clean year each, with what was expected of it.

Where the data are says the variable ``QUOTAWATT_REAL_DATA``; their READMEs name sources and licences. No
year is judged by a baseline that has seen it: Cambridge's is fitted to the year before, the offices' (whose
weather is of 2017 only) to the other ten months of the year, two months at a time; offices in 2016, without
weather, are judged by their own habit.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.anomalies.habit import expect_by_habit
from analytics.baselines.fitted import Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries

_ZONES = {"Fox": "America/Phoenix", "Robin": "Europe/London", "Panther": "America/New_York"}
_COUNTRIES = {"Fox": "US", "Robin": "GB", "Panther": "US"}
_LEAST_KNOWN = 0.8
_LONGEST_ZEROS_H = 3
_BLOCK_MONTHS = 2
_OTHER_UNIT = 5.0

GAUGES = (
    "ambient_temperature_system_failure",
    "machine_temperature_system_failure",
    "cpu_utilization_asg_misconfiguration",
    "ec2_request_latency_system_failure",
)


@dataclass(frozen=True)
class Case:
    """One series and what was expected of it, by its starts; ``windows``: labelled anomalies, if any."""

    group: str
    series: UseSeries
    expected: pd.DataFrame
    windows: tuple[tuple[pd.Timestamp, pd.Timestamp], ...] = ()
    by_habit: bool = False

    @property
    def months(self) -> float:
        """Known use in months of 30 days."""
        return float(self.series.frame["use"].notna().sum()) / (30 * 24)


def with_use(case: Case, frame: pd.DataFrame) -> Case:
    """The case with other use; a habit is then that of this use."""
    series = replace(case.series, frame=frame)
    expected = expect_by_habit(series) if case.by_habit else case.expected
    return replace(case, series=series, expected=expected)


def building_cases(folder: Path) -> Iterator[Case]:
    """All clean building-years."""
    yield from _offices(folder / "building_bdg2_offices")
    yield from _cambridge(folder / "building_cambridge")


def gauge_cases(folder: Path) -> Iterator[Case]:
    """An office's temperature and machines, hourly means, judged by their own habit; all as gauges are."""
    labelled = json.loads((folder / "anomaly_nab/windows.json").read_text(encoding="utf-8"))
    for name in GAUGES:
        path = folder / f"anomaly_nab/realKnownCause__{name}.csv.gz"
        values = pd.read_csv(path, index_col=0, parse_dates=[0])["value"].tz_localize("UTC")
        series = _series(
            name, "temperature_c", values.resample("h").mean(), None, ZoneInfo("UTC"), "US"
        )
        windows = tuple(
            (pd.Timestamp(first, tz="UTC"), pd.Timestamp(last, tz="UTC"))
            for first, last in labelled[f"realKnownCause/{name}.csv"]
        )
        yield Case("gauges", series, expect_by_habit(series), windows)


def _offices(folder: Path) -> Iterator[Case]:
    table = pd.read_csv(folder / "electricity_2016_2017.csv.gz", index_col=0, parse_dates=[0])
    weather = pd.read_csv(folder / "weather_2017.csv.gz", parse_dates=["timestamp"])
    for name in table.columns:
        site = name.split("_")[0]
        zone = ZoneInfo(_ZONES[site])
        outdoor = weather[weather["site_id"] == site].set_index("timestamp")["airTemperature"]
        use = _from_local(_without_outages(table[name]), zone)
        outdoor_utc = _from_local(outdoor, zone)
        whole = _series(name, "electricity_import_kwh", use, outdoor_utc, zone, _COUNTRIES[site])
        this_year = _year(whole, 2017)
        yield Case("offices 2017, by blocks", this_year, _expected_in_blocks(this_year))
        if site != "Panther":
            last_year = _year(whole, 2016)
            habit = expect_by_habit(last_year)
            yield Case("offices 2016, by habit", last_year, habit, by_habit=True)


def _cambridge(folder: Path) -> Iterator[Case]:
    weather = pd.read_csv(
        folder / "weather_bedford_2017_2022.csv.gz", index_col=0, parse_dates=[0]
    ).iloc[:, 0]
    for carrier, measure in (("electricity", "electricity_import_kwh"), ("gas", "gas_kwh")):
        table = pd.read_csv(
            folder / f"{carrier}_kwh_2017_2022.csv.gz", index_col=0, parse_dates=[0]
        )
        for name in table.columns:
            use = _without_outages(table[name]).tz_localize("UTC")
            outdoor = weather.tz_localize("UTC")
            zone = ZoneInfo("Europe/London")
            whole = _series(f"{name} {carrier}", measure, use, outdoor, zone, "GB")
            for year in (2018, 2019):
                before, this_year = _year(whole, year - 1), _year(whole, year)
                if _comparable(before, this_year):
                    yield Case(f"Cambridge {carrier}", this_year, _expected(before, this_year))


def _comparable(before: UseSeries, this_year: UseSeries) -> bool:
    """Whether both years are mostly known, and in the same unit: one meter changed from 2017 to 2018."""
    if min(_known(before), _known(this_year)) < _LEAST_KNOWN:
        return False
    level = this_year.frame["use"].mean() / before.frame["use"].mean()
    return bool(1 / _OTHER_UNIT < level < _OTHER_UNIT)


def _expected(before: UseSeries, this_year: UseSeries) -> pd.DataFrame:
    fitted = fit_baseline(before)
    if isinstance(fitted, Insufficient):
        raise RuntimeError(f"{before.subject} has no baseline: {fitted.findings}")
    expected: pd.DataFrame = fitted.predict(this_year)
    return expected


def _expected_in_blocks(year: UseSeries) -> pd.DataFrame:
    """Every two months by a baseline that has seen the other ten."""
    block = (pd.DatetimeIndex(year.frame.index).tz_convert(year.zone).month - 1) // _BLOCK_MONTHS
    parts = []
    for number in np.unique(block):
        held_out = block == number
        others = year.frame.assign(use=year.frame["use"].mask(held_out))
        fitted = _expected(replace(year, frame=others), year)
        parts.append(fitted[held_out])
    whole: pd.DataFrame = pd.concat(parts).sort_index()
    return whole


def _series(
    name: str,
    measure: str,
    use: pd.Series,
    outdoor: pd.Series | None,
    zone: ZoneInfo,
    country: str,
) -> UseSeries:
    hours = pd.date_range(use.index[0], use.index[-1], freq="h", name="start")
    temperature = outdoor.reindex(hours) if outdoor is not None else np.nan
    frame = pd.DataFrame({"use": use.reindex(hours).astype(float), "temperature_c": temperature})
    return UseSeries(name, measure, "kWh", zone, country, Interval.HOUR, frame.astype(float))


def _year(series: UseSeries, year: int) -> UseSeries:
    local = pd.DatetimeIndex(series.frame.index).tz_convert(series.zone)
    return replace(series, frame=series.frame[np.asarray(local.year == year)])


def _known(series: UseSeries) -> float:
    return float(series.frame["use"].notna().mean()) if len(series.frame) else 0.0


def _from_local(values: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Local clock times as UTC: the hour that does not exist is dropped, the doubled one is the first."""
    index = pd.DatetimeIndex(values.index)
    doubled = np.ones(len(index), dtype=bool)
    local = index.tz_localize(zone, ambiguous=doubled, nonexistent="NaT")
    known = pd.Series(values.to_numpy(float), index=local)[local.notna()].tz_convert("UTC")
    return known[~known.index.duplicated()]


def _without_outages(use: pd.Series) -> pd.Series:
    """Runs of zeros in a series that is seldom zero are the publisher's outages: not known."""
    zero = use == 0
    run = (zero != zero.shift()).cumsum()
    length = zero.groupby(run).transform("sum")
    return use.mask(length > _LONGEST_ZEROS_H)
