"""A batch of decoded messages, column by column, on its way to the store.

No object is made for a single reading: lists grow as messages come, and become one Arrow table.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from collectors.check import REASONS, Columns, Integers, implausible
from collectors.decoded import Decoded
from collectors.values import EPOCH, from_us
from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.readings import READINGS, TIME, Quality, SeriesKey
from quotawatt.storage.touched import Touched

_HOUR_US = 3_600_000_000
# Hours are counted from 1900, so that a series and an hour fit into one integer to be told apart by.
_HOURS_FROM = -70 * 366 * 24
_HOURS_BITS = 32
_HOURS_MASK = (1 << _HOURS_BITS) - 1
# Results come of counters and gauges; nothing is computed from states.
_MARKED = frozenset(name for name, q in QUANTITIES.items() if q.kind is not Kind.STATE)


@dataclass(slots=True)
class Seen:
    """What a batch holds of a device's channel."""

    profile: str
    topic: str
    first: datetime
    last: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """A batch ready to be written.

    readings
        Table of schema READINGS, in order of arrival.
    touched
        Series and hours that results have to be computed again for. Readings with a wrong clock are
        left out: they are never used.
    suspect
        How many readings are suspect, by reason.
    """

    readings: pa.Table
    touched: frozenset[Touched]
    suspect: Mapping[str, int]


class Batch:
    """Collects decoded messages."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], Seen] = {}
        self._series: dict[SeriesKey, int] = {}
        self._ids: list[int] = []
        self._time_us: list[int] = []
        self._values: list[float] = []
        self._arrived_us: list[int] = []
        self._revisions: list[int] = []
        self._by_server: list[bool] = []

    def __len__(self) -> int:
        """Readings in it."""
        return len(self._ids)

    def add(self, topic: str, decoded: Decoded) -> None:
        """Append the readings of a message."""
        series = self._series
        channels = set()
        for channel, quantity, times_us, values, revision, by_server in decoded.blocks:
            count = len(values)
            number = series.setdefault(SeriesKey(decoded.device, channel, quantity), len(series))
            self._ids += [number] * count
            self._time_us += times_us
            self._values += values
            self._arrived_us += [decoded.arrived_us] * count
            self._revisions += [revision] * count
            self._by_server += [by_server] * count
            channels.add(channel)
        for channel in channels:
            self._see(topic, channel, decoded)

    def _see(self, topic: str, channel: str, decoded: Decoded) -> None:
        arrived = from_us(decoded.arrived_us)
        seen = self.seen.get((decoded.device, channel))
        if seen is None:
            seen = Seen(decoded.profile, topic, arrived, arrived, 1)
            self.seen[decoded.device, channel] = seen
            return
        seen.topic, seen.last, seen.messages = topic, max(seen.last, arrived), seen.messages + 1

    def checked(self, clock_ahead_limit_s: float) -> CheckedBatch:
        """The batch as a table, implausible readings marked as suspect."""
        ids = np.array(self._ids, dtype=np.int64)
        time_us = np.array(self._time_us, dtype=np.int64)
        codes = self._implausible(ids, time_us, clock_ahead_limit_s)
        counts = Counter(REASONS[code] for code in codes[codes != 0])
        return CheckedBatch(
            self._table(ids, time_us, codes), self._touched(ids, time_us, codes), counts
        )

    def _implausible(
        self, ids: Integers, time_us: Integers, clock_ahead_limit_s: float
    ) -> npt.NDArray[np.int8]:
        quantities = [QUANTITIES[key.quantity] for key in self._series]
        columns = Columns(
            time_us=time_us,
            arrived_us=np.array(self._arrived_us, dtype=np.int64),
            value=np.array(self._values, dtype=np.float64),
            low=np.array([q.low for q in quantities], dtype=np.float64)[ids],
            high=np.array([q.high for q in quantities], dtype=np.float64)[ids],
            counter=np.array([q.kind is Kind.COUNTER for q in quantities], dtype=np.bool_)[ids],
        )
        return implausible(columns, clock_ahead_limit_s)

    def _table(self, ids: Integers, time_us: Integers, codes: npt.NDArray[np.int8]) -> pa.Table:
        quality = [Quality.MEASURED.value, Quality.SUSPECT.value]
        keys = list(self._series)
        return pa.Table.from_arrays(
            [
                _texts(ids, [key.device for key in keys]),
                _texts(ids, [key.channel for key in keys]),
                _texts(ids, [key.quantity for key in keys]),
                pa.array(time_us).cast(TIME),
                pa.array(self._values, pa.float64()),
                pa.array(self._arrived_us, pa.int64()).cast(TIME),
                pa.array(self._revisions, pa.int32()),
                _texts((codes != 0).astype(np.int8), quality),
                _texts(codes, list(REASONS)),
                pa.array(self._by_server, pa.bool_()),
            ],
            schema=READINGS,
        )

    def _touched(
        self, ids: Integers, time_us: Integers, codes: npt.NDArray[np.int8]
    ) -> frozenset[Touched]:
        keys = list(self._series)
        marked = np.array([key.quantity in _MARKED for key in keys], dtype=np.bool_)
        wrong_clock = np.isin(codes, [i for i, r in enumerate(REASONS) if r.startswith("clock")])
        kept = marked[ids] & ~wrong_clock
        hours = time_us[kept] // _HOUR_US - _HOURS_FROM
        pairs: list[int] = np.unique((ids[kept] << _HOURS_BITS) + hours).tolist()
        return frozenset(_touched(keys[pair >> _HOURS_BITS], pair) for pair in pairs)


def _touched(key: SeriesKey, pair: int) -> Touched:
    hours = (pair & _HOURS_MASK) + _HOURS_FROM
    return Touched(key.device, key.channel, key.quantity, EPOCH + timedelta(hours=hours))


def _texts(codes: npt.NDArray[np.integer[Any]], texts: list[str]) -> "pa.Array[Any]":
    """Texts by their numbers."""
    values = pa.array(texts, pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes), values).cast(pa.string())
