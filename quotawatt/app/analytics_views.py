"""What the analytics find, as JSON-ready rows: the same for tables, ``--json`` and reports."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.anomalies.event import Anomaly
from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.metrics import Fit
from analytics.baselines.series import UseSeries
from analytics.overuse.context import Context
from analytics.overuse.telling import advice, statement
from analytics.sufficiency.checking import Sufficiency
from quotawatt.findings import Finding
from quotawatt.register.finding_texts import finding_words
from quotawatt.settings import Language

Row = dict[str, Any]

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def series_row(series: UseSeries) -> Row:
    """Which series it is, and how much of it is known."""
    use = series.frame["use"].to_numpy(dtype=float)
    known = float(np.isfinite(use).mean()) if len(use) else 0.0
    return {
        "subject": series.subject,
        "measure": series.measure,
        "unit": series.unit,
        "zone": series.zone.key,
        "country": series.country,
        "interval": series.interval.value,
        "from": series.frame.index[0].isoformat(),
        "last": series.frame.index[-1].isoformat(),
        "count": len(use),
        "known_pct": round(100 * known, 1),
        "with_temperature": bool(series.frame["temperature_c"].notna().any()),
    }


def finding_rows(
    series: UseSeries,
    file: Iterable[Finding],
    enough: Sufficiency,
    after: Iterable[Finding] = (),
    disqualifying: Iterable[Finding] = (),
) -> list[Row]:
    """Findings with their words, those that disqualify first.

    file, after, disqualifying
        Of the file that was read; after the fit; that stand in the way beside those of ``enough``.
    """
    found = {
        "disqualifies": (*enough.disqualifying, *disqualifying),
        "warns": (*enough.warnings, *file, *after),
    }
    return [finding_row(f, weight, series.zone) for weight, mine in found.items() for f in mine]


def finding_row(finding: Finding, weight: str, zone: ZoneInfo) -> Row:
    """A finding with its words; ``weight`` is ``disqualifies`` or ``warns``."""
    words = {
        language: finding_words(finding.code, finding.subject, finding.detail, language, zone)
        for language in LANGUAGES
    }
    return {
        "code": finding.code,
        "weight": weight,
        "detail": dict(finding.detail),
        **{
            part: {language: said[part] for language, said in words.items()}
            for part in ("title", "sentence", "action")
        },
    }


def fit_row(fit: Fit) -> Row:
    """Figures of a fit; None for what is no number."""
    figures = {"r2": fit.r2, "cv_rmse_pct": fit.cv_rmse_pct, "nmbe_pct": fit.nmbe_pct}
    return {**{k: number_or_none(v) for k, v in figures.items()}, "n": fit.n, "p": fit.p}


def baseline_row(baseline: FittedBaseline) -> Row:
    """What was fitted, to what, and how well: without the model itself."""
    saw = baseline.saw
    return {
        "kind": baseline.kind,
        "level": baseline.level,
        "in_sample": fit_row(baseline.in_sample),
        "cross_validated": fit_row(baseline.cross_validated),
        "compared": {kind: fit_row(fit) for kind, fit in baseline.compared.items()},
        "saw": {
            "first": saw.first.isoformat(),
            "last": saw.last.isoformat(),
            "n": saw.n,
            "temperature_c": None if saw.temperature_c is None else list(saw.temperature_c),
            "excluded": [[span.start.isoformat(), span.end.isoformat()] for span in saw.excluded],
            "coverage": saw.coverage,
            "data_hash": saw.data_hash,
        },
    }


def anomaly_row(found: Anomaly, series: UseSeries) -> Row:
    """One event, named as the API names its own."""
    plain = Context(dict.fromkeys(LANGUAGES, series.subject), True, series.unit, series.zone)
    return {
        "subject": found.subject,
        "measure": found.measure,
        "unit": series.unit,
        "shape": found.shape.value,
        "likely": found.likely.value,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "state": "open" if found.open else "over",
        "hours": found.hours,
        "size": found.size,
        "expected": found.expected,
        "confidence": round(found.confidence, 3),
        "evidence": dict(found.evidence),
        "sentence": {language: statement(found, plain, language) for language in LANGUAGES},
        "advice": {language: advice(found, language) for language in LANGUAGES},
    }


def frame_rows(frame: pd.DataFrame) -> list[Row]:
    """One row an interval: ``start`` and the columns; None for what is not known."""
    columns = {name: frame[name].to_numpy(dtype=float).tolist() for name in frame}
    return [
        {
            "start": start.isoformat(),
            **{str(name): number_or_none(column[i]) for name, column in columns.items()},
        }
        for i, start in enumerate(frame.index)
    ]


def number_or_none(value: float) -> float | None:
    """The number; None where it is none, as JSON has it."""
    return float(value) if np.isfinite(value) else None
