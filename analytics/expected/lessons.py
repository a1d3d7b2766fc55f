"""What a baseline is learnt from, and the version that comes of it."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib import metadata
from typing import Any

import numpy as np

from analytics.baselines.fitted import FORMAT, FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.metrics import Fit
from analytics.baselines.series import UseSeries
from quotawatt.findings import Finding
from quotawatt.spans import Span
from quotawatt.storage.baselines import BaselineKey, BaselineVersion

_LIBRARIES = ("quotawatt", "numpy", "pandas", "scikit-learn")


@dataclass(frozen=True)
class Lesson:
    """What one baseline is to be learnt from; ``excluded`` teaches nothing."""

    series: UseSeries
    excluded: tuple[Span, ...]

    @property
    def key(self) -> BaselineKey:
        """Whose baseline it is."""
        return BaselineKey(self.series.subject, self.series.measure, self.series.interval.value)

    @cached_property
    def data_hash(self) -> str:
        """What tells it from a lesson of other data."""
        digest = hashlib.blake2b(digest_size=16)
        frame = self.series.frame
        told = (
            FORMAT,
            self.series.country,
            self.series.zone.key,
            str(frame.index[:1]),
            self.excluded,
        )
        digest.update(repr(told).encode())
        digest.update(np.ascontiguousarray(frame.to_numpy(dtype=np.float64)).tobytes())
        return digest.hexdigest()


def learn(lesson: Lesson) -> FittedBaseline | Insufficient:
    """The baseline of a lesson, or why there is none."""
    return fit_baseline(lesson.series, exclude=lesson.excluded)


def version_of(
    lesson: Lesson,
    fitted: FittedBaseline | Insufficient,
    as_of: datetime,
    now: datetime,
    reason: str,
) -> BaselineVersion:
    """What is kept of it, of the instant ``as_of``, learnt at ``now``."""
    start, data_hash = lesson.series.frame.index[0], lesson.data_hash
    common: dict[str, Any] = {
        "key": lesson.key,
        "as_of": as_of,
        "fitted_at": now,
        "reason": reason,
        "libraries": libraries(),
    }
    if isinstance(fitted, Insufficient):
        saw = {"first": start.isoformat(), "data_hash": data_hash}
        return BaselineVersion(**common, saw=saw, findings=[_finding(f) for f in fitted.findings])
    return BaselineVersion(
        **common,
        kind=fitted.kind,
        document=fitted.to_document(),
        figures=figures_of(fitted),
        saw=saw_of(fitted, data_hash),
    )


def figures_of(fitted: FittedBaseline) -> dict[str, Any]:
    """Figures of a baseline, and of all candidates on blocks left out, as JSON has them."""
    return {
        "in_sample": _fit(fitted.in_sample),
        "cross_validated": _fit(fitted.cross_validated),
        "compared": {kind: _fit(fit) for kind, fit in fitted.compared.items()},
    }


def saw_of(fitted: FittedBaseline, data_hash: str) -> dict[str, Any]:
    """What a baseline saw, as JSON has it."""
    saw = fitted.saw
    return {
        "first": saw.first.isoformat(),
        "last": saw.last.isoformat(),
        "n": saw.n,
        "temperature_c": None if saw.temperature_c is None else list(saw.temperature_c),
        "coverage": saw.coverage,
        "excluded": [[span.start.isoformat(), span.end.isoformat()] for span in saw.excluded],
        "data_hash": data_hash,
    }


@cache
def libraries() -> Mapping[str, str]:
    """Versions of the program and of what it computes with."""
    return {name: metadata.version(name) for name in _LIBRARIES}


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "subject": finding.subject, "detail": dict(finding.detail)}


def _fit(fit: Fit) -> dict[str, float | int | None]:
    """Its figures; what means nothing is null, as JSON knows no NaN."""
    return {name: value if math.isfinite(value) else None for name, value in asdict(fit).items()}
