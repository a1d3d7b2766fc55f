"""Which of several readings of one identity wins: the same rule for every adapter.

The highest revision wins; at one revision one that is not suspect; of these the largest value. So the
outcome depends neither on the order in which readings arrive nor on how they are cut into batches, and
only a correction can put a suspect value in the place of a good one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.findings import Finding
from quotawatt.readings import Quality, SeriesKey
from quotawatt.storage.frames import Floats, Ints, Mask, floats, integers

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Readings by number: series, time (µs since 1970), revision, whether it is not suspect, value.

    Arrays of one length.
    """

    series: Ints
    time_us: Ints
    revision: Ints
    sound: Mask
    value: Floats

    def pick(self, rows: Ints | Mask) -> "Candidates":
        """The candidates at ``rows``."""
        return Candidates(
            self.series[rows],
            self.time_us[rows],
            self.revision[rows],
            self.sound[rows],
            self.value[rows],
        )


@dataclass(frozen=True, slots=True)
class Resolution:
    """What becomes of a batch.

    write
        Rows of the batch that win and are not stored yet, ascending.
    replacing
        Those of them in whose place the store holds another reading.
    duplicates
        Number of rows of the batch that need not be written.
    conflicts
        One finding for each reading that lost to a different value of the same revision.
    """

    write: Ints
    replacing: Ints
    duplicates: int
    conflicts: tuple[Finding, ...]


def candidates(series: Ints, readings: pa.Table) -> Candidates:
    """The rows of ``readings`` (columns time, revision, quality, value) as those of ``series``."""
    quality = readings["quality"].cast(pa.string())
    return Candidates(
        series,
        integers(readings["time"]),
        integers(readings["revision"]),
        np.asarray(pc.not_equal(quality, pa.scalar(Quality.SUSPECT.value)), dtype=np.bool_),
        floats(readings["value"]),
    )


def no_candidates() -> Candidates:
    """Candidates of length zero."""
    none = np.empty(0, dtype=np.int64)
    return Candidates(none, none, none, np.empty(0, dtype=np.bool_), np.empty(0, dtype=np.float64))


def resolve(batch: Candidates, stored: Candidates, name: Callable[[int], SeriesKey]) -> Resolution:
    """Hold ``batch`` against what is ``stored`` under the same identities (at most one each).

    Of equal readings the stored one stays, else the first of the batch.
    """
    size = len(batch.series)
    if not len(stored.series) and _all_differ(batch.series, batch.time_us):
        return Resolution(np.arange(size), np.empty(0, dtype=np.int64), 0, ())
    every = Candidates(
        np.concatenate([batch.series, stored.series]),
        np.concatenate([batch.time_us, stored.time_us]),
        np.concatenate([batch.revision, stored.revision]),
        np.concatenate([batch.sound, stored.sound]),
        np.concatenate([batch.value, stored.value]),
    )
    # Batch rows count 0..size-1; stored ones follow and all rank before them.
    row = np.arange(len(every.series))
    rank = np.where(row < size, -1 - row, 0)
    order = np.lexsort(
        (rank, every.value, every.sound, every.revision, every.time_us, every.series)
    )
    winner = _winners(every, order)
    best = np.unique(winner)
    write = best[best < size]
    replaced = winner[row >= size]
    return Resolution(
        write=write,
        replacing=np.intersect1d(replaced, write),
        duplicates=size - len(write),
        conflicts=_conflicts(every, winner, name),
    )


def last_of_each(series: Ints, time_us: Ints) -> Ints:
    """The rows, ascending, that no later row shares both series and time with."""
    row = np.arange(len(series))
    if _all_differ(series, time_us):
        return row
    order = np.lexsort((row, time_us, series))
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (np.diff(series[order]) != 0) | (np.diff(time_us[order]) != 0)
    return np.sort(order[last])


def _all_differ(series: Ints, time_us: Ints) -> bool:
    """Whether no two rows share both series and time; False too where one number cannot hold both.

    What most batches are, told by one sort instead of the five that a contest needs.
    """
    if not len(series):
        return True
    since = time_us - time_us.min()
    length = int(since.max()) + 1
    if length * (int(series.max()) + 1) > np.iinfo(np.int64).max:
        return False
    place = series * length + since
    return bool((np.diff(place) > 0).all() or np.diff(np.sort(place)).all())


def _winners(every: Candidates, order: Ints) -> Ints:
    """For each row the row that wins its identity, given ``order`` from worst to best."""
    series, time_us = every.series[order], every.time_us[order]
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (series[1:] != series[:-1]) | (time_us[1:] != time_us[:-1])
    ends = np.flatnonzero(last)
    winner = np.empty_like(order)
    winner[order] = order[ends[np.searchsorted(ends, np.arange(len(order)))]]
    return winner


def _conflicts(
    every: Candidates, winner: Ints, name: Callable[[int], SeriesKey]
) -> tuple[Finding, ...]:
    lost = (every.revision == every.revision[winner]) & (every.value != every.value[winner])
    return tuple(
        Finding(
            "reading_conflict",
            "/".join(name(int(every.series[row]))),
            {
                "time": _instant(int(every.time_us[row])).isoformat(),
                "revision": int(every.revision[row]),
                "kept": float(every.value[winner[row]]),
                "dropped": float(every.value[row]),
            },
        )
        for row in np.flatnonzero(lost)
    )


def _instant(time_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=time_us)
