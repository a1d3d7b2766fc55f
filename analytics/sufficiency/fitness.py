"""A fit held against the figures of ASHRAE Guideline 14 and IPMVP: after the model, as warnings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.baselines.metrics import Fit
from analytics.baselines.series import Interval
from quotawatt.findings import Finding


@dataclass(frozen=True, slots=True)
class Bar:
    """What a fit should not exceed, in percent of the mean use."""

    cv_rmse_pct: float
    nmbe_pct: float


# Hours and months: ASHRAE 14-2014. It gives none for days: 25 % is what LBNL screens M&V tools with.
BARS: Mapping[Interval, Bar] = MappingProxyType(
    {
        Interval.HOUR: Bar(30.0, 10.0),
        Interval.DAY: Bar(25.0, 5.0),
        Interval.MONTH: Bar(15.0, 5.0),
    }
)

LEAST_R2 = 0.75
"""IPMVP's rule of thumb. Where use hardly hangs on anything a low one is no fault: it is good to know."""

NET_BIAS_PCT = 0.005
"""Net determination bias of the baseline period (ASHRAE 14-2014, 4.3.2.1): what savings start with."""


def judge_fit(
    fit: Fit, interval: Interval, subject: str, *, net_bias: bool = False
) -> tuple[Finding, ...]:
    """What to know of a fit; empty where it meets every bar. NaN meets none.

    net_bias
        Whether the in-sample bias is held against the bar for savings too.
    """
    return tuple(_judge(fit, BARS[interval], subject, net_bias))


def _judge(fit: Fit, bar: Bar, subject: str, net_bias: bool) -> Iterator[Finding]:
    if not fit.cv_rmse_pct <= bar.cv_rmse_pct:
        detail = {"cv_rmse_pct": fit.cv_rmse_pct, "limit_pct": bar.cv_rmse_pct}
        yield Finding("fit_scatter", subject, _rounded(detail))
    if not abs(fit.nmbe_pct) <= bar.nmbe_pct:
        detail = {"nmbe_pct": fit.nmbe_pct, "limit_pct": bar.nmbe_pct}
        yield Finding("fit_bias", subject, _rounded(detail))
    elif net_bias and not abs(fit.nmbe_pct) <= NET_BIAS_PCT:
        detail = {"nmbe_pct": fit.nmbe_pct, "limit_pct": NET_BIAS_PCT}
        yield Finding("fit_net_bias", subject, _rounded(detail))
    if not fit.r2 >= LEAST_R2:
        detail = {"r2": fit.r2, "limit": LEAST_R2}
        yield Finding("fit_explains_little", subject, _rounded(detail))


def _rounded(detail: Mapping[str, float]) -> dict[str, str | float | int | None]:
    """Figures to three decimals; None for what is no number, as evidence is JSON."""
    return {name: None if value != value else round(value, 3) for name, value in detail.items()}
