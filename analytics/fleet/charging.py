"""Charging as a vehicle told it: by its states, powers and counter, or by its state of charge alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.rises import Rise, rises_of
from analytics.fleet.told import Ends, Told, told
from analytics.fleet.track import Bools, Ints, Track

_LONGEST_US = (
    86_400_000_000  # a state told before a longer silence is no evidence of what was in it
)


@dataclass(frozen=True, slots=True)
class Session:
    """A vehicle's charging, ``[start_us, end_us]`` [UTC µs].

    before, after
        State of charge [%]; None: not told.
    rose
        When the state of charge rose, where it did: first and last message; else None.
    by
        What it is known by: ``states``, ``soc``.
    """

    start_us: int
    end_us: int
    before: float | None
    after: float | None
    rose: tuple[int, int] | None
    by: str


def sessions_of(track: Track, soc: Told, ends: Ends, parameters: EnergyParameters) -> list[Session]:
    """All sessions in order of time. Short breaks (``charge_joined_s``) while it stays are part of one.

    Parameters
    ----------
    soc
        State of charge [%] without what is not believed.
    """
    spans = _joined(_seen(track, ends, parameters), ends, parameters)
    left = rises_of(soc, ends, parameters)
    found = []
    for start, end in spans:
        near = [r for r in left if r.start_us <= end and r.end_us >= start]
        left = [r for r in left if r not in near]
        found.append(_session(start, end, near, soc))
    alone = (r for r in left if r.points >= parameters.charge_rise_pct)
    found += [_session_by_soc(r) for r in alone]
    return sorted(found, key=lambda session: session.start_us)


def _seen(track: Track, ends: Ends, parameters: EnergyParameters) -> list[tuple[int, int]]:
    """Spans over which a state, a power or the counter said so, at rest."""
    spans = _runs(_at_rest(told(track, "charging"), ends), 0.5, ends)
    spans += _runs(_at_rest(told(track, "charge_power_kw"), ends), parameters.charge_kw, ends)
    counter = _at_rest(told(track, "charge_energy_kwh"), ends)
    grew = np.flatnonzero(np.diff(counter.values) > 0)
    since, until = counter.times_us[grew], counter.times_us[grew + 1]
    known = (until - since <= _LONGEST_US) & ~_driven(since, until, ends)
    return spans + _pairs(since[known], until[known])


def _runs(series: Told, above: float, ends: Ends) -> list[tuple[int, int]]:
    """Messages in a row above a value, none of another trip's rest between."""
    on = series.values > above
    if not on.any():
        return []
    apart = np.diff(series.times_us)
    breaks = (apart > _LONGEST_US) | _driven(series.times_us[:-1], series.times_us[1:], ends)
    begins = on & np.concatenate([[True], ~on[:-1] | breaks])
    finishes = on & np.concatenate([~on[1:] | breaks, [True]])
    return _pairs(series.times_us[begins], series.times_us[finishes])


def _at_rest(series: Told, ends: Ends) -> Told:
    """Without messages of trips; their very ends are at rest."""
    if not len(ends.start_us) or not len(series):
        return series
    trip = np.searchsorted(ends.start_us, series.times_us, "left") - 1
    return series.kept((trip < 0) | (series.times_us >= ends.end_us[np.maximum(trip, 0)]))


def _driven(since: Ints, until: Ints, ends: Ends) -> Bools:
    """Whether some of a trip lies between."""
    begun = np.searchsorted(ends.start_us, until, "left")
    return begun > np.searchsorted(ends.end_us, since, "right")


def _joined(
    spans: list[tuple[int, int]], ends: Ends, parameters: EnergyParameters
) -> list[tuple[int, int]]:
    """Spans that overlap, or are near with no trip between, as one."""
    break_us = int(parameters.charge_joined_s * 1e6)
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start - found[-1][1] <= break_us and not _drove(found[-1][1], start, ends):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _drove(since: int, until: int, ends: Ends) -> bool:
    return bool(_driven(np.array([since]), np.array([until]), ends)[0])


def _session(start: int, end: int, rises: Sequence[Rise], soc: Told) -> Session:
    """A session that was told, with what the state of charge says of it."""
    if not rises:
        before, after = _last_until(soc, start), _last_until(soc, end)
        return Session(start, end, before, after, None, "states")
    rose = (min(start, rises[0].told_us), rises[-1].end_us)
    return Session(
        start, max(end, rises[-1].end_us), rises[0].before, rises[-1].after, rose, "states"
    )


def _session_by_soc(rise: Rise) -> Session:
    return Session(
        rise.start_us, rise.end_us, rise.before, rise.after, (rise.told_us, rise.end_us), "soc"
    )


def _last_until(soc: Told, when_us: int) -> float | None:
    row = int(np.searchsorted(soc.times_us, when_us, "right")) - 1
    return float(soc.values[row]) if row >= 0 else None


def _pairs(since: Ints, until: Ints) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in zip(since, until, strict=True)]
