"""A batch of decoded messages, column by column, on its way to the store.

No object is made for a single reading: lists grow as messages come, and become one Arrow table. What is
the same for all readings of a block or a message is kept once for it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from collectors.decoded import Decoded
from collectors.values import EPOCH
from quotawatt.plausibility import CLOCK_FROM, REASONS, Columns, Integers, implausible, limits_of
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
        self._series: dict[tuple[str, str, str], int] = {}
        self._values: list[float] = []
        self._time_us: list[int] = []
        # By block: its series, how many readings it has, revision and whether the server gave the time.
        self._ids: list[int] = []
        self._counts: list[int] = []
        self._revisions: list[int] = []
        self._by_server: list[bool] = []
        # By message: its arrival, and how many blocks it has.
        self._arrived_us: list[int] = []
        self._blocks: list[int] = []

    def __len__(self) -> int:
        """Readings in it."""
        return len(self._values)

    def add(self, decoded: Decoded) -> None:
        """Append the readings of a message."""
        series, device, blocks = self._series, decoded.device, decoded.blocks
        for channel, quantity, times_us, values, revision, by_server in blocks:
            key = device, channel, quantity
            number = series.get(key)
            if number is None:
                number = series[key] = len(series)
            self._ids.append(number)
            self._counts.append(len(values))
            self._time_us += times_us
            self._values += values
            self._revisions.append(revision)
            self._by_server.append(by_server)
        self._arrived_us.append(decoded.arrived_us)
        self._blocks.append(len(blocks))

    def checked(self, clock_ahead_limit_s: float, clock_from: date = CLOCK_FROM) -> CheckedBatch:
        """The batch as a table, implausible readings marked as suspect.

        clock_ahead_limit_s, clock_from
            See ``quotawatt.plausibility.implausible``.
        """
        counts = np.array(self._counts, dtype=np.int64)
        ids = np.repeat(np.array(self._ids, dtype=np.int64), counts)
        arrived = np.repeat(np.array(self._arrived_us, dtype=np.int64), self._blocks)
        time_us = np.array(self._time_us, dtype=np.int64)
        columns = self._columns(ids, time_us, np.repeat(arrived, counts))
        codes = implausible(columns, clock_ahead_limit_s, clock_from)
        reasons = Counter(REASONS[code] for code in codes[codes != 0])
        table = self._table(ids, columns, counts, codes)
        return CheckedBatch(table, self._touched(ids, time_us, codes), reasons)

    def _columns(self, ids: Integers, time_us: Integers, arrived_us: Integers) -> Columns:
        limits = limits_of(quantity for _, _, quantity in self._series)
        return Columns(
            time_us=time_us,
            arrived_us=arrived_us,
            value=np.array(self._values, dtype=np.float64),
            low=limits.low[ids],
            high=limits.high[ids],
            counter=limits.counter[ids],
        )

    def _table(
        self, ids: Integers, columns: Columns, counts: Integers, codes: npt.NDArray[np.int8]
    ) -> pa.Table:
        quality = [Quality.MEASURED.value, Quality.SUSPECT.value]
        keys = [SeriesKey(*key) for key in self._series]
        return pa.Table.from_arrays(
            [
                _texts(ids, [key.device for key in keys]),
                _texts(ids, [key.channel for key in keys]),
                _texts(ids, [key.quantity for key in keys]),
                pa.array(columns.time_us).cast(TIME),
                pa.array(columns.value),
                pa.array(columns.arrived_us).cast(TIME),
                pa.array(np.repeat(np.array(self._revisions, dtype=np.int32), counts)),
                _texts((codes != 0).astype(np.int8), quality),
                _texts(codes, list(REASONS)),
                pa.array(np.repeat(np.array(self._by_server, dtype=np.bool_), counts)),
            ],
            schema=READINGS,
        )

    def _touched(
        self, ids: Integers, time_us: Integers, codes: npt.NDArray[np.int8]
    ) -> frozenset[Touched]:
        keys = [SeriesKey(*key) for key in self._series]
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
