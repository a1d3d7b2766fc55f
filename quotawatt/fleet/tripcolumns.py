"""Trips read as columns: for sums over a year of many vehicles, where a value a trip would take too long."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, String, select, type_coerce

from quotawatt.fleet.trips import EventKind
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_events, vehicle_trips

_INSTANTS = ("start", "end")
TRIP_COLUMNS = (
    *("vehicle", *_INSTANTS, "distance_km", "gnss_km", "moving_s", "idling_s"),
    *("fuel_l", "idling_fuel_l", "electricity_kwh", "max_speed_kmh"),
    *("odometer_start_km", "odometer_end_km", "coverage"),
)
IDLING_COLUMNS = ("vehicle", *_INSTANTS, "litres")


def trip_columns(
    conn: Connection, span: Span, vehicles: Collection[str] | None = None
) -> pd.DataFrame:
    """The trips that start within the span as a table of ``TRIP_COLUMNS``, in no order.

    Instants are UTC; figures that are not known are NaN. ``vehicles`` None: of all.
    """
    t = vehicle_trips.c
    query = select(*(_plain(t[name]) for name in TRIP_COLUMNS))
    inside = query.where(t.start >= span.start, t.start < span.end)
    return _read(conn, inside, TRIP_COLUMNS, t.vehicle, vehicles)


def idling_columns(
    conn: Connection, span: Span, vehicles: Collection[str] | None = None
) -> pd.DataFrame:
    """Idling that starts within the span as a table of ``IDLING_COLUMNS``, as ``trip_columns``."""
    t = vehicle_events.c
    query = select(t.vehicle, *(_plain(t[name]) for name in _INSTANTS), t.amount.label("litres"))
    inside = query.where(
        t.kind == EventKind.IDLING.value, t.start >= span.start, t.start < span.end
    )
    return _read(conn, inside, IDLING_COLUMNS, t.vehicle, vehicles)


def typed(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Columns of trips or idling as a table: instants in UTC, figures as numbers, None as NaN."""
    names = [name for name in columns if name not in ("vehicle", *_INSTANTS)]
    figures = {n: np.array(columns[n], dtype=np.float64) for n in names}
    instants = {
        n: pd.to_datetime(pd.Series(columns[n], dtype=object), utc=True, format="ISO8601").astype(
            "datetime64[us, UTC]"
        )
        for n in _INSTANTS
    }
    return pd.DataFrame(
        {"vehicle": pd.Categorical(columns["vehicle"]), **instants, **figures},
        columns=list(columns),
    )


def _read(
    conn: Connection,
    query: Select[Any],
    names: Sequence[str],
    whose: ColumnElement[str],
    vehicles: Collection[str] | None,
) -> pd.DataFrame:
    if vehicles is not None and len(vehicles) == 1:
        query = query.where(whose == next(iter(vehicles)))
    columns = list(zip(*conn.execute(query).all(), strict=True)) or [()] * len(names)
    frame = typed(dict(zip(names, columns, strict=True)))
    if vehicles is None:
        return frame
    return frame[frame["vehicle"].isin(sorted(vehicles))].reset_index(drop=True)


def _plain(column: Any) -> Any:
    """An instant as the database gives it: read one by one they would take most of the time."""
    return type_coerce(column, String).label(column.name) if column.name in _INSTANTS else column
