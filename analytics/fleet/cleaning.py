"""Values that no vehicle can have told: removed before trips are looked for, each kind with a finding.

Nothing is repaired and nothing guessed: a value that is not believed is NaN afterwards, and what is left
decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from analytics.fleet.cleaning_odometer import odometer_cleaned
from analytics.fleet.cleaning_positions import positions_cleaned
from analytics.fleet.cleaning_speed import speed_cleaned
from analytics.fleet.doubts import findings_by_day
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats, Track, microseconds
from quotawatt.findings import Finding
from quotawatt.plausibility import CLOCK_FROM
from quotawatt.quantities import QUANTITIES


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The track without what is not believed, and what that was."""

    track: Track
    findings: tuple[Finding, ...] = ()


def clean(track: Track, parameters: FleetParameters, now: datetime) -> Cleaned:
    """Take out what can't be.

    Messages of a wrong clock go as a whole (``track_clock``). Of the others single values become NaN:
    outside the plausible range of their quantity (``track_value``), positions at 0/0
    (``track_position_zero``), out of reach (``track_position_jump``) or repeated while under way
    (``track_position_stale``), an odometer that falls or leaps for a while (``track_odometer``; one that
    stays there was exchanged, ``track_odometer_exchanged``, and keeps its values), speeds that place and
    odometer contradict (``track_speed``).

    Parameters
    ----------
    now
        The present; what is dated later than it by more than ``clock_ahead_s`` has a wrong clock.
    """
    track, wrong_clocks = well_dated(track, parameters, now)
    findings = list(wrong_clocks)
    for cleaned in (_ranges, positions_cleaned, odometer_cleaned, speed_cleaned):
        track, found = cleaned(track, parameters)
        findings += found
    return Cleaned(track, tuple(findings))


def well_dated(
    track: Track, parameters: FleetParameters, now: datetime
) -> tuple[Track, tuple[Finding, ...]]:
    """The messages whose time can be; the others are counted under the day that they claim."""
    earliest = microseconds(datetime.combine(CLOCK_FROM, datetime.min.time(), now.tzinfo))
    latest = microseconds(now + timedelta(seconds=parameters.clock_ahead_s))
    kept = track.between(earliest, latest + 1)
    if len(kept) == len(track):
        return track, ()
    wrong = (track.times_us < earliest) | (track.times_us > latest)
    return kept, tuple(findings_by_day("track_clock", track, wrong))


def _ranges(track: Track, parameters: FleetParameters) -> tuple[Track, tuple[Finding, ...]]:
    """Values outside what their quantity can be, by the table of quantities and the greatest speed."""
    changed: dict[str, Floats] = {}
    findings: list[Finding] = []
    for name, column in track.columns.items():
        outside = _outside(name, column, parameters)
        if outside is not None:
            changed[name] = np.where(outside, np.nan, column)
            findings += _range_findings(track, name, outside)
    return (track.replaced(changed) if changed else track), tuple(findings)


def _outside(name: str, column: Floats, parameters: FleetParameters) -> Bools | None:
    """Which values can't be; None where all can."""
    line = QUANTITIES.get(name)
    if line is None:
        return None
    high = parameters.greatest_kmh if name == "speed_kmh" else line.high
    if not len(column) or (np.fmin.reduce(column) >= line.low and np.fmax.reduce(column) <= high):
        return None
    outside: Bools = (column < line.low) | (column > high)
    return outside if outside.any() else None


def _range_findings(track: Track, name: str, outside: Bools) -> Iterator[Finding]:
    column = track.column(name)
    return findings_by_day(
        "track_value",
        track,
        outside,
        lambda rows: {"lowest": float(column[rows].min()), "highest": float(column[rows].max())},
        quantity=name,
    )
