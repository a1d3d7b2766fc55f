"""Use of a part of all points: what one core, or one worker of a cluster, computes by itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from analytics.consumption.amounts import Amount
from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key
from quotawatt.findings import Finding
from quotawatt.readings import SeriesKey
from quotawatt.spans import Span


@dataclass(frozen=True)
class Partition:
    """Some points and all that their use follows from; can be pickled.

    series
        Every series that feeds any of the points in the hours.
    values
        Their readings (schema VALUES, by place in ``series``), with context on either side.
    hours
        Ends on full UTC hours.
    amounts
        What passed at the points by bills and purchases.
    until
        Later readings are not looked at.
    """

    series: tuple[SeriesKey, ...]
    values: pa.Table
    wiring: Wiring
    points: tuple[Key, ...]
    hours: Span
    amounts: tuple[Amount, ...]
    until: datetime


class BySeries:
    """A table of schema VALUES, sorted, from which some series can be taken without a copy."""

    def __init__(self, series: Sequence[SeriesKey], table: pa.Table) -> None:
        """``series`` is what the rows name by place."""
        self.table = table
        self._place = {key: place for place, key in enumerate(series)}
        rows = table["series"].to_numpy()
        self._edges = np.searchsorted(rows, np.arange(len(series) + 1, dtype=rows.dtype)).tolist()

    def of(self, series: Sequence[SeriesKey]) -> pa.Table:
        """The rows of these, in their order, each named by its place among them."""
        ends = [self._edges[place : place + 2] for place in map(self._place.__getitem__, series)]
        taken = [self.table.slice(first, until - first) for first, until in ends]
        rows = pa.concat_tables([self.table.slice(0, 0), *taken])
        number = np.repeat(np.arange(len(series), dtype=np.int32), [len(part) for part in taken])
        return rows.set_column(0, self.table.schema.field(0), pa.array(number))


def use_of_partition(partition: Partition) -> tuple[Grid, list[Finding]]:
    """Use by the hour of the partition's points, as ``hourly_use``, and what was found on the way.

    A point's results do not depend on how points are cut into partitions.
    """
    readings = CleanReadings.of_values(partition.series, partition.values, partition.until)
    return hourly_use(
        readings, partition.wiring, partition.points, partition.hours, partition.amounts
    )


def cut(
    points: Iterable[Key], rows: Mapping[SeriesKey, int], wiring: Wiring, most: int
) -> Iterator[tuple[Key, ...]]:
    """The points in groups that rest on about ``most`` readings, but for what a single asset has.

    rows
        How many readings a series has; none where it is not named. Quantities of one asset stay together.
    """
    group: list[Key] = []
    held = 0
    for point in sorted(points):
        size = sum(rows.get(series, 0) for series in feeding([point], wiring))
        if group and held + size > most and group[-1].subject != point.subject:
            yield tuple(group)
            group, held = [], 0
        group.append(point)
        held += size
    if group:
        yield tuple(group)


def feeding(points: Iterable[Key], wiring: Wiring, span: Span | None = None) -> Sequence[SeriesKey]:
    """All series that feed any of the points, in the span or at any time, sorted."""
    stretches = (stretch for point in points for stretch in wiring.sources(point))
    return sorted({s.series for s in stretches if span is None or s.overlaps(span)})
