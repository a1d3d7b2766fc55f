"""Trips read as columns: for sums over a year of many vehicles, where a value a trip would take too long."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, String, select, type_coerce

from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_trips

_INSTANTS = ("start", "end")
TRIP_COLUMNS = (
    *("vehicle", *_INSTANTS, "distance_km", "gnss_km", "moving_s", "idling_s"),
    *("fuel_l", "idling_fuel_l", "electricity_kwh"),
)


def trip_columns(
    conn: Connection, span: Span, vehicles: Collection[str] | None = None
) -> pd.DataFrame:
    """The trips that start within the span as a table of ``TRIP_COLUMNS``, in no order.

    Instants are UTC; figures that are not known are NaN. ``vehicles`` None: of all.
    """
    t = vehicle_trips.c
    chosen = [_plain(t[name]) for name in TRIP_COLUMNS]
    query = select(*chosen).where(t.start >= span.start, t.start < span.end)
    if vehicles is not None and len(vehicles) == 1:
        query = query.where(t.vehicle == next(iter(vehicles)))
    columns = list(zip(*conn.execute(query).all(), strict=True)) or [()] * len(TRIP_COLUMNS)
    frame = typed(dict(zip(TRIP_COLUMNS, columns, strict=True)))
    if vehicles is None:
        return frame
    return frame[frame["vehicle"].isin(sorted(vehicles))].reset_index(drop=True)


def typed(columns: dict[str, Any]) -> pd.DataFrame:
    """``TRIP_COLUMNS`` as a table: instants in UTC, figures as numbers, None as NaN."""
    figures = {n: np.array(columns[n], dtype=np.float64) for n in TRIP_COLUMNS[3:]}
    instants = {
        n: pd.to_datetime(pd.Series(columns[n], dtype=object), utc=True, format="ISO8601").astype(
            "datetime64[us, UTC]"
        )
        for n in _INSTANTS
    }
    return pd.DataFrame(
        {"vehicle": pd.Categorical(columns["vehicle"]), **instants, **figures},
        columns=list(TRIP_COLUMNS),
    )


def _plain(column: Any) -> Any:
    """An instant as the database gives it: read one by one they would take most of the time."""
    return type_coerce(column, String).label(column.name) if column.name in _INSTANTS else column
