"""Savings as plain JSON without words of one language: what a report is printed from and a snapshot keeps."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from analytics.baselines.metrics import Fit
from analytics.savings.normal import NormalYear
from analytics.savings.result import Amounts, Band, MonthSavings, Savings
from analytics.savings.settlement import Settlement
from analytics.savings.uncertainty import ACCEPTED_FSU_PCT, Residuals, half_width_constant
from quotawatt.findings import Finding
from quotawatt.performance.values import NonRoutineEvent, PerformanceContract
from quotawatt.spans import DAY, Span, local_date

FORMAT = 1

Plain = dict[str, Any]


def savings_content(
    found: Savings,
    name: Mapping[str, str],
    events: Iterable[NonRoutineEvent] = (),
    normal: NormalYear | None = None,
) -> Plain:
    """The content of a report; ``name`` is the subject's, by language. What is not known is null."""
    return {
        "format": FORMAT,
        "subject": found.subject,
        "name": dict(name),
        "measure": found.measure,
        "unit": found.unit,
        "zone": found.zone.key,
        "interval": found.interval.value,
        "baseline": None
        if found.baseline_span is None
        else _period(found.baseline_span, found.zone),
        "reporting": _period(found.span, found.zone),
        "model": _model(found),
        "total": _amounts(found.total),
        "uncertainty": [_band(band, found) for band in found.bands.values()],
        "residuals": None if found.residuals is None else _residuals(found.residuals),
        "accepted": found.is_accepted,
        "accepted_fsu_pct": ACCEPTED_FSU_PCT,
        "months": [_month(month) for month in found.months],
        "events": [event_content(event) for event in events],
        "normal_year": None if normal is None else _normal(normal),
        "findings": [_finding(finding) for finding in found.findings],
    }


def contract_content(contract: PerformanceContract) -> Plain:
    """A contract as plain JSON."""
    days = ("valid_from", "valid_until", "baseline_from", "baseline_until")
    plain = asdict(contract)
    for day in days:
        plain[day] = None if plain[day] is None else plain[day].isoformat()
    return {
        **plain,
        "kind": contract.kind.value,
        "terms": [asdict(term) for term in contract.terms],
    }


def settlement_content(settled: Settlement) -> Plain:
    """A settlement as plain JSON; money to the fen."""
    worth = settled.worth
    return {
        "kind": settled.kind.value,
        "guaranteed_use": _known(settled.guaranteed_use),
        "shortfall_use": _known(settled.shortfall_use),
        "fee_cny": _money(settled.fee_cny),
        "compensation_cny": _money(settled.compensation_cny),
        "provider_cny": _money(settled.provider_cny),
        "client_cny": _money(settled.client_cny),
        "saved_cny": None if worth is None else _money(worth.saved),
        "used_cny": None if worth is None else _money(worth.used),
        "adjusted_cny": None if worth is None else _money(worth.adjusted),
        "price_cny": None if worth is None else _known(worth.per_unit, 6),
    }


def event_content(event: NonRoutineEvent) -> Plain:
    """A non-routine event as plain JSON; ``last_day`` is its last day."""
    return {
        "first_day": event.first_day.isoformat(),
        "last_day": (event.until - DAY).isoformat(),
        "kind": event.kind.value,
        "amount": event.amount,
        "reason": event.reason,
        "evidence": event.evidence,
    }


def _period(span: Span, zone: ZoneInfo) -> Plain:
    first, until = local_date(span.start, zone), local_date(span.end, zone)
    return {"first_day": first.isoformat(), "last_day": _last(first, until).isoformat()}


def _last(first: date, until: date) -> date:
    return max(first, until - DAY)


def _model(found: Savings) -> Plain | None:
    if found.learnt is None:
        return None
    model, calibration = found.learnt.model, found.learnt.calibration
    seen = model.saw.temperature_c
    return {
        "kind": model.kind,
        "version": model.version,
        "n": model.saw.n,
        "coverage": _known(model.saw.coverage, 4),
        "data_hash": model.saw.data_hash,
        "temperature_c": None if seen is None else [_known(edge, 1) for edge in seen],
        "in_sample": _fit(model.in_sample),
        "cross_validated": _fit(model.cross_validated),
        "calibration": {"slope": calibration.slope, "a_day": calibration.a_day},
        "drift_pct": 100 * model.band.drift,
    }


def _fit(fit: Fit) -> Plain:
    return {
        "r2": _known(fit.r2, 4),
        "cv_rmse_pct": _known(fit.cv_rmse_pct, 2),
        "nmbe_pct": _known(fit.nmbe_pct, 2),
        "n": fit.n,
        "p": fit.p,
    }


def _residuals(residuals: Residuals) -> Plain:
    return {
        "interval": residuals.interval.value,
        "n": residuals.n,
        "p": residuals.p,
        "effective_n": _known(residuals.effective_n, 1),
        "correlation": _known(residuals.correlation, 3),
        "cv_rmse_pct": _known(
            100 * residuals.rmse / residuals.mean if residuals.mean else math.nan, 2
        ),
    }


def _amounts(amounts: Amounts) -> Plain:
    return {
        "actual": _known(amounts.actual),
        "expected": _known(amounts.expected),
        "adjustment": _known(amounts.adjustment),
        "adjusted": _known(amounts.adjusted),
        "savings": _known(amounts.savings),
        "savings_pct": _known(amounts.savings_pct, 2),
        "days": _known(amounts.days, 1),
        "coverage": _known(amounts.coverage, 4),
    }


def _band(band: Band, found: Savings) -> Plain:
    savings, residuals, total = found.total.savings, found.residuals, found.total
    constant = math.nan
    if residuals is not None and savings > 0:
        points = total.days if residuals.interval.value == "day" else len(found.months)
        width = half_width_constant(residuals, total.expected, points, band.level)
        constant = 100 * width / savings
    return {
        "level": band.level,
        "half_width": _known(band.half_width),
        "low": _known(savings - band.half_width),
        "high": _known(savings + band.half_width),
        "fsu_pct": _known(band.fsu_pct, 1),
        "with_drift": _known(band.with_drift),
        "fsu_constant_pct": _known(constant, 1),
    }


def _month(month: MonthSavings) -> Plain:
    return {
        "month": f"{month.first_day:%Y-%m}",
        **_amounts(month.amounts),
        "half_width": _known(month.half_width),
        "cumulative": _known(month.cumulative),
        "cumulative_half_width": _known(month.cumulative_half_width),
    }


def _normal(normal: NormalYear) -> Plain:
    return {
        "before": _known(normal.before),
        "after": _known(normal.after),
        "savings": _known(normal.savings),
        "savings_pct": _known(normal.savings_pct, 2),
        "years": [
            {"year": y.year, "before": _known(y.before), "after": _known(y.after)}
            for y in normal.years
        ],
        "half_widths": {f"{level:g}": _known(w) for level, w in normal.half_widths.items()},
    }


def _finding(finding: Finding) -> Plain:
    return {"code": finding.code, "subject": finding.subject, "detail": dict(finding.detail)}


def findings_of(content: Mapping[str, Any]) -> Sequence[Finding]:
    """The findings of a content."""
    return [Finding(f["code"], f["subject"], f["detail"]) for f in content["findings"]]


def _known(value: float | None, decimals: int = 3) -> float | None:
    """A figure as JSON can carry it; null where it is not known."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), decimals)


def _money(value: float | None) -> float | None:
    return _known(value, 2)
