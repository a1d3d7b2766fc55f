"""From a vehicle's messages to its trips with litres and kilowatt-hours, and what happened at rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.fleet.cleaning import clean
from analytics.fleet.energy import with_energy
from analytics.fleet.energyparameters import ENERGY_DEFAULTS, EnergyParameters
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.segmenting import segment
from analytics.fleet.track import Track
from quotawatt.findings import Finding
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import Trip, VehicleEvent
from quotawatt.register.kinds import Vehicle


@dataclass(frozen=True, slots=True)
class Travelled:
    """What a vehicle did over the time of its track.

    trips, events
        In order of time; events are idling, refuelling, drops of fuel, charging.
    unassigned_km
        What the odometer counted outside all trips.
    """

    trips: tuple[Trip, ...] = ()
    events: tuple[VehicleEvent, ...] = ()
    findings: tuple[Finding, ...] = ()
    unassigned_km: float = 0.0


def travelled(
    track: Track,
    vehicle: Vehicle,
    parameters: FleetParameters,
    now: datetime,
    cards: Sequence[FuelCard] = (),
    energy: EnergyParameters = ENERGY_DEFAULTS,
) -> Travelled:
    """Clean the messages, find trips, and give them what they used.

    A vehicle that is exempt from tracking has no trips and no events, whatever was told.

    Parameters
    ----------
    track
        Should begin at rest: with the last message of the trip before the first one asked for, or earlier.
    now
        The present: messages dated later have a wrong clock.
    cards
        Fuel bought for the vehicle; others' rows are passed over.
    """
    if vehicle.tracking_exempt:
        return Travelled()
    cleaned = clean(track, parameters, now)
    found = segment(cleaned.track, parameters)
    used = with_energy(
        cleaned.track, vehicle, found.trips, found.idlings, parameters.motion_kmh, energy, cards
    )
    findings = (*cleaned.findings, *found.findings, *used.findings)
    return Travelled(used.trips, used.events, findings, found.unassigned_km)
