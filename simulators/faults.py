"""Faults of the demo, each with its label: what a check can be held against."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from simulators.streams import Floats
from simulators.timeline import Flags, Ints


class FaultKind(StrEnum):
    """What goes wrong."""

    OUTAGE = "outage"
    """The device is silent for a while and keeps counting: its counter catches up in one jump."""
    SILENT = "silent"
    """The device falls silent for good."""
    NIGHT_RUNNING = "night_running"
    """Air conditioning runs through nights and days off; the energy is really used."""
    STUCK = "stuck"
    """The register stands still although there is use, which is lost to the meter."""
    SPIKE = "spike"
    """One reading is far off; the next is right again."""
    RESET = "reset"
    """The register restarts from zero just after the start."""
    DEAF = "deaf"
    """The device hears commands and does not obey."""


@dataclass(frozen=True)
class Fault:
    """One fault of one asset over ``[start, end)``; ``end`` None: to this day.

    size
        Counts added by a spike, kW of running at night; 0 where it means nothing.
    """

    kind: FaultKind
    asset: str
    start: datetime
    end: datetime | None
    size: float
    note_zh: str
    note_en: str

    def covers(self, times_s: Ints) -> Flags:
        """Which of these instants (seconds since the epoch) lie within the fault."""
        covered = times_s >= int(self.start.timestamp())
        if self.end is not None:
            covered = covered & (times_s < int(self.end.timestamp()))
        return covered


def stand_still(uses: Floats, fault: Fault, marks_s: Ints) -> Floats:
    """Uses by step as a stuck register counts them: none within the fault."""
    return np.where(fault.covers(marks_s[:-1]), 0.0, uses)


def distort(register: Floats, fault: Fault, marks_s: Ints) -> Floats:
    """A register (value at each mark) with a spike or a reset in it; other kinds leave it alone."""
    first = int(np.searchsorted(marks_s, int(fault.start.timestamp())))
    if first >= len(register):
        return register
    changed = register.copy()
    if fault.kind is FaultKind.SPIKE:
        changed[first] += fault.size
    elif fault.kind is FaultKind.RESET:
        changed[first + 1 :] -= register[first]
    return changed
