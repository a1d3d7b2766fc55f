"""Baselines: a published regression reproduced, real buildings expected beforehand, against two peers."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from subprocess import CalledProcessError

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.models import MODELS
from analytics.baselines.series import UseSeries
from benchmarks.baselines_data import Case, cambridge_cases, nmecr_days, office_cases
from benchmarks.baselines_judging import Outcome, outcomes
from benchmarks.baselines_opendsm import VERSION, opendsm_days
from benchmarks.baselines_savings import NOTES as SAVINGS_NOTES
from benchmarks.baselines_savings import savings_figures
from benchmarks.baselines_speed import NOTES as SPEED_NOTES
from benchmarks.baselines_speed import speed_figures
from benchmarks.quotas_data import VARIABLE, real_data_folder
from benchmarks.report import Figure, Report

_QUICK_EVERY = 6
"""Every sixth case is looked at by the quick form."""

CLOSED_YEARS = (2019, 2020, 2021)
"""Years learned from whose own or next year knew closures: reported apart, without a bar."""

_COVERAGE = {True: (85.0, 95.0), False: (None, None)}

_NOTES = (
    f"Real data are read where {VARIABLE} says: kW Engineering's nmecr sample (MIT), six buildings of"
    " Cambridge, electricity and gas (MIT, doi 10.5281/zenodo.10955332), and 12 offices of the Building Data"
    " Genome Project 2 (CC BY-SA 4.0, Miller et al. 2020). Cambridge's baselines learn from 2017 and 2018 and"
    " are judged in the next year with its weather; years half of whose hours are not known are left out (gas"
    " of b33 in 2017, of b41 from 2018). The offices' learn from nine months of 2017 and are judged in every"
    " fourth. Zeros of what is seldom zero are outages, for ours and for the peers. The gas of b0 and b25 was"
    " counted in another unit in 2017: no model of that year knows the next, and the figures keep them.",
    "The default choice of models is fitted by the hour; days are sums of its hours. The peers are the"
    " means of the hours of the week, and OpenDSM's daily model fitted to the same days, disqualified or not."
    " Some settings (temperature knots, penalties, the drift in the interval) are round numbers"
    " chosen with these buildings in sight; the same ones serve all.",
)


def run(quick: bool) -> Report:
    """All of it: a minute or so (quick), or some eight."""
    folder = real_data_folder()
    if folder is None:
        said = f"{VARIABLE} is not set: nothing but speed was measured."
        return Report("baselines", quick, tuple(speed_figures(quick)), (said, *SPEED_NOTES))
    cases = [*cambridge_cases(folder, (2017, 2018)), *office_cases(folder)]
    if quick:
        cases = cases[::_QUICK_EVERY]
    peer, said = _peer(cases)
    begun = time.perf_counter()
    judged = outcomes(cases, peer)
    a_case = (time.perf_counter() - begun) / len(cases)
    figures = [*_published_figures(folder), *_year_figures(judged)]
    if not quick:
        closed = outcomes(cambridge_cases(folder, CLOSED_YEARS), {})
        figures += _closed_figures(closed)
    figures.append(Figure("a case: fitted, judged on all its hours", a_case, "s"))
    figures += [*savings_figures(folder, quick), *speed_figures(quick)]
    notes = (*_NOTES, *SAVINGS_NOTES, *SPEED_NOTES, said)
    return Report("baselines", quick, tuple(figures), notes)


def _peer(cases: Sequence[Case]) -> tuple[dict[tuple[str, int], pd.Series], str]:
    with tempfile.TemporaryDirectory() as name:
        try:
            days = opendsm_days(cases, Path(name))
        except (OSError, CalledProcessError) as trouble:
            return {}, f"OpenDSM was not compared: {_last_line(trouble)}."
    return days, f"OpenDSM {VERSION} ran in an environment of its own, on the same days."


def _published_figures(folder: Path) -> Iterator[Figure]:
    """nmecr's sample building, by the day."""
    series = nmecr_days(folder)
    fits = {kind: _fitted(kind, series) for kind in MODELS}
    linear = fits["linear"].in_sample
    published = linear.cv_rmse_pct * np.sqrt((linear.n - linear.p) / (linear.n - 1))
    yield Figure("nmecr, linear: R²", linear.r2, "", at_least=0.690889, at_most=0.690891)
    yield Figure("nmecr, linear: CV(RMSE), n - 1", published, "%", at_least=11.435, at_most=11.445)
    chosen = fit_baseline(series)
    assert isinstance(chosen, FittedBaseline)
    yield Figure(f"nmecr, chosen ({chosen.kind}): R² in sample", chosen.in_sample.r2, "", 0.89)
    for kind, fitted in fits.items():
        yield Figure(f"nmecr, {kind}: R² in sample", fitted.in_sample.r2, "")
        yield Figure(f"nmecr, {kind}: R² on left-out blocks", fitted.cross_validated.r2, "")


def _fitted(kind: str, series: UseSeries) -> FittedBaseline:
    fitted = fit_baseline(series, candidates=(kind,))
    assert isinstance(fitted, FittedBaseline)
    return fitted


def _year_figures(judged: Sequence[Outcome]) -> Iterator[Figure]:
    groups = {"all": list(judged)}
    for outcome in judged:
        groups.setdefault(outcome.group, []).append(outcome)
    for group, mine in groups.items():
        barred = group == "all"
        yield Figure(f"{group}: buildings and years", len(mine), "")
        yield from _hour_figures(group, mine, barred)
        yield from _day_figures(group, mine, barred)


def _hour_figures(group: str, mine: Sequence[Outcome], barred: bool) -> Iterator[Figure]:
    ours = [o.hours.cv_rmse_pct("ours") for o in mine]
    week = [o.hours.cv_rmse_pct("week") for o in mine]
    lower = 100 * (1 - median(ours) / median(week))
    each = 100 * (1 - median(a / b for a, b in zip(ours, week, strict=True)))
    hours = sum(o.hours.count for o in mine)
    inside = 100 * sum(o.hours.inside for o in mine) / hours
    yield Figure(f"{group}: hourly CV(RMSE), median", median(ours), "%")
    yield Figure(f"{group}: hourly CV(RMSE), time-of-week means", median(week), "%")
    yield Figure(f"{group}: median lower by", lower, "%", at_least=15 if barred else None)
    yield Figure(f"{group}: lower by, median of the buildings", each, "%")
    yield Figure(f"{group}: hours inside the 90 % interval", inside, "%", *_COVERAGE[barred])
    unanswered = 100 * sum(o.unanswered for o in mine) / hours
    yield Figure(f"{group}: hours without an answer", unanswered, "%")


def _day_figures(group: str, mine: Sequence[Outcome], barred: bool) -> Iterator[Figure]:
    inside = 100 * sum(o.days.inside for o in mine) / sum(o.days.count for o in mine)
    yield Figure(f"{group}: days inside the 90 % interval", inside, "%", *_COVERAGE[barred])
    months = sum(o.months.count for o in mine)
    if months:
        inside = 100 * sum(o.months.inside for o in mine) / months
        yield Figure(f"{group}: months inside the 90 % interval", inside, "%")
    both = [o.days for o in mine if "opendsm" in o.days.squares]
    if not both:
        return
    ours, theirs = ([t.cv_rmse_pct(n) for t in both] for n in ("ours", "opendsm"))
    ratio = median(ours) / median(theirs)
    better = 100 * sum(a <= b for a, b in zip(ours, theirs, strict=True)) / len(both)
    yield Figure(f"{group}: daily CV(RMSE), median", median(ours), "%")
    yield Figure(f"{group}: daily CV(RMSE), OpenDSM's daily model", median(theirs), "%")
    yield Figure(f"{group}: the former over the latter", ratio, "", at_most=1 if barred else None)
    yield Figure(f"{group}: where ours is not worse", better, "%")


def _closed_figures(judged: Sequence[Outcome]) -> Iterator[Figure]:
    yield Figure("years of closures: buildings and years", len(judged), "")
    yield from _hour_figures("years of closures", judged, barred=False)


def _last_line(trouble: OSError | CalledProcessError) -> str:
    said = trouble.stderr if isinstance(trouble, CalledProcessError) else str(trouble)
    return (str(said).strip().splitlines() or ["no message"])[-1]
