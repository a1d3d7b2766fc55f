"""Vehicles of which messages, books or register changed and trips do not say so yet: noted, taken, done.

A note says since when. Touched again it gets the earlier of two instants and a new generation, so that what
is done of an older generation never removes what came meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select

from quotawatt.storage.fleet_tables import fleet_touched
from quotawatt.storage.records import bump_counters, upsert
from quotawatt.storage.tables import counters

_GENERATION = "fleet_generation"


class TouchedVehicle(NamedTuple):
    """A vehicle, since when its trips are to be computed anew, and the generation of the note."""

    vehicle: str
    since: datetime
    generation: int


def touch_vehicles(conn: Connection, since: Mapping[str, datetime]) -> None:
    """Note that trips are to be computed anew, by vehicle from an instant on (UTC).

    In the caller's transaction, which must be one of ``engine.begin()``.
    """
    if not since:
        return
    bump_counters(conn, {_GENERATION: 1})
    query = select(counters.c.total).where(counters.c.name == _GENERATION).with_for_update()
    generation = int(conn.execute(query).scalar_one())
    t = fleet_touched.c
    known = select(t.vehicle, t.since).where(t.vehicle.in_(sorted(since)))
    earlier = {row.vehicle: row.since for row in conn.execute(known)}
    rows = [
        {
            "vehicle": vehicle,
            "since": min(instant, earlier.get(vehicle, instant)),
            "generation": generation,
        }
        for vehicle, instant in since.items()
    ]
    upsert(conn, fleet_touched, rows, ["vehicle"], update=["since", "generation"])


def touched_vehicles(conn: Connection) -> list[TouchedVehicle]:
    """All notes, sorted by vehicle. They stay until they are done."""
    columns = [fleet_touched.c[name] for name in TouchedVehicle._fields]
    query = select(*columns).order_by(fleet_touched.c.vehicle)
    return [TouchedVehicle(*row) for row in conn.execute(query)]


def is_touched(conn: Connection) -> bool:
    """Whether there is any note."""
    return bool(conn.execute(select(func.count()).select_from(fleet_touched)).scalar_one())


def done(conn: Connection, note: TouchedVehicle) -> bool:
    """Remove a note unless the vehicle was touched again since; whether it was still there."""
    t = fleet_touched.c
    same = (t.vehicle == note.vehicle) & (t.generation == note.generation)
    return bool(conn.execute(delete(fleet_touched).where(same)).rowcount)
