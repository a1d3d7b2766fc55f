"""What a backup may hold without its mark: readings that came just before it was made, and meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.keeping.chunks import reach_back
from quotawatt.keeping.importing import MARKS_LIMIT, touched_by
from quotawatt.readings import SeriesKey
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.touched import Touched

DOUBTFUL = timedelta(hours=1)
"""What arrived so long before the backup began is marked, too: clocks differ, and a write takes time."""


@dataclass
class Doubt:
    """What is to be computed for readings that arrived from an hour before ``made_at`` on.

    marks
        Their series and hours; none where these are more than MARKS_LIMIT.
    start, keys
        Then: from when on everything is, and of which series.
    """

    made_at: datetime
    marks: set[Touched] = field(default_factory=set)
    start: datetime | None = None
    keys: set[SeriesKey] = field(default_factory=set)

    def add(self, readings: pa.Table) -> None:
        """Take those of the readings (schema READINGS) that are doubtful."""
        limit = pa.scalar(self.made_at - DOUBTFUL, readings.schema.field("arrived").type)
        self._note(touched_by(readings.filter(pc.greater_equal(readings["arrived"], limit))))

    def _note(self, found: Collection[Touched]) -> None:
        self.marks.update(found)
        if self.marks and (self.start is not None or len(self.marks) > MARKS_LIMIT):
            first = min(mark.hour for mark in self.marks)
            self.start = first if self.start is None else min(first, self.start)
            self.keys.update(SeriesKey(m.device, m.channel, m.quantity) for m in self.marks)
            self.marks.clear()

    def reach(self, store: SeriesStore) -> datetime | None:
        """From when on results rest on what is not marked; None: all of it is."""
        return None if self.start is None else reach_back(store, self.keys, self.start)
