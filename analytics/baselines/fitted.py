"""A fitted baseline: what a subject is expected to use, with the band of ordinary use."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.estimator import UseModel
from analytics.baselines.inputs import Bools, Floats, Inputs
from analytics.baselines.intervals import Band
from analytics.baselines.metrics import Fit
from analytics.baselines.models import model_of
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import HOUR_US, micros_of
from quotawatt.calendars import require_country
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.spans import Span

FORMAT = 2
"""Version of ``to_document``; another one is refused, and the baseline fitted anew."""

MARGIN_C = 3.0
"""How far beyond the temperatures that it has seen a baseline still answers."""

_DAY_US = 24 * HOUR_US
_YEAR_US = 365.25 * _DAY_US


@dataclass(frozen=True, slots=True)
class Insufficient:
    """No baseline: what stands in its way."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Saw:
    """What a baseline was fitted to.

    first, last
        Starts of the first and the last interval that was learned from, UTC.
    n
        Intervals learned from.
    temperature_c
        Lowest and highest mean of about a day (of the month); None: a model without weather.
    excluded
        Spans that it was told not to learn from.
    coverage
        Share of the series' intervals that was learned from.
    data_hash
        SHA-256 over what was learned from: the same data give the same hash.
    """

    first: datetime
    last: datetime
    n: int
    temperature_c: tuple[float, float] | None
    excluded: tuple[Span, ...]
    coverage: float
    data_hash: str

    def to_document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self) | {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "excluded": [[s.start.isoformat(), s.end.isoformat()] for s in self.excluded],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From ``to_document``."""
        at = datetime.fromisoformat
        seen = document["temperature_c"]
        return cls(
            **{
                **document,
                "first": at(document["first"]),
                "last": at(document["last"]),
                "temperature_c": None if seen is None else (float(seen[0]), float(seen[1])),
                "excluded": tuple(Span(at(a), at(b)) for a, b in document["excluded"]),
            }
        )


@dataclass(frozen=True)
class FittedBaseline:
    """What a subject is expected to use in a measure.

    kind, version
        Kind of the model (``models.MODELS``), and format of the document.
    level
        Share of ordinary intervals between ``low`` and ``high``.
    in_sample, cross_validated
        Figures over what it learned from, and of models that had not seen the block they are judged on.
    compared
        The latter of every model that was tried, over the same intervals, by kind.
    """

    kind: str
    version: int
    subject: str
    measure: str
    unit: str
    zone: ZoneInfo
    country: str
    interval: Interval
    level: float
    model: UseModel
    band: Band
    in_sample: Fit
    cross_validated: Fit
    compared: Mapping[str, Fit]
    saw: Saw

    @property
    def needs_weather(self) -> bool:
        """Whether there is no answer without temperature."""
        return self.model.needs_weather

    def predict(self, data: UseSeries | pd.DataFrame | Inputs) -> pd.DataFrame:
        """Expected use of intervals in a row, and the band of ordinary ones.

        Takes a frame indexed by UTC starts with ``temperature_c`` (``use`` is not looked at), or prepared
        inputs, which many subjects of one place can share. Hours need the day before them (18 hours at
        least). Columns ``expected``, ``low``, ``high``; NaN where temperature is not known or more than
        3 °C beyond what was seen.
        """
        frame = data.frame if isinstance(data, UseSeries) else data
        inputs = self.model.inputs(frame)
        value = np.where(self._seen(inputs), self.model.predict(inputs), np.nan)
        apart = self._apart(inputs.starts)
        low, high = self.band.of_intervals(inputs.calendar, self.interval, value, apart)
        return self._frame(inputs.starts, value, low, high)

    def sum_interval(self, predicted: pd.DataFrame, edges: pd.DatetimeIndex) -> pd.DataFrame:
        """Sums between neighbouring edges (UTC), with their band: days, months, a whole period.

        predicted
            As ``predict`` gave it. A sum is NaN where a value within is, or where there is none.
        """
        at = np.searchsorted(edges, predicted.index, side="right") - 1
        held = (at >= 0) & (at < len(edges) - 1)
        values = predicted["expected"].to_numpy(dtype=np.float64)[held]
        count = np.bincount(at[held], minlength=len(edges) - 1)
        sums = np.bincount(at[held], weights=values, minlength=len(edges) - 1).astype(np.float64)
        sums[count == 0] = np.nan
        starts = edges[:-1]
        lengths = np.diff(edges.as_unit("us").asi8).astype(np.float64)
        apart = self._apart(starts + (edges[1:] - starts) / 2)
        low, high = self.band.of_sums(lengths / _DAY_US, sums, apart)
        one = np.abs(lengths - _DAY_US) <= HOUR_US  # 23 and 25 hours where the clock changes
        if one.any():
            off = calendar_of(starts[one], self.zone, self.country).off
            low[one], high[one] = self.band.of_days(off, sums[one], apart[one])
        return self._frame(starts, sums, low, high)

    def to_document(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "subject": self.subject,
            "measure": self.measure,
            "unit": self.unit,
            "zone": self.zone.key,
            "country": self.country,
            "interval": self.interval.value,
            "level": self.level,
            "model": self.model.to_document(),
            "band": self.band.to_document(),
            "in_sample": _fit_document(self.in_sample),
            "cross_validated": _fit_document(self.cross_validated),
            "compared": {kind: _fit_document(fit) for kind, fit in self.compared.items()},
            "saw": self.saw.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From ``to_document``. Raises InputError where it is of another format or holds what cannot be."""
        if document.get("format") != FORMAT:
            rule = f"a baseline's document must be of format {FORMAT}"
            raise InputError(f"{rule}, got {document.get('format')!r}")
        level = document["level"]
        if not 0 < level < 1:
            raise InputError(f"a baseline's level must be between 0 and 1, got {level!r}")
        zone, interval = ZoneInfo(document["zone"]), Interval(document["interval"])
        model = model_of(document["kind"], zone, document["country"], interval)
        return cls(
            kind=document["kind"],
            version=FORMAT,
            subject=document["subject"],
            measure=document["measure"],
            unit=document["unit"],
            zone=zone,
            country=require_country(document["country"]),
            interval=interval,
            level=level,
            model=model.learn(document["model"]),
            band=Band.from_document(document["band"]),
            in_sample=_fit(document["in_sample"]),
            cross_validated=_fit(document["cross_validated"]),
            compared={kind: _fit(fit) for kind, fit in document["compared"].items()},
            saw=Saw.from_document(document["saw"]),
        )

    def _seen(self, inputs: Inputs) -> Bools:
        """Where weather was like what was learned from."""
        if self.saw.temperature_c is None:
            return np.ones(len(inputs.starts), dtype=bool)
        low, high = self.saw.temperature_c
        daily = inputs.daily_c
        return np.asarray((daily >= low - MARGIN_C) & (daily <= high + MARGIN_C))

    def _apart(self, starts: pd.DatetimeIndex) -> Floats:
        """Years between each start and what was learned from; 0 within it."""
        at = starts.as_unit("us").asi8
        first, last = micros_of(self.saw.first), micros_of(self.saw.last)
        return np.maximum(np.maximum(at - last, first - at), 0) / _YEAR_US

    def _frame(
        self, starts: pd.DatetimeIndex, value: Floats, low: Floats, high: Floats
    ) -> pd.DataFrame:
        held = np.maximum(low, self.model.floor_)
        return pd.DataFrame({"expected": value, "low": held, "high": high}, index=starts)


def _fit_document(fit: Fit) -> dict[str, Any]:
    """NaN is no JSON."""
    return {name: None if value != value else value for name, value in asdict(fit).items()}


def _fit(document: Mapping[str, Any]) -> Fit:
    known: dict[str, Any] = {n: np.nan if v is None else v for n, v in document.items()}
    return Fit(**known)
