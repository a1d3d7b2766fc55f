"""Readings and results: the frames that the parts hand each other.

Frames are Arrow tables. A reading is kept as the device gave it, in canonical units, never multiplied;
its identity is (device, channel, quantity, time).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import pyarrow as pa

TIME: pa.DataType = pa.timestamp("us", tz="UTC")


class Quality(StrEnum):
    """What a reading or result is. Zero is a measurement, never a stand-in for absence."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    SUSPECT = "suspect"
    MISSING = "missing"


class Grain(StrEnum):
    """Length of a result's interval. Days, months and years are those of the site's time zone."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class SeriesKey(NamedTuple):
    """What names a series of readings."""

    device: str
    channel: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one quantity at one instant.

    device
        Identity as the device gave it, or ``asset:CODE`` for what comes by hand.
    channel
        Phase or socket, empty where the device has one only.
    time
        The device's own time (UTC); that of arrival only where ``timed_by_server``.
    revision
        0 for live readings; corrections count up and the highest wins.
    reason
        Why a reading is suspect (``clock_ahead``, ``out_of_range``, ...); empty otherwise.
    """

    device: str
    channel: str
    quantity: str
    time: datetime
    value: float
    arrived: datetime
    revision: int = 0
    quality: Quality = Quality.MEASURED
    reason: str = ""
    timed_by_server: bool = False


READINGS = pa.schema(
    [
        ("device", pa.string()),
        ("channel", pa.string()),
        ("quantity", pa.string()),
        ("time", TIME),
        ("value", pa.float64()),
        ("arrived", TIME),
        ("revision", pa.int32()),
        ("quality", pa.string()),
        ("reason", pa.string()),
        ("timed_by_server", pa.bool_()),
    ]
)

RESULTS = pa.schema(
    [
        ("subject", pa.string()),  # code of an asset, or ASSET/QUOTA
        ("measure", pa.string()),
        ("start", TIME),  # the interval is [start, start + grain)
        ("value", pa.float64()),  # null where withdrawn or missing
        ("quality", pa.string()),
        ("coverage", pa.float64()),  # share of the interval that rests on measurements, 0..1
        ("revision", pa.int32()),
        ("withdrawn", pa.bool_()),
    ]
)


def readings_table(readings: Iterable[Reading]) -> pa.Table:
    """Readings as one Arrow table of schema ``READINGS``, in the order given."""
    rows = list(readings)
    columns = [pa.array([getattr(r, f.name) for r in rows], type=f.type) for f in READINGS]
    return pa.Table.from_arrays(columns, schema=READINGS)


def empty_readings() -> pa.Table:
    """A table of schema ``READINGS`` without rows."""
    return READINGS.empty_table()
