"""A fitted baseline: what a subject is expected to use, with the band of ordinary use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.metrics import Fit
from analytics.baselines.series import Interval, UseSeries
from quotawatt.findings import Finding
from quotawatt.spans import Span

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Insufficient:
    """No baseline: what stands in its way."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Saw:
    """What a baseline was fitted to."""

    first: datetime
    last: datetime
    n: int
    temperature_c: tuple[float, float] | None
    excluded: tuple[Span, ...]
    coverage: float
    data_hash: str


@dataclass(frozen=True)
class FittedBaseline:
    """A fitted baseline (see the agreed interface)."""

    kind: str
    version: int
    subject: str
    measure: str
    unit: str
    zone: ZoneInfo
    country: str
    interval: Interval
    level: float
    model: Any
    band: tuple[float, float]
    in_sample: Fit
    cross_validated: Fit
    compared: Mapping[str, Fit]
    saw: Saw

    def predict(self, data: UseSeries | pd.DataFrame) -> pd.DataFrame:
        """Expected use with its band: columns ``expected``, ``low``, ``high``."""
        frame = data.frame if isinstance(data, UseSeries) else data
        value = self.model.predict(frame)
        low, high = np.minimum(value, value + self.band[0]), value + self.band[1]
        return pd.DataFrame({"expected": value, "low": low, "high": high}, index=frame.index)
