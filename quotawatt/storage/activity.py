"""What a series did over a time, in one row: when it was heard, how often, between which values."""

import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.readings import TIME, Quality, SeriesKey

ACTIVITY = pa.schema(
    [
        ("device", pa.string()),
        ("channel", pa.string()),
        ("quantity", pa.string()),
        ("first", TIME),
        ("last", TIME),
        ("count", pa.int64()),
        ("minimum", pa.float64()),
        ("maximum", pa.float64()),
    ]
)
"""Schema of ``SeriesStore.activity``."""


def activity_of(readings: pa.Table) -> pa.Table:
    """A table of schema ACTIVITY from winning readings (schema READINGS), suspect ones left out, sorted."""
    suspect = pc.equal(readings["quality"], pa.scalar(Quality.SUSPECT.value))
    groups = readings.filter(pc.invert(suspect)).group_by(list(SeriesKey._fields))
    figures = groups.aggregate(
        [("time", "min"), ("time", "max"), ("value", "count"), ("value", "min"), ("value", "max")]
    )
    found = figures.select(
        [*SeriesKey._fields, "time_min", "time_max", "value_count", "value_min", "value_max"]
    ).rename_columns(ACTIVITY.names)
    return found.sort_by([(name, "ascending") for name in SeriesKey._fields]).cast(ACTIVITY)
