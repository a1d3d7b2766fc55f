"""Where vehicles were and are. Who looked at which vehicle's way of which time, and why, is in the ledger."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import Permit, needs
from api.fleet import vehicles_asked
from api.fleet_looks import tell_look
from api.fleet_schemas import PositionList, TrackOut
from api.fleet_tracks import Datum, last_positions, require_trip, track_of
from api.params import Given
from quotawatt.access.roles import Permission

router = APIRouter(prefix="/fleet", tags=["fleet"])

Seer = Annotated[Permit, needs(Permission.TRACKS_READ)]
DatumParam = Annotated[
    Datum, Query(description="gcj02: as maps of China have it; positions are kept in WGS84")
]
WhyParam = Annotated[
    str, Query(max_length=500, description="What it is looked at for", examples=["case 17"])
]


@router.get("/trips/{vehicle}/{start}/track", response_model=TrackOut)
def show_track(
    services: Given,
    permit: Seer,
    vehicle: str,
    start: str,
    datum: DatumParam = "wgs84",
    why: WhyParam = "",
) -> dict[str, Any]:
    """One trip's way as GeoJSON. That it was looked at, by whom and what for, goes to the ledger first."""
    trip = require_trip(services, permit, vehicle, start)
    detail = {"from": trip.start.isoformat(), "until": trip.end.isoformat(), "why": why}
    tell_look(services, permit, "track_read", vehicle, detail)
    return track_of(services, permit, trip, datum)


@router.get("/positions", response_model=PositionList)
def list_positions(
    services: Given,
    permit: Seer,
    vehicle: Annotated[str | None, Query(max_length=64, examples=["CAR-1"])] = None,
    organisation: Annotated[str | None, Query(max_length=64, examples=["ORG-2"])] = None,
    datum: DatumParam = "wgs84",
    why: WhyParam = "",
) -> dict[str, Any]:
    """Where vehicles were told to be last. That it was looked at goes to the ledger first."""
    asked = vehicles_asked(permit, vehicle, organisation)
    subject = vehicle or organisation or "fleet"
    detail = {"vehicles": len(asked.followed), "why": why}
    tell_look(services, permit, "positions_read", subject, detail)
    return last_positions(services, asked, datum, services.clock())
