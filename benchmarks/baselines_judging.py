"""How cases come out: hours and days judged, ours and the peers' on the same ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.fitted import Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.inputs import Floats
from benchmarks.baselines_data import Case

_WHOLE_DAY_H = 23
_WHOLE_MONTH_H = 27 * 24


@dataclass
class Tally:
    """Sums over one building's judged hours or days: use, squared errors by model, inside the band."""

    count: int = 0
    use: float = 0.0
    squares: dict[str, float] = field(default_factory=dict)
    inside: int = 0

    def add(self, actual: Floats, models: Mapping[str, Floats], low: Floats, high: Floats) -> None:
        """Count some more."""
        self.count += len(actual)
        self.use += float(actual.sum())
        for name, expected in models.items():
            error = float(np.sum((actual - expected) ** 2))
            self.squares[name] = self.squares.get(name, 0.0) + error
        self.inside += int(((actual >= low) & (actual <= high)).sum())

    def cv_rmse_pct(self, model: str) -> float:
        """Root mean square error in percent of mean use."""
        mean = self.use / self.count
        return 100 * float(np.sqrt(self.squares[model] / self.count)) / mean


@dataclass
class Outcome:
    """One building of a group."""

    group: str
    building: str
    hours: Tally = field(default_factory=Tally)
    days: Tally = field(default_factory=Tally)
    months: Tally = field(default_factory=Tally)
    unanswered: int = 0


def outcomes(cases: Iterable[Case], opendsm: Mapping[tuple[str, int], pd.Series]) -> list[Outcome]:
    """Every building's, in the order of the cases.

    opendsm
        OpenDSM's local days by building and number of the case among all; without one its error is not known
        and the days are judged without it.
    """
    found: dict[tuple[str, str], Outcome] = {}
    for number, case in enumerate(cases):
        key = case.group, case.building
        outcome = found.setdefault(key, Outcome(*key))
        _judge(case, outcome, opendsm.get((case.building, number)))
    return [o for o in found.values() if o.hours.count]


def _judge(case: Case, outcome: Outcome, opendsm: pd.Series | None) -> None:
    fitted = fit_baseline(case.lesson())
    if isinstance(fitted, Insufficient):
        return
    predicted = fitted.predict(case.series)
    hours = predicted.assign(
        use=case.series.frame["use"], week=_week_means(case), judged=case.judged
    )
    known = hours["judged"] & hours["use"].notna() & hours["week"].notna()
    outcome.unanswered += int((known & hours["expected"].isna()).sum())
    hours = hours[known & hours["expected"].notna()]
    columns = {n: hours[n].to_numpy(dtype=np.float64) for n in hours.columns}
    models = {"ours": columns["expected"], "week": columns["week"]}
    outcome.hours.add(columns["use"], models, columns["low"], columns["high"])

    for tally, begins, least in (
        (outcome.days, _begins(case, "D"), _WHOLE_DAY_H),
        (outcome.months, _begins(case, "M"), _WHOLE_MONTH_H),
    ):
        at = np.searchsorted(begins, hours.index, side="right") - 1
        sums = hours[["use", "expected", "week"]].groupby(begins[at]).sum()
        sums = sums[hours.groupby(begins[at]).size() >= least]
        bands = fitted.sum_interval(predicted, begins)[["low", "high"]]
        sums = sums.join(bands, how="inner").dropna()
        if opendsm is not None and tally is outcome.days:
            theirs = opendsm.tz_localize(case.series.zone).tz_convert("UTC")
            sums = sums.join(theirs.rename("opendsm")).dropna()
        columns = {str(n): sums[n].to_numpy(dtype=np.float64) for n in sums.columns}
        models = {"ours": columns["expected"], "week": columns["week"]}
        if "opendsm" in columns:
            models["opendsm"] = columns["opendsm"]
        tally.add(columns["use"], models, columns["low"], columns["high"])


def _begins(case: Case, period: str) -> pd.DatetimeIndex:
    """UTC beginnings of the local days or months that hold the series, and of the next one."""
    local = pd.DatetimeIndex(case.series.frame.index).tz_convert(case.series.zone).tz_localize(None)
    last = pd.Period(local[-1], freq=period) + 1
    begins = pd.period_range(pd.Period(local[0], freq=period), last).to_timestamp()
    return begins.tz_localize(case.series.zone).tz_convert("UTC").as_unit("us")


def _week_means(case: Case) -> Floats:
    """The peer: the mean of each hour of the week over what is learned from."""
    series = case.series
    calendar = calendar_of(pd.DatetimeIndex(series.frame.index), series.zone, series.country)
    slot = calendar.weekday * 24 + calendar.hour
    use = series.frame["use"].to_numpy(dtype=np.float64)
    known = case.learned & np.isfinite(use)
    sums = np.bincount(slot[known], weights=use[known], minlength=168)
    counts = np.bincount(slot[known], minlength=168)
    return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)[slot])
