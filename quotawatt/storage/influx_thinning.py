"""Thinning in InfluxDB: what lies between the readings that are kept says what they say.

A point holds all quantities of a device's channel at an instant, and a server removes whole points only: with
the position the odometer would go. So the fields are written over, which every version takes.
"""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pyarrow as pa

from quotawatt.readings import READINGS, Quality, SeriesKey
from quotawatt.storage.frames import Ints, distinct, floats, integers
from quotawatt.storage.influx_frames import winners

_MICROSECOND = timedelta(microseconds=1)


def levelled(found: Sequence[pa.Table], every: timedelta) -> pa.Table:
    """Of these readings, corrected ones included, those that are to be written over, with their new values.

    ``found``: tables of schema READINGS. Of each series and ``every`` the value is that of the first reading
    that wins over its corrections, suspect ones last; what says it already is left out.
    """
    held = pa.concat_tables([READINGS.empty_table(), *found]).combine_chunks()
    if not len(held):
        return held
    best = winners(found)
    group, wanted = _groups(held, best, every // _MICROSECOND)
    suspect = np.array([q == Quality.SUSPECT for q in best["quality"].to_pylist()])
    order = np.lexsort((integers(best["time"]), suspect, wanted))
    groups, first = np.unique(wanted[order], return_index=True)
    values = floats(best["value"])[order][first][np.searchsorted(groups, group)]
    place = READINGS.get_field_index("value")
    level = held.set_column(place, READINGS.field(place), pa.array(values))
    return level.filter(pa.array(values != floats(held["value"])))


def _groups(held: pa.Table, best: pa.Table, every_us: int) -> tuple[Ints, Ints]:
    """For each row of either table a number that stands for its series and period."""
    both = pa.concat_tables([held, best]).combine_chunks()
    _, series = distinct(both, SeriesKey._fields)
    periods, period = np.unique(integers(both["time"]) // every_us, return_inverse=True)
    group = series * len(periods) + period
    return group[: len(held)], group[len(held) :]
