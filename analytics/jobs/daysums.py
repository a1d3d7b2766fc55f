"""Days summed up from hours, in the store: for days that nobody has summed up yet."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa

from quotawatt.readings import TIME, Grain
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore


def day_sums(
    series: SeriesStore,
    subjects: Collection[str],
    measures: Collection[str],
    days: Sequence[Span],
) -> Iterator[pa.Table]:
    """Use of the series on each of some local days in order, from their hours.

    Columns subject, measure, start, value and coverage. A day counts what is known of it; hours without
    a result lower its coverage. The days are asked for one by one only where there is anything in all
    of them together.
    """
    whole = Span(days[0].start, days[-1].end)
    if len(days) > 1 and not len(series.sum_results(Grain.HOUR, subjects, measures, whole)):
        return
    for day in days:
        sums = series.sum_results(Grain.HOUR, subjects, measures, day)
        hours = np.nan_to_num(sums["coverage"].to_numpy()) * sums["intervals"].to_numpy()
        yield (
            sums.select(["subject", "measure", "value"])
            .append_column("start", pa.array([day.start] * len(sums), TIME))
            .append_column("coverage", pa.array(hours / day.hours, pa.float64()))
        )
