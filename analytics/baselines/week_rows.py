"""The columns of the time-of-week-and-temperature model: which coefficients each interval takes part in."""

from typing import NamedTuple

import numpy as np

from analytics.baselines.calendar_features import DAY_OFF, HOLIDAY, WORKING, Calendar
from analytics.baselines.inputs import Floats, Inputs
from analytics.baselines.ridge import Ints, Rows
from analytics.baselines.series import Interval

HEATING_KNOTS_C = (18.0, 12.0, 6.0, 0.0)
COOLING_KNOTS_C = (14.0, 18.0, 22.0, 26.0)
_PER_C = 10.0
"""Slopes are per 10 °C, so that a penalty means as much for them as for levels."""

_LEVEL, _DIFFERENCE = 0.01, 1.0
_SLOPE = {Interval.HOUR: 10.0, Interval.DAY: 0.5}
"""Rows that speak for a coefficient of nothing: of a level, of a kind of day's difference, of a slope."""

_DAYTIME = (7, 19)
OFF, NIGHT, DAY = range(3)
"""Classes of hours: of a day off; of a working day outside and inside 7 to 19."""


class Columns(NamedTuple):
    """The matrix, what each column is charged with, and how many of them are levels (those come first)."""

    rows: Rows
    penalty: Floats
    levels: int


def hour_class(calendar: Calendar, interval: Interval) -> Ints:
    """Class of each interval; a day of work is ``DAY``."""
    day = (calendar.hour >= _DAYTIME[0]) & (calendar.hour < _DAYTIME[1])
    if interval is not Interval.HOUR:
        day = np.ones(len(calendar.hour), dtype=bool)
    return np.where(calendar.off, OFF, np.where(day, DAY, NIGHT)).astype(np.int64)


def columns(inputs: Inputs, weather: bool) -> Columns:
    """Levels of working days and days off; slopes; weekdays', holidays' and bridges' differences."""
    calendar = inputs.calendar
    hourly = inputs.interval is Interval.HOUR
    slots = 24 if hourly else 1
    slot = calendar.hour if hourly else np.zeros_like(calendar.hour)
    ordinary = (calendar.kind == WORKING) | (calendar.kind == DAY_OFF)
    every = np.ones(len(slot), dtype=bool)
    slope = _SLOPE[inputs.interval]
    groups = [
        (slot + slots * calendar.off, every, 2 * slots, _LEVEL),
        (slot + slots * calendar.weekday, ordinary, 7 * slots, _DIFFERENCE),
        (slot, calendar.kind == HOLIDAY, slots, _DIFFERENCE),
        (slot, calendar.bridge, slots, _DIFFERENCE),
    ]
    slopes = _slopes(inputs) if weather else np.zeros((len(slot), 0), dtype=np.float32)
    width = slopes.shape[1]
    rows = np.zeros((len(slot), sum(g[2] for g in groups) + width), dtype=np.float32)
    at, charges = 0, []
    for n, (index, where, size, charge) in enumerate(groups):
        taking = np.flatnonzero(where)
        rows[taking, at + index[taking]] = 1.0
        charges.append(np.full(size, charge))
        at += size
        if n == 0:
            rows[:, at : at + width] = slopes
            charges.append(np.full(width, slope))
            at += width
    return Columns(rows, np.concatenate(charges), 2 * slots + width)


def _slopes(inputs: Inputs) -> Rows:
    """Distance beyond each knot, of the interval's temperature and of its inertia, by class of hours."""
    sides = np.hstack([_sides(inputs.temperature_c), _sides(inputs.inertia_c)])
    classes = hour_class(inputs.calendar, inputs.interval)
    found = np.zeros((len(sides), 3, sides.shape[1]), dtype=np.float32)
    found[np.arange(len(sides)), classes] = sides
    return found.reshape(len(sides), -1)


def _sides(temperature_c: Floats) -> Floats:
    at = temperature_c[:, None]
    below = np.maximum(np.array(HEATING_KNOTS_C) - at, 0.0)
    above = np.maximum(at - np.array(COOLING_KNOTS_C), 0.0)
    return np.hstack([below, above]) / _PER_C
