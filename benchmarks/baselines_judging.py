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

    local = pd.DatetimeIndex(hours.index).tz_convert(case.series.zone).normalize()
    days = hours[["use", "expected", "week"]].groupby(local).sum()
    days = days[hours.groupby(local).size() >= _WHOLE_DAY_H]
    begins = pd.DatetimeIndex(predicted.index).tz_convert(case.series.zone).normalize().unique()
    bands = fitted.sum_interval(predicted, begins.tz_convert("UTC"))
    days = days.join(bands[["low", "high"]].tz_convert(case.series.zone), how="inner").dropna()
    if opendsm is not None:
        days = days.join(opendsm.tz_localize(case.series.zone).rename("opendsm")).dropna()
    columns = {n: days[n].to_numpy(dtype=np.float64) for n in days.columns}
    models = {"ours": columns["expected"], "week": columns["week"]}
    if opendsm is not None:
        models["opendsm"] = columns["opendsm"]
    outcome.days.add(columns["use"], models, columns["low"], columns["high"])


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
