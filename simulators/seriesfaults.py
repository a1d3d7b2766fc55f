"""Faults put into a series of hourly use, with the truth beside: what detection is held against.

Strengths are relative to the series' own level, so that a fault means the same to a large building and to a
small one. What is not said is drawn from a seed: the same seed puts the same faults in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.errors import InputError
from simulators.streams import Floats, stream

Flags = NDArray[np.bool_]
Hours = NDArray[np.int64]

TRUTH_COLUMNS = ("kind", "start", "end", "size")

_NIGHT_FROM, _NIGHT_UNTIL = 22, 6
_DAY_FROM, _DAY_UNTIL = 8, 18
_EVENING_UNTIL = 22
_SATURDAY = 5

_LEAST_SPAN = 0.3
"""A series that is nearly level has at least this share of its mean between base and peak."""


class SeriesFaultKind(StrEnum):
    """What goes wrong with a series; local hours, and what strength means."""

    OUTAGE = "outage"
    """Nothing is counted; ``lost`` says how it shows. No strength."""
    STUCK = "stuck"
    """The value of the hour before is repeated. No strength."""
    NIGHT_RUNNING = "night_running"
    """More use from 22 to 6 h; strength: share of what lies between base and peak."""
    WEEKEND_RUNNING = "weekend_running"
    """More use on Saturdays and Sundays from 8 to 18 h; strength as of the night."""
    LATE_SWITCH_OFF = "late_switch_off"
    """More use on weekdays from 18 to 22 h; strength as of the night."""
    LEAK = "leak"
    """A constant flow on top; strength: share of the mean."""
    CREEP = "creep"
    """A flow that grows from nothing in a straight line; strength: its share of the mean at the end."""
    UNIT_MISTAKE = "unit_mistake"
    """Values are multiplied by the strength."""
    SPIKE = "spike"
    """More in every hour, meant for a single one; strength: multiples of the peak."""


class Lost(StrEnum):
    """How an outage shows."""

    ZERO = "zero"
    MISSING = "missing"
    CATCH_UP = "catch_up"
    """Zeros; the hour after the outage has all that was used meanwhile."""


@dataclass(frozen=True, slots=True)
class SeriesFault:
    """One fault over ``[start, end)``, UTC. ``strength`` None: drawn, as is usual of the kind."""

    kind: SeriesFaultKind
    start: datetime
    end: datetime
    strength: float | None = None
    lost: Lost = Lost.ZERO


STRENGTHS: Mapping[SeriesFaultKind, tuple[float, float]] = {
    SeriesFaultKind.NIGHT_RUNNING: (0.3, 0.9),
    SeriesFaultKind.WEEKEND_RUNNING: (0.3, 0.9),
    SeriesFaultKind.LATE_SWITCH_OFF: (0.3, 0.9),
    SeriesFaultKind.LEAK: (0.15, 0.5),
    SeriesFaultKind.CREEP: (0.2, 0.6),
    SeriesFaultKind.SPIKE: (1.0, 5.0),
}
"""Between which strengths is drawn, evenly."""

FACTORS = (0.001, 0.1, 10.0, 1000.0)
"""Of which a unit mistake's is drawn: Wh and MWh for kWh, a decimal place."""


def inject(
    frame: pd.DataFrame, faults: Sequence[SeriesFault], zone: ZoneInfo, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frame with faults in it one after the other, and the truth, one row a fault.

    frame
        Index: starts of hours, UTC, ascending. Column ``use``; others stay as they are.
    truth
        ``kind``, ``start``, ``end`` and ``size``: use that the fault added (negative: took away), in the
        series' unit; hours that are missing, before or after, count as zero. Sizes add up to the
        difference of the sums.

    Raises InputError for a fault that does not end after its start, a strength that is no number above 0,
    a frame without ``use``, or an index without a time zone.
    """
    _require(frame, faults)
    place = _place(frame, zone)
    use = frame["use"].to_numpy(float)
    rows = []
    for number, fault in enumerate(faults):
        strength = fault.strength or _drawn(fault.kind, stream(seed, "fault", str(number)))
        changed = _EFFECTS[fault.kind](use, place.of(fault), strength, fault)
        rows.append(
            (fault.kind.value, fault.start, fault.end, float(np.nansum(changed) - np.nansum(use)))
        )
        use = changed
    return frame.assign(use=use), pd.DataFrame(rows, columns=list(TRUTH_COLUMNS))


class _Place(NamedTuple):
    """Where the hours of a series lie, and its level before any fault."""

    instants: pd.DatetimeIndex
    hour: Hours
    weekend: Flags
    base: float
    peak: float
    mean: float
    covered: Flags

    def of(self, fault: SeriesFault) -> "_Place":
        """With the hours that lie within the fault."""
        first, last = self.instants.searchsorted(
            [pd.Timestamp(fault.start), pd.Timestamp(fault.end)]
        )
        covered = np.zeros(len(self.instants), dtype=bool)
        covered[first:last] = True
        return self._replace(covered=covered)

    @property
    def span(self) -> float:
        """What lies between base and peak."""
        return max(self.peak - self.base, _LEAST_SPAN * self.mean)


_Effect = Callable[[Floats, _Place, float, SeriesFault], Floats]


def _place(frame: pd.DataFrame, zone: ZoneInfo) -> _Place:
    instants = pd.DatetimeIndex(frame.index)
    local = instants.tz_convert(zone)
    known = frame["use"].to_numpy(float)
    known = known[np.isfinite(known)]
    used = known[known > 0]
    base, peak = np.percentile(used, (10, 95)) if len(used) else (0.0, 0.0)
    return _Place(
        instants=instants,
        hour=np.asarray(local.hour, dtype=np.int64),
        weekend=np.asarray(local.day_of_week >= _SATURDAY),
        base=float(base),
        peak=float(peak),
        mean=float(known.mean()) if len(known) else 0.0,
        covered=np.zeros(len(instants), dtype=bool),
    )


def _outage(use: Floats, place: _Place, _: float, fault: SeriesFault) -> Floats:
    within = place.covered
    changed = np.where(within, np.nan if fault.lost is Lost.MISSING else 0.0, use)
    after = place.instants.searchsorted([pd.Timestamp(fault.end)])
    after = after[after < len(use)]
    if fault.lost is Lost.CATCH_UP and len(after):
        changed[after] += np.nansum(use[within])
    return changed


def _stuck(use: Floats, place: _Place, _: float, __: SeriesFault) -> Floats:
    first = np.flatnonzero(place.covered)[:1]
    before = use[: int(first.sum())]
    before = before[np.isfinite(before)]
    value = before[-1] if len(before) else 0.0
    return np.where(place.covered, value, use)


def _added(within: Callable[[_Place], Flags]) -> _Effect:
    """A share of the span between base and peak, added in some hours of the day."""

    def effect(use: Floats, place: _Place, strength: float, _: SeriesFault) -> Floats:
        return use + strength * place.span * (place.covered & within(place))

    return effect


def _night(place: _Place) -> Flags:
    return (place.hour >= _NIGHT_FROM) | (place.hour < _NIGHT_UNTIL)


def _weekend(place: _Place) -> Flags:
    return place.weekend & (place.hour >= _DAY_FROM) & (place.hour < _DAY_UNTIL)


def _evening(place: _Place) -> Flags:
    return ~place.weekend & (place.hour >= _DAY_UNTIL) & (place.hour < _EVENING_UNTIL)


def _leak(use: Floats, place: _Place, strength: float, _: SeriesFault) -> Floats:
    return use + strength * place.mean * place.covered


def _creep(use: Floats, place: _Place, strength: float, fault: SeriesFault) -> Floats:
    share = (place.instants - fault.start) / (fault.end - fault.start)
    return use + strength * place.mean * np.where(place.covered, np.asarray(share), 0.0)


def _unit_mistake(use: Floats, place: _Place, strength: float, _: SeriesFault) -> Floats:
    return np.where(place.covered, use * strength, use)


def _spike(use: Floats, place: _Place, strength: float, _: SeriesFault) -> Floats:
    return use + strength * place.peak * place.covered


_EFFECTS: Mapping[SeriesFaultKind, _Effect] = {
    SeriesFaultKind.OUTAGE: _outage,
    SeriesFaultKind.STUCK: _stuck,
    SeriesFaultKind.NIGHT_RUNNING: _added(_night),
    SeriesFaultKind.WEEKEND_RUNNING: _added(_weekend),
    SeriesFaultKind.LATE_SWITCH_OFF: _added(_evening),
    SeriesFaultKind.LEAK: _leak,
    SeriesFaultKind.CREEP: _creep,
    SeriesFaultKind.UNIT_MISTAKE: _unit_mistake,
    SeriesFaultKind.SPIKE: _spike,
}


def _drawn(kind: SeriesFaultKind, draws: np.random.Generator) -> float:
    if kind is SeriesFaultKind.UNIT_MISTAKE:
        return float(draws.choice(FACTORS))
    return float(draws.uniform(*STRENGTHS[kind])) if kind in STRENGTHS else 1.0


def _require(frame: pd.DataFrame, faults: Sequence[SeriesFault]) -> None:
    if "use" not in frame.columns:
        raise InputError(f"a series must have a column use, got {list(frame.columns)}")
    if not isinstance(frame.index, pd.DatetimeIndex) or frame.index.tz is None:
        raise InputError("a series must have an index of instants with a time zone")
    for fault in faults:
        if fault.end <= fault.start:
            raise InputError(f"a fault must end after its start, got {fault.start} to {fault.end}")
        if fault.strength is not None and not 0 < fault.strength < np.inf:
            raise InputError(f"a strength must be a number above 0, got {fault.strength}")
