"""What a vehicle told, message by message: one row an instant, one column a quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.quantities import COUNTERS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_UNKNOWN_AT_ZERO = frozenset({"latitude_deg", "longitude_deg", "battery_soc_pct", "fuel_level_pct"})
"""A device that does not know these tells 0: beside another value of the same instant it says nothing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Track:
    """Messages of one vehicle.

    times_us
        UTC microseconds since the epoch, ascending, no instant twice.
    columns
        By quantity (``quotawatt.quantities``), as long as ``times_us``. NaN: that message did not tell it.
    """

    vehicle: str
    times_us: Ints
    columns: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.times_us)

    def column(self, name: str) -> Floats:
        """The quantity's values; all NaN where it was never told."""
        found = self.columns.get(name)
        return np.full(len(self), np.nan) if found is None else found

    def between(self, start_us: int, end_us: int) -> "Track":
        """The messages of ``[start_us, end_us)``; views, not copies."""
        first, last = np.searchsorted(self.times_us, [start_us, end_us])
        part = slice(int(first), int(last))
        return Track(
            self.vehicle, self.times_us[part], {name: c[part] for name, c in self.columns.items()}
        )

    def replaced(self, columns: Mapping[str, Floats]) -> "Track":
        """The same messages with some columns exchanged."""
        return Track(self.vehicle, self.times_us, {**self.columns, **columns})


def track_from_readings(vehicle: str, frame: pd.DataFrame) -> Track:
    """Lay readings side by side.

    Parameters
    ----------
    frame
        Columns ``quantity``, ``time`` (datetime64, UTC or with a zone) and ``value``, in any order of rows.
        Of several values of a quantity at one instant speed and other gauges give their mean, counters the
        greatest; a 0 that stands for "not known" beside another value is passed over. Rows without a finite
        value are left out, so are suspect readings by who loads them.
    """
    told = frame[np.isfinite(frame["value"].to_numpy(dtype=np.float64))]
    micros = _microseconds(told["time"])
    values = told["value"].to_numpy(dtype=np.float64)
    times, where = np.unique(micros, return_inverse=True)
    names = pd.Categorical(told["quantity"])
    columns = {}
    for code, name in enumerate(names.categories):
        rows = names.codes == code
        columns[str(name)] = _laid(str(name), where[rows], values[rows], len(times))
    return Track(vehicle, times, columns)


def joined(tracks: Sequence[Track]) -> Track:
    """One track of several of the same vehicle, which may overlap: the same message twice is one.

    Raises ValueError where there is none or they are of different vehicles.
    """
    (vehicle,) = {track.vehicle for track in tracks}
    kept = [track for track in tracks if len(track)]
    if len(kept) == 1:
        return kept[0]
    all_times = np.concatenate([np.empty(0, np.int64), *(track.times_us for track in kept)])
    if np.all(np.diff(all_times) > 0):
        times, where = all_times, np.arange(len(all_times))
    else:
        times, where = np.unique(all_times, return_inverse=True)
    names = sorted({name for track in kept for name in track.columns})
    columns = {}
    for name in names:
        values = np.concatenate([track.column(name) for track in kept])
        told = np.isfinite(values)
        columns[name] = _laid(name, where[told], values[told], len(times))
    return Track(vehicle, times, columns)


def instant(micros: int) -> datetime:
    """The instant of a message."""
    return _EPOCH + int(micros) * _MICROSECOND


def microseconds(when: datetime) -> int:
    """Microseconds since the epoch of an instant with a time zone."""
    return (when - _EPOCH) // _MICROSECOND


def _microseconds(times: "pd.Series[pd.Timestamp]") -> Ints:
    if times.dt.tz is not None:
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    micros: Ints = times.to_numpy(dtype="datetime64[us]").astype(np.int64)
    return micros


def _laid(name: str, where: Ints, values: Floats, length: int) -> Floats:
    """Values on their rows. The rule for several on one row does not depend on their order."""
    column = np.full(length, np.nan)
    column[where] = values
    counts = np.bincount(where, minlength=length)
    if counts.max(initial=0) < 2:
        return column
    if name in COUNTERS:
        np.fmax.at(column, where, values)
        return column
    if name in _UNKNOWN_AT_ZERO:
        known = values != 0.0
        zero = ~known & (np.bincount(where[known], minlength=length)[where] > 0)
        where, values = where[~zero], values[~zero]
        counts = np.bincount(where, minlength=length)
    order = np.lexsort((values, where))  # a sum in one order: the same bits whoever came first
    sums = np.bincount(where[order], weights=values[order], minlength=length)
    column[counts > 0] = sums[counts > 0] / counts[counts > 0]
    return column
