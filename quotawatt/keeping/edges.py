"""The last readings before the raw horizon: they stay, since the first increments after it begin at them.

A store drops all that lies before an instant. So they are put aside in the record store first, and put back
afterwards; a crash in between loses none.
"""

import base64
import io
from collections.abc import Collection
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine

from quotawatt.spans import Span
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.port import SeriesStore

EDGE_READINGS = 24
"""So many of each series: as many as a computation that begins at the horizon looks back."""

_EDGES = "raw_edges"
_TOGETHER = 2_000


def means_put_aside(records: Engine, horizon: datetime) -> int | None:
    """The ``means`` that were told with what was put aside for ``horizon``; None: nothing was yet.

    Once there is something the readings may be gone in part: nothing is to be made of them any more.
    """
    with records.connect() as conn:
        held = read_fact(conn, _EDGES, {})
    return int(held["means"]) if held.get("horizon") == horizon.isoformat() else None


def put_aside(
    series: SeriesStore,
    records: Engine,
    horizon: datetime,
    quantities: Collection[str],
    means: int,
) -> None:
    """Keep the last readings before ``horizon`` of each series of these quantities in the record store.

    means
        How many means were written of what is to go.
    """
    kept = [key for key in series.known_series() if key.quantity in quantities]
    here = Span(horizon, horizon)
    found = [
        series.read_readings(kept[first : first + _TOGETHER], here, EDGE_READINGS)
        for first in range(0, len(kept), _TOGETHER)
    ]
    bodies = [_packed(table, horizon) for table in found]
    with records.begin() as conn:
        lock_fact(conn, _EDGES, {})
        held = {"horizon": horizon.isoformat(), "means": means, "readings": bodies}
        put_fact(conn, _EDGES, held)


def put_back(series: SeriesStore, records: Engine) -> None:
    """Write what was put aside into the series store. Safe to repeat."""
    with records.connect() as conn:
        bodies = read_fact(conn, _EDGES, {}).get("readings", [])
    for body in bodies:
        series.write_readings(pq.read_table(io.BytesIO(base64.b64decode(body))))


def forget_edges(conn: Connection) -> None:
    """Remove what was put aside, once it is back."""
    lock_fact(conn, _EDGES, {})
    put_fact(conn, _EDGES, {})


def _packed(readings: pa.Table, horizon: datetime) -> str:
    """Those before the horizon as Parquet in text."""
    limit = pa.scalar(horizon, readings.schema.field("time").type)
    target = io.BytesIO()
    pq.write_table(readings.filter(pc.less(readings["time"], limit)), target, compression="zstd")
    return base64.b64encode(target.getvalue()).decode("ascii")
