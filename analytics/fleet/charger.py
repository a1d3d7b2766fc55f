"""Charging as the meter of a building's charger saw it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from analytics.fleet.told import Told
from analytics.fleet.track import Bools, Floats, Ints, instant

_HOUR_US = 3.6e9
_STANDBY_OF_MOST = 0.25  # what is more, beside the highest power, is charging
_UNITS = (1.0, 0.1, 0.01, 0.001)
_DIFFERENT = 5


@dataclass(frozen=True, slots=True)
class ChargerParameters:
    """What is a session in a charger's meter; this system's choice, no standard.

    least_kw
        A vehicle draws at least this over standby: type 2 chargers begin at 6 A, 1.4 kW; a mean over an hour
        in which charging began late is less.
    standby_share
        Of the readings that are lowest, this share is taken for standby.
    joined_s
        Breaks up to this long are one session.
    longest_step_s
        Counter readings farther apart say nothing of when it was; what they counted is in no session.
    least_kwh
        Less is a plug that was tried.
    """

    least_kw: float = 0.5
    standby_share: float = 0.2
    joined_s: float = 900.0
    longest_step_s: float = 7200.0
    least_kwh: float = 0.2


CHARGER_DEFAULTS = ChargerParameters()
"""What the pages and commands use where nothing is set."""


@dataclass(frozen=True, slots=True)
class ChargerSession:
    """What a charger's meter showed over ``[start, end)``.

    kwh
        At the meter, standby included.
    mean_kw
        Over the session.
    """

    charger: str
    start: datetime
    end: datetime
    kwh: float

    @property
    def mean_kw(self) -> float:
        """Mean power [kW]."""
        return self.kwh / ((self.end - self.start).total_seconds() / 3600)


def sessions_by_counter(
    charger: str, counter: Told, parameters: ChargerParameters = CHARGER_DEFAULTS
) -> list[ChargerSession]:
    """Sessions out of a counter [kWh] (import). Where it falls it was reset, and the step counts nothing.

    Readings so near to each other that one unit of the counter looks like charging are thinned.
    """
    counter = _thinned(counter, parameters)
    apart_us = np.diff(counter.times_us)
    kwh = np.diff(counter.values)
    known = (kwh >= 0) & (apart_us <= parameters.longest_step_s * 1e6)
    return _sessions(charger, counter.times_us, np.where(known, kwh, np.nan), parameters)


def sessions_by_power(
    charger: str, power: Told, parameters: ChargerParameters = CHARGER_DEFAULTS
) -> list[ChargerSession]:
    """Sessions out of powers [kW], straight between readings."""
    apart_us = np.diff(power.times_us)
    mean = (power.values[1:] + power.values[:-1]) / 2
    known = apart_us <= parameters.longest_step_s * 1e6
    kwh = np.where(known, np.maximum(mean, 0.0) * apart_us / _HOUR_US, np.nan)
    return _sessions(charger, power.times_us, kwh, parameters)


def _thinned(counter: Told, parameters: ChargerParameters) -> Told:
    """Readings so far apart that a unit of the counter is half of the least power; an hour at most."""
    unit = _unit(counter.values)
    step_us = int(min(2 * unit / parameters.least_kw, 1.0) * _HOUR_US)
    block = counter.times_us // max(step_us, 1)
    keep = np.ones(len(counter), dtype=bool)
    keep[1:-1] = np.diff(block)[:-1] > 0
    return counter.kept(keep)


def _unit(values: Floats) -> float:
    """What the counter counts in: a power of ten, or where steps differ enough to tell, their divisor."""
    if not len(values):
        return 0.0
    decimal = next((u for u in _UNITS if np.abs(values / u - np.round(values / u)).max() < 1e-4), 0)
    if not decimal:
        return 0.0
    steps = np.unique(np.diff(np.round(values / decimal).astype(np.int64)))
    steps = steps[steps > 0]
    return decimal * (int(np.gcd.reduce(steps)) if len(steps) >= _DIFFERENT else 1)


def _sessions(
    charger: str, times_us: Ints, kwh: Floats, parameters: ChargerParameters
) -> list[ChargerSession]:
    """Steps in a row in which more than standby was drawn; NaN: not known."""
    apart_us = np.diff(times_us)
    power = kwh / (apart_us / _HOUR_US)
    on = power >= _standby(power, parameters) + parameters.least_kw
    found = []
    for first, last in _runs(on, times_us, parameters.joined_s):
        amount = float(np.nansum(kwh[first : last + 1]))
        if amount >= parameters.least_kwh:
            start, end = instant(times_us[first]), instant(times_us[last + 1])
            found.append(ChargerSession(charger, start, end, round(amount, 3)))
    return found


def _standby(power: Floats, parameters: ChargerParameters) -> float:
    """The median of the lowest readings; 0 where a charger never rests, for then they are no standby."""
    known = np.sort(power[np.isfinite(power)])
    lowest = known[: max(1, int(len(known) * parameters.standby_share))]
    standby = float(np.median(lowest)) if len(lowest) else 0.0
    return standby if len(known) and standby <= _STANDBY_OF_MOST * known[-1] else 0.0


def _runs(on: Bools, times_us: Ints, joined_s: float) -> list[tuple[int, int]]:
    """First and last step of each run, over breaks that are short."""
    rows = np.flatnonzero(on)
    if not len(rows):
        return []
    apart = times_us[rows[1:]] - times_us[rows[:-1] + 1] > joined_s * 1e6
    first = np.concatenate([rows[:1], rows[1:][apart]])
    last = np.concatenate([rows[:-1][apart], rows[-1:]])
    return [(int(a), int(b)) for a, b in zip(first, last, strict=True)]
