"""What rules for vehicles found, as it is kept: read by number, by time, by state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from quotawatt.errors import NotFoundError
from quotawatt.fleet.deviation_states import RETRACTED, STANDING
from quotawatt.fleet.trips import Deviation
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_deviations


@dataclass(frozen=True, slots=True)
class KeptDeviation:
    """A deviation as it is kept.

    state
        One of ``deviation_states.STATES``.
    explanation, explained_by, explained_at
        Empty and None where nobody explained it.
    decided_by, decided_at, decision_note
        Who accepted or rejected the explanation; never who wrote it.
    """

    number: int
    deviation: Deviation
    state: str
    found_at: datetime
    explanation: str
    explained_by: str | None
    explained_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str


def deviations_in(conn: Connection, states: Collection[str]) -> list[KeptDeviation]:
    """Those in any of these states, of all vehicles, by number."""
    t = vehicle_deviations
    query = select(t).where(t.c.state.in_(sorted(states))).order_by(t.c.id)
    return [kept_of(row) for row in conn.execute(query).mappings()]


def standing_deviations(conn: Connection) -> list[KeptDeviation]:
    """Those that somebody still has to act on, of all vehicles, by number."""
    return deviations_in(conn, STANDING)


def deviations_within(
    conn: Connection, span: Span, vehicles: Collection[str] | None = None
) -> list[KeptDeviation]:
    """Those that start within the span and are not retracted, by start and number."""
    t = vehicle_deviations.c
    query = select(vehicle_deviations).where(
        t.start >= span.start, t.start < span.end, t.state != RETRACTED
    )
    if vehicles is not None:
        query = query.where(t.vehicle.in_(sorted(vehicles)))
    rows = conn.execute(query.order_by(t.start, t.id)).mappings()
    return [kept_of(row) for row in rows]


def read(conn: Connection, number: int, *, lock: bool = False) -> KeptDeviation:
    """The deviation of this number. Raises NotFoundError where there is none."""
    query = select(vehicle_deviations).where(vehicle_deviations.c.id == number)
    row = conn.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a deviation must exist by its number, got {number}")
    return kept_of(row)


def kept_of(row: Mapping[Any, Any]) -> KeptDeviation:
    """A row as its value."""
    own = {name: row[name] for name in KeptDeviation.__slots__ if name in row}
    deviation = Deviation(**{name: row[name] for name in Deviation.__slots__})
    return KeptDeviation(number=row["id"], deviation=deviation, **own)
