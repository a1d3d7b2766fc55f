"""A trip of a vehicle, and what happened to it on the way or at rest. Instants are UTC, spans half-open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DistanceBy(StrEnum):
    """What a trip's distance rests on."""

    ODOMETER = "odometer"
    POSITIONS = "positions"
    POSITIONS_AND_SPEED = "positions_and_speed"  # the mean of two measures of their own
    SPEED = "speed"  # no position was told
    UNKNOWN = "unknown"


class EnergyBy(StrEnum):
    """What a trip's fuel or electricity rests on; ``NONE``: nothing is known of it."""

    USED = "used"  # the counter of litres consumed
    LEVEL = "level"  # the level times the tank
    CARD = "card"  # fuel bought, spread over the kilometres between two fillings
    SOC = "soc"  # the state of charge times the usable battery
    POWER = "power"  # traction voltage times current
    NONE = ""


class EventKind(StrEnum):
    """What happens to a vehicle besides driving."""

    IDLING = "idling"  # the engine runs, the vehicle stands
    REFUELLING = "refuelling"
    FUEL_DROP = "fuel_drop"  # level falls while nothing is consumed: theft or leak
    CHARGING = "charging"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was, WGS84 degrees."""

    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A vehicle's way from one stop to the next. ``(vehicle, start)`` is its identity.

    start, end
        The first and the last instant at which it is known to have been under way. Where no message came
        while it left (or arrived), the instant at which it was first told to have moved on (or last).
    start_after
        Where the departure was not seen: it was after this instant, at which the vehicle still stood.
        None: it was seen.
    end_before
        Where the arrival was not seen: it was before this instant. None: it was seen, or is still to come.
    distance_km
        NaN where ``distance_by`` is unknown.
    odometer_start_km, odometer_end_km
        As the dashboard shows them; None: not told.
    gnss_km
        Along the filtered positions, whatever ``distance_by`` is; None: no positions.
    moving_s, idling_s
        Known time in motion, and standing with the engine on; the rest of the trip was a halt or a gap.
    fuel_l, electricity_kwh, idling_fuel_l
        None: not known. Electricity is net of what was recuperated; what was charged on the way is apart.
    coverage
        Share of the trip's time without a gap in the messages, 0..1.
    messages
        How many messages with a position, speed or odometer it rests on.
    open
        Whether it was still under way at the last message.
    """

    vehicle: str
    start: datetime
    end: datetime
    distance_km: float
    distance_by: DistanceBy
    start_after: datetime | None = None
    end_before: datetime | None = None
    odometer_start_km: float | None = None
    odometer_end_km: float | None = None
    gnss_km: float | None = None
    start_place: Place | None = None
    end_place: Place | None = None
    max_speed_kmh: float | None = None
    moving_s: float = 0.0
    idling_s: float = 0.0
    fuel_l: float | None = None
    fuel_by: EnergyBy = EnergyBy.NONE
    idling_fuel_l: float | None = None
    electricity_kwh: float | None = None
    electricity_by: EnergyBy = EnergyBy.NONE
    coverage: float = 1.0
    messages: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class VehicleEvent:
    """What happened to a vehicle besides driving. ``(vehicle, kind, start)`` is its identity.

    amount
        Litres filled or lost (not negative), kWh charged into the battery; of idling the litres, None
        where they are not known.
    before, after
        Level in % of the tank or state of charge in %, where that was told.
    odometer_km
        Where it happened, by the odometer.
    detail
        Further figures with the unit in the key, as ``rest_pct``; words only for kinds of evidence.
    """

    vehicle: str
    kind: EventKind
    start: datetime
    end: datetime
    amount: float | None = None
    before: float | None = None
    after: float | None = None
    place: Place | None = None
    odometer_km: float | None = None
    detail: Mapping[str, str | float | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deviation:
    """What a rule for vehicles found and somebody has to explain. ``(rule, vehicle, start)`` is its identity.

    rule
        Id of the entry of the pack section ``vehicle_rules``; it cites the clause.
    start, end
        When it was, to be seen on the map.
    trip
        Start of the trip that it was on; None: at rest, or of a longer time.
    value, limit, unit
        What was and what may be, in one unit; None where the rule has no figure.
    detail
        Further evidence by name, units in the key.
    """

    rule: str
    vehicle: str
    start: datetime
    end: datetime
    trip: datetime | None = None
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    detail: Mapping[str, str | float | int | None] = field(default_factory=dict)
