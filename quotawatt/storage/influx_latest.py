"""The latest times of series in InfluxDB, as far as a process that writes them knows.

Only a reading that is not later than the latest of its series can meet another one there. A process
remembers the latest times that it has written or asked for; what others write meanwhile it does not see. So
what is remembered counts for a while only, then one query asks what has come since.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from quotawatt.readings import SeriesKey
from quotawatt.storage.frames import Ints, Mask
from quotawatt.storage.influx_http import InfluxServer
from quotawatt.storage.influx_lines import decode_tag
from quotawatt.storage.influx_statements import (
    PLACES_A_QUERY,
    Place,
    chunks,
    latest_since,
    latest_times,
    place,
)
from quotawatt.storage.resolution import Candidates

# Before every instant that a reading may have.
_NEVER_US = -(2**62)


class LatestTimes:
    """What is known of the latest times of series on one server. Not for several threads at once.

    remembered_s
        How long what is known counts, of a clock that counts seconds; 0 where others write the same series.
    """

    def __init__(
        self, server: InfluxServer, remembered_s: float, clock: Callable[[], float]
    ) -> None:
        self._server = server
        self._remembered_s = remembered_s
        self._clock = clock
        self._known: dict[SeriesKey, tuple[int, float]] = {}

    def of(self, keys: Sequence[SeriesKey], batch: Candidates) -> Ints:
        """The latest time of each series, or a later one: microseconds since 1970.

        keys
            The series that ``batch``, which is to be written, counts by their places herein.
        """
        now = self._clock()
        known = [self._known.get(key) for key in keys]
        fresh = np.fromiter((one is None for one in known), dtype=np.bool_, count=len(keys))
        found = self._last_points(
            {place(key) for key, one in zip(keys, known, strict=True) if one is None}
        )
        latest = np.fromiter(
            (
                found.get(place(key), _NEVER_US) if one is None else one[0]
                for key, one in zip(keys, known, strict=True)
            ),
            dtype=np.int64,
            count=len(keys),
        )
        asked = np.fromiter((now if one is None else one[1] for one in known), dtype=np.float64)
        stale = now - asked >= self._remembered_s
        asked[self._look_again(stale & ~fresh, keys, batch, latest)] = now
        self._known.update(
            zip(keys, zip(latest.tolist(), asked.tolist(), strict=True), strict=True)
        )
        return latest

    def note(self, keys: Sequence[SeriesKey], batch: Candidates) -> None:
        """A batch was written whose series ``of`` was asked for."""
        last = np.full(len(keys), _NEVER_US)
        np.maximum.at(last, batch.series, batch.time_us)
        for key, time_us in zip(keys, last.tolist(), strict=True):
            known_us, asked = self._known[key]
            self._known[key] = max(known_us, time_us), asked

    def forget(self, keys: Iterable[SeriesKey]) -> None:
        """What the server has of these series is not known any more."""
        for key in keys:
            self._known.pop(key, None)

    def _look_again(
        self, stale: Mask, keys: Sequence[SeriesKey], batch: Candidates, latest: Ints
    ) -> Ints:
        """Bring ``latest`` up to date for stale series of which the batch goes on; returns which they are.

        Nothing need be asked of the others: what is not later than the latest is looked for anyway.
        """
        ahead = stale[batch.series] & (batch.time_us > latest[batch.series])
        if not ahead.any():
            return np.empty(0, dtype=np.int64)
        found = self._times(latest_since(int(batch.time_us[ahead].min())))
        renewed = np.unique(batch.series[ahead])
        for row in renewed:
            latest[row] = max(latest[row], found.get(place(keys[row]), _NEVER_US))
        return renewed

    def _last_points(self, places: set[Place]) -> dict[Place, int]:
        """The time of the last point of each place that has one."""
        found: dict[Place, int] = {}
        for chosen in chunks(sorted(places), PLACES_A_QUERY):
            found |= self._times(latest_times(chosen))
        return found

    def _times(self, statement: str) -> dict[Place, int]:
        return {
            Place(*(decode_tag(series.tags[name]) for name in Place._fields)): series.rows[0][0]
            for series in self._server.query(statement)
        }
