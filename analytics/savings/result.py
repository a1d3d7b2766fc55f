"""Savings as a value: what was used, what would have been, and how sure the difference is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.baselines.series import Interval
from analytics.savings.learnt import PeriodModel
from analytics.savings.uncertainty import ACCEPTED_FSU_PCT, Residuals
from quotawatt.findings import Finding
from quotawatt.spans import Span


@dataclass(frozen=True, slots=True)
class Amounts:
    """Sums over the intervals in which both use and adjusted baseline are known, in the series' unit.

    actual
        What was used.
    expected
        What the baseline model expects in the weather and calendar of the period.
    adjustment
        What non-routine events add to that.
    days
        Local days that are counted.
    coverage
        Share of the period's time, excluded days aside, that is counted; NaN where none was asked for.
    """

    actual: float
    expected: float
    adjustment: float
    days: float
    coverage: float

    @property
    def adjusted(self) -> float:
        """The adjusted baseline (校准能耗): expected use and non-routine adjustments."""
        return self.expected + self.adjustment

    @property
    def savings(self) -> float:
        """Avoided use (节能量); below 0: more was used."""
        return self.adjusted - self.actual

    @property
    def savings_pct(self) -> float:
        """In percent of the adjusted baseline; NaN where that is 0."""
        return 100 * self.savings / self.adjusted if self.adjusted else float("nan")


@dataclass(frozen=True, slots=True)
class Band:
    """How far the savings may lie off to each side with a probability of ``level``, in the series' unit.

    half_width
        By the model's errors (ASHRAE Guideline 14-2014): what the fit leaves open.
    fsu_pct
        That in percent of the savings; NaN where nothing was saved.
    with_drift
        With what buildings change by themselves in the time between the periods, which no model of the
        baseline period can know.
    """

    level: float
    half_width: float
    fsu_pct: float
    with_drift: float


@dataclass(frozen=True, slots=True)
class MonthSavings:
    """One local month, and all up to its end. ``half_width`` is for ``MONTH_LEVEL``."""

    first_day: date
    amounts: Amounts
    half_width: float
    cumulative: float
    cumulative_half_width: float


MONTH_LEVEL = 0.90


@dataclass(frozen=True)
class Savings:
    """Savings of a reporting period by option C of the IPMVP.

    learnt
        The baseline's model; None where use of a year was agreed instead.
    baseline_span, span
        What the model learnt from, and the reporting period.
    frame
        The reporting period by interval (index ``start``): ``actual``, ``expected``, ``adjustment``,
        ``adjusted``, ``savings``; NaN where something is missing or the day is excluded.
    bands
        By level; empty where use was agreed and nothing is uncertain but by agreement.
    findings
        What to know beside the figures.
    """

    subject: str
    measure: str
    unit: str
    zone: ZoneInfo
    interval: Interval
    learnt: PeriodModel | None
    baseline_span: Span | None
    span: Span
    frame: pd.DataFrame
    total: Amounts
    bands: Mapping[float, Band]
    months: tuple[MonthSavings, ...]
    findings: tuple[Finding, ...]

    @property
    def residuals(self) -> Residuals | None:
        """What the uncertainty rests on."""
        return None if self.learnt is None else self.learnt.residuals

    @property
    def is_accepted(self) -> bool | None:
        """Whether the uncertainty is small enough to report savings: FSU at most 50 % at 68 %.

        ASHRAE Guideline 14-2014. None where nothing can be said of the uncertainty.
        """
        band = self.bands.get(0.68)
        if band is None or band.half_width != band.half_width:
            return None
        return self.total.savings > 0 and band.fsu_pct <= ACCEPTED_FSU_PCT
