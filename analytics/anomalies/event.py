"""An anomaly: one event, however many hours it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Shape(StrEnum):
    """How an anomaly shows: in single hours, in hours in a row, or in the course of whole days."""

    POINT = "point"
    RUN = "run"
    DAY = "day"


class Likely(StrEnum):
    """What an anomaly most likely is."""

    OUTAGE = "outage"
    STUCK = "stuck"
    UNIT_MISTAKE = "unit_mistake"
    SPIKE = "spike"
    NIGHT_RUNNING = "night_running"
    WEEKEND_RUNNING = "weekend_running"
    LATE_SWITCH_OFF = "late_switch_off"
    LEAK = "leak"
    CREEP = "creep"
    JUMP = "jump"
    HEATING_AND_COOLING = "heating_and_cooling"
    HIGH_USE = "high_use"
    LOW_USE = "low_use"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One event of one subject and measure.

    start, end
        UTC, half-open; from the first hour that is out of the ordinary to the end of the last one.
    open
        Whether it still went on at the end of what was looked at.
    hours
        Hours within it that are out of the ordinary: nights that come back are one event.
    size, expected
        Use beyond what was expected in those hours (negative: below), and what was expected in them; in
        the measure's unit.
    confidence
        0 to 1: how surely it is no ordinary variation.
    evidence
        Numbers and words by name: what its sentence and its picture are made from; units in the keys.
    """

    subject: str
    measure: str
    shape: Shape
    likely: Likely
    start: datetime
    end: datetime
    open: bool
    hours: int
    size: float
    expected: float
    confidence: float
    evidence: Mapping[str, str | float | int | None] = field(default_factory=dict)
