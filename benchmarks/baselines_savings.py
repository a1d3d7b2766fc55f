"""Savings: two meters whose savings are known, and buildings where nothing was done."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.fitted import Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.savings.option_c import CANDIDATES, savings, savings_by
from analytics.savings.result import Savings
from analytics.savings.uncertainty import LEVELS
from analytics.sufficiency.coarser import coarser
from benchmarks.baselines_data import Case, cambridge_cases, office_cases
from benchmarks.report import Figure

TRUTH_PCT = 10.0
NEAR_POINTS = 1.5

NOTES = (
    "Savings, known truth: two meters of the OpenEEmeter samples (Apache-2.0), by the day and by the hour;"
    " the baseline is the 365 days before the blackout, the reporting period the 365 days after it."
    " OpenDSM's daily model finds 9.2 % (electricity) and 8.5 % (gas).",
    "Savings, nothing done: fortnights in turn are left out of a year of a building (Cambridge electricity"
    " and gas, offices), and the others' model says what they saved: nothing, within the band as often as it"
    " claims. From one year to the next real buildings change by more than any model of the first year can"
    " know: the ASHRAE band does not hold there, the one with drift is meant to. The drift of 7 % a year was"
    " chosen with these buildings in sight.",
)

_CHICAGO = ZoneInfo("America/Chicago")
_YEAR_DAYS = 365
_FORTNIGHT_DAYS = 14
_PARTS = 5
_LEAST_DAYS = 300
_QUICK_EVERY = 6


@dataclass(frozen=True, slots=True)
class _Placebo:
    """Savings of nothing, and the half widths by level, all in percent of the adjusted baseline."""

    found_pct: float
    widths_pct: tuple[float, ...]
    drifting_pct: tuple[float, ...]


def savings_figures(folder: Path, quick: bool) -> Iterator[Figure]:
    """Known savings found again, and how often the uncertainty holds where nothing was saved."""
    yield from _known_figures(folder / "mv_openeemeter")
    cases = [*cambridge_cases(folder, (2017, 2018)), *office_cases(folder)]
    whole = list(_whole_years(cases))[:: _QUICK_EVERY if quick else 1]
    left_out = [placebo for year in whole for placebo in _left_out(year)]
    yield from _held_figures("left-out fortnights", left_out, bar=not quick)
    following = [p for case in cases[:: _QUICK_EVERY if quick else 1] for p in _next_year(case)]
    yield from _held_figures("the next year", following, bar=False)


def _known_figures(folder: Path) -> Iterator[Figure]:
    about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    for name, meter in about.items():
        found = savings(*_before_and_after(folder, name, meter))
        if isinstance(found, Insufficient):
            yield Figure(f"{name}: savings", float("nan"), "%", at_least=0.0)
            continue
        low, high = TRUTH_PCT - NEAR_POINTS, TRUTH_PCT + NEAR_POINTS
        assert found.learnt is not None
        kind = found.learnt.model.kind
        yield Figure(f"{name} ({kind}): savings", found.total.savings_pct, "%", low, high)
        yield Figure(f"{name}: FSU at 68 %", found.bands[0.68].fsu_pct, "%", at_most=50)


def _before_and_after(
    folder: Path, name: str, meter: dict[str, str]
) -> tuple[UseSeries, UseSeries]:
    """The last 365 days before the blackout, and the first 365 after it."""
    hourly = meter["freq"] == "hourly"
    use = _column(folder / meter["meter_data_filename"])
    fahrenheit = _column(folder / meter["temperature_filename"])
    temperature = (fahrenheit - 32) / 1.8
    if not hourly:
        temperature = temperature.groupby(pd.DatetimeIndex(temperature.index).normalize()).mean()
    frame = pd.DataFrame({"use": use, "temperature_c": temperature.reindex(use.index)})
    ends = (meter["blackout_start_date"], meter["blackout_end_date"])
    gone, back = (pd.Timestamp(end, tz=_CHICAGO) for end in ends)
    year = pd.DateOffset(days=_YEAR_DAYS)
    before = frame[(frame.index >= gone - year) & (frame.index < gone)]
    after = frame[(frame.index >= back) & (frame.index < back + year)]
    return _series(name, meter, before), _series(name, meter, after)


def _series(name: str, meter: dict[str, str], frame: pd.DataFrame) -> UseSeries:
    interval = Interval.HOUR if meter["freq"] == "hourly" else Interval.DAY
    starts = frame.tz_convert("UTC").rename_axis("start")
    measure = "gas_kwh" if meter["interpretation"] == "gas" else "electricity_import_kwh"
    return UseSeries(name, measure, meter["unit"], _CHICAGO, "US", interval, starts)


def _column(path: Path) -> "pd.Series[float]":
    """The first column of a file, by Chicago time."""
    table = pd.read_csv(path)
    index = pd.DatetimeIndex(pd.to_datetime(table.iloc[:, 0], utc=True)).tz_convert(_CHICAGO)
    return pd.Series(table.iloc[:, 1].to_numpy(float), index)


def _whole_years(cases: Iterable[Case]) -> Iterator[UseSeries]:
    """Each building's first year, by the day, where most of it is known."""
    seen: set[str] = set()
    for case in cases:
        if case.building in seen:
            continue
        seen.add(case.building)
        known = case.learned if case.group != "offices" else case.learned | case.judged
        days = _days(case.series, known)
        if days.frame["use"].notna().sum() >= _LEAST_DAYS:
            yield days


def _days(series: UseSeries, hours: np.ndarray) -> UseSeries:
    return coarser(replace(series, frame=series.frame[hours]), Interval.DAY)


def _left_out(year: UseSeries) -> Iterator[_Placebo]:
    """Every fifth fortnight left out, by a model of the others."""
    part = np.arange(len(year.frame)) // _FORTNIGHT_DAYS % _PARTS
    for one in range(_PARTS):
        yield from _placebo(_only(year, part != one), _only(year, part == one))


def _only(series: UseSeries, days: np.ndarray) -> UseSeries:
    return replace(series, frame=series.frame.assign(use=series.frame["use"].where(days)))


def _next_year(case: Case) -> Iterator[_Placebo]:
    if case.group == "offices":
        return
    before, after = _days(case.series, case.learned), _days(case.series, case.judged)
    if min(s.frame["use"].notna().sum() for s in (before, after)) >= _LEAST_DAYS:
        yield from _placebo(before, after)


def _placebo(baseline: UseSeries, reporting: UseSeries) -> Iterator[_Placebo]:
    model = fit_baseline(baseline, candidates=CANDIDATES[Interval.DAY])
    if isinstance(model, Insufficient):
        return
    found: Savings = savings_by(model, baseline, reporting)
    share = 100 / found.total.adjusted
    yield _Placebo(
        found.total.savings_pct,
        tuple(share * found.bands[level].half_width for level in LEVELS),
        tuple(share * found.bands[level].with_drift for level in LEVELS),
    )


def _held_figures(name: str, placebos: Sequence[_Placebo], *, bar: bool) -> Iterator[Figure]:
    yield Figure(f"{name}: placebos", len(placebos), "")
    off = median(abs(p.found_pct) for p in placebos)
    yield Figure(f"{name}: savings of nothing, median size", off, "%")
    for at, level in enumerate(LEVELS):
        held = 100 * float(np.mean([abs(p.found_pct) <= p.widths_pct[at] for p in placebos]))
        bars = (85.0, 95.0) if bar and level == 0.90 else (None, None)
        yield Figure(f"{name}: within the ASHRAE band at {100 * level:.0f} %", held, "%", *bars)
    drifting = [abs(p.found_pct) <= p.drifting_pct[LEVELS.index(0.90)] for p in placebos]
    yield Figure(f"{name}: within the 90 % band with drift", 100 * float(np.mean(drifting)), "%")
