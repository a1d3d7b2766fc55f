"""Plausibility: which readings are stored as ``suspect``, and why.

Nothing is thrown away here: an implausible value or clock is kept with its reason and not used.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.storage.frames import micros

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# A device that has lost its clock starts again at its maker's epoch, mostly 1970 or 2000.
CLOCK_FROM = date(2010, 1, 1)

REASONS = ("", "clock_before_2010", "clock_ahead", "counter_below_zero", "out_of_range")
"""Reason of a reading by its code; 0: plausible."""


class Columns(NamedTuple):
    """Readings to be checked, all arrays of equal length; times in microseconds since 1970, UTC.

    ``low`` and ``high`` are the plausible range of each reading's quantity, both ends included, and
    ``counter`` tells whether it is a counter.
    """

    time_us: Integers
    arrived_us: Integers
    value: Floats
    low: Floats
    high: Floats
    counter: Flags


class Limits(NamedTuple):
    """What ``Columns`` holds of quantities: their plausible ranges, and whether they are counters."""

    low: Floats
    high: Floats
    counter: Flags


def limits_of(names: Iterable[str]) -> Limits:
    """The limits of quantities, in their order."""
    lines = [QUANTITIES[name] for name in names]
    return Limits(
        low=np.array([line.low for line in lines], dtype=np.float64),
        high=np.array([line.high for line in lines], dtype=np.float64),
        counter=np.array([line.kind is Kind.COUNTER for line in lines], dtype=np.bool_),
    )


def implausible(
    columns: Columns, clock_ahead_limit_s: float, clock_from: date = CLOCK_FROM
) -> npt.NDArray[np.int8]:
    """The code of each reading's reason (an index into ``REASONS``), 0 where it is plausible.

    No clock is right that is before ``clock_from`` (UTC); its reason is ``clock_before_2010`` whatever the
    day.
    A clock is ahead where it is more than the limit later than the message's arrival: not than now, so
    that the answer stays the same when a message is decoded again. The first reason that holds counts.
    """
    clock_from_us = micros(datetime.combine(clock_from, time(), UTC))
    ahead_us = columns.time_us - columns.arrived_us
    outside = (columns.value < columns.low) | (columns.value > columns.high)
    codes = np.select(
        [
            columns.time_us < clock_from_us,
            ahead_us > clock_ahead_limit_s * 1e6,
            columns.counter & (columns.value < 0),
            outside,
        ],
        [1, 2, 3, 4],
        default=0,
    )
    return codes.astype(np.int8)
