"""Forecasts: the next day by the hour on real buildings beside its peers, and months by degree days."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from analytics.grid import Floats
from benchmarks.forecast_days import LEVEL, Judged, judged_months
from benchmarks.forecast_months import ToldYear, told_years
from benchmarks.quotas_data import VARIABLE, real_data_folder
from benchmarks.report import Figure, Report

_WAYS = {
    "weather": "weather given",
    "persistence": "weather not given",
    "two_days": "two days ahead",
    "habit": "no baseline",
}
_PEERS: dict[str, Callable[[Judged], Floats]] = {
    "the same hour last week": lambda month: month.last_week,
    "the mean of that hour in four weeks": lambda month: month.time_of_week,
    "the baseline alone": lambda month: month.baseline,
}
_LEAST_GAIN_PCT = 15.0


def run(quick: bool) -> Report:
    """All of it: under a minute (quick) or some four."""
    folder = real_data_folder()
    figures = () if folder is None else tuple(_figures(folder, quick))
    return Report("forecast", quick, figures, _notes(folder is not None))


def _figures(folder: Path, quick: bool) -> Iterator[Figure]:
    months = list(judged_months(folder, quick))
    yield from _accuracy(months)
    yield from _coverage(months)
    yield from _month_figures(list(told_years(folder)))


def _accuracy(months: Sequence[Judged]) -> Iterator[Figure]:
    buildings = _by_building(months)
    ours = {way: _errors(buildings, _expected_by(way)) for way in _WAYS}
    yield Figure("buildings' meters forecast", len(buildings), "")
    for way, title in _WAYS.items():
        yield Figure(f"median CV(RMSE) of hours, {title}", float(np.median(ours[way])), "%")
    for title, answer in _PEERS.items():
        peer = _errors(buildings, answer)
        yield Figure(f"the same, {title}", float(np.median(peer)), "%")
        gain = 100 * (1 - float(np.median(ours["weather"] / peer)))
        yield Figure(f"ours (weather given) below {title} by", gain, "%", at_least=_LEAST_GAIN_PCT)
        blind = 100 * (1 - float(np.median(ours["persistence"] / peer)))
        yield Figure(f"ours (weather not given) below {title} by", blind, "%")


def _coverage(months: Sequence[Judged]) -> Iterator[Figure]:
    for way, title in _WAYS.items():
        inside = {name: _inside(mine, way) for name, mine in _by_building(months).items()}
        pooled = 100 * float(np.concatenate(list(inside.values())).mean())
        each = [100 * float(hours.mean()) for hours in inside.values()]
        name = f"hours inside the {100 * LEVEL:g} % interval, {title}"
        yield Figure(name, pooled, "%", at_least=85)
        yield Figure("… and not more", pooled, "%", at_most=95)
        yield Figure("… least of a building", min(each), "%")
        yield Figure("… most of a building", max(each), "%")
    days = np.concatenate([_days_inside(month) for month in months])
    yield Figure("whole days inside theirs, weather given", 100 * float(days.mean()), "%")


def _month_figures(years: Sequence[ToldYear]) -> Iterator[Figure]:
    """Gas by the month; 2020 and 2021 are years of closures."""
    yield Figure("gas meter-years told by degree days", len(years), "")
    ours = [_cv(year.use, year.expected) for year in years]
    peers = [_cv(year.use, year.peer) for year in years]
    yield Figure("median CV(RMSE) of months, degree days", float(np.median(ours)), "%")
    yield Figure("the same, mean of the two years before", float(np.median(peers)), "%")
    inside = [(y.use >= y.low) & (y.use <= y.high) for y in years]
    known = [np.isfinite(y.use) & np.isfinite(y.low) for y in years]
    share = np.concatenate([i[k] for i, k in zip(inside, known, strict=True)]).mean()
    yield Figure("months inside the 90 % band", 100 * float(share), "%")


def _expected_by(way: str) -> Callable[[Judged], Floats]:
    return lambda month: month.ways[way].expected


def _by_building(months: Sequence[Judged]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for month in months:
        found.setdefault(month.building, []).append(month)
    return found


def _errors(buildings: dict[str, list[Judged]], answer: Callable[[Judged], Floats]) -> Floats:
    """CV(RMSE) of each building in %, over the hours that everybody answers."""
    found = []
    for months in buildings.values():
        use = np.concatenate([month.use[month.common] for month in months])
        said = np.concatenate([answer(month)[month.common] for month in months])
        found.append(_cv(use, said))
    return np.array(found)


def _cv(use: Floats, said: Floats) -> float:
    known = np.isfinite(use) & np.isfinite(said)
    off = use[known] - said[known]
    return 100 * float(np.sqrt(np.mean(off**2)) / np.mean(use[known]))


def _inside(months: Sequence[Judged], way: str) -> Floats:
    parts = []
    for month in months:
        ahead, common = month.ways[way], month.common
        inside = (month.use >= ahead.low) & (month.use <= ahead.high)
        parts.append(inside[common].astype(float))
    return np.concatenate(parts)


def _days_inside(month: Judged) -> Floats:
    ahead, total = month.ways["weather"], month.use.sum(axis=1)
    known = np.isfinite(total) & np.isfinite(ahead.total_low)
    inside = (total >= ahead.total_low) & (total <= ahead.total_high)
    return np.asarray(inside[known], dtype=np.float64)


def _notes(real: bool) -> tuple[str, ...]:
    if not real:
        return (f"{VARIABLE} is not set: nothing was measured on real buildings.",)
    return (
        f"Real data are read where {VARIABLE} says: offices of the Building Data Genome Project 2 from July"
        " to December 2017 (CC BY-SA 4.0, Miller et al. 2020), electricity and gas of Cambridge in 2019 (MIT,"
        " doi 10.5281/zenodo.10955332), faults included. At each month's beginning the baseline is fitted to"
        " the year before (offices: to what 2017 has had), as the system does; each day is forecast from"
        " what was known the day before. Given weather is that which came, so a real weather forecast lies"
        " between the two. All are judged on the hours that each of them answers. The figures that the"
        " method holds were chosen with these buildings in sight.",
        "Months: Cambridge's gas in 2020 to 2022, by degree days fitted to the 24 months before, given the"
        " weather. In 2020 and 2021 buildings stood closed.",
    )
