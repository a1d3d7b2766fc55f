"""Vehicles that drive by minutes with known kilometres, their stores, and what keeps their trips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from analytics.jobs.fleet import FleetKeeper
from quotawatt.fleet.book import trips_within
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.fleet.trips import Trip
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import Binding, Register, Vehicle
from quotawatt.rulebook.basics import Citation, Text, Trust
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.vehicle_rules import Check, VehicleRule
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.api.scene import REGISTER

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ALWAYS = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KM_A_MINUTE = 0.8
"""Of every drive: 48 km/h."""

CAR = Vehicle("CAR-1", "一号车", "Car 1", "ORG-1", "鲁A00001", "car", "petrol", tank_l=50.0)
SECRET = replace(CAR, code="CAR-9", plate="鲁A00009", tracking_exempt=True)
IDLING = VehicleRule(
    id="test-idling",
    title=Text("怠速过长", "Idling too long"),
    cites=Citation("test", "1"),
    check=Check.IDLING,
    parameters={"minutes": 10.0},
    trust=Trust.INVENTED,
)


def bound(device: str, vehicle: str = "CAR-1", **more: object) -> Binding:
    """A binding of all that a device tells."""
    return Binding(device, vehicle, ALWAYS, **more)  # type: ignore[arg-type]


def register_of(*bindings: Binding, vehicles: Sequence[Vehicle] = (CAR, SECRET)) -> Register:
    """ORG-1 with these vehicles and bindings."""
    return Register(
        organisations=list(REGISTER.organisations.values()),
        vehicles=list(vehicles),
        bindings=list(bindings),
    )


def drive(
    device: str,
    start: datetime,
    minutes: int,
    odometer_km: float,
    *,
    idling: int = 0,
    rest: int = 30,
) -> list[Reading]:
    """A message a minute: idling first, then driving, then a rest with the engine off."""
    told = []
    for minute in range(idling + minutes + rest + 1):
        driven = min(max(minute - idling, 0), minutes)
        moving = idling <= minute < idling + minutes
        told += _message(
            device,
            start + minute * MINUTE,
            {
                "latitude_deg": 36.6 + driven * KM_A_MINUTE / 111.195,
                "longitude_deg": 117.0,
                "speed_kmh": 48.0 if moving else 0.0,
                "odometer_km": odometer_km + driven * KM_A_MINUTE,
                "ignition": 1.0 if minute < idling + minutes else 0.0,
            },
        )
    return told


def _message(device: str, at: datetime, values: dict[str, float]) -> Iterable[Reading]:
    return (Reading(device, "", name, at, value, arrived=at) for name, value in values.items())


@dataclass
class Drives:
    """Stores with what keeps trips over them. ``register`` may be exchanged."""

    series: MemorySeriesStore
    records: Engine
    register: Register
    rulebook: Rulebook
    settings: Settings
    worker: str = "one"

    def __post_init__(self) -> None:
        self.keeper = self.another(self.worker)

    def another(self, worker: str) -> FleetKeeper:
        """What another process would run."""
        return FleetKeeper(
            self.series, self.records, lambda: self.register, self.rulebook, self.settings, worker
        )

    def write(self, readings: Sequence[Reading], *vehicles: str) -> None:
        """Store messages, and note that these vehicles changed since the first of them."""
        self.series.write_readings(readings_table(readings))
        since = min(reading.time for reading in readings)
        with self.records.begin() as conn:
            touch_vehicles(conn, dict.fromkeys(vehicles or ("CAR-1",), since))

    def trips(self, vehicle: str = "CAR-1") -> list[Trip]:
        """What is kept of a vehicle."""
        whole = Span(ALWAYS, datetime(2100, 1, 1, tzinfo=UTC))
        with self.records.connect() as conn:
            return trips_within(conn, whole, {vehicle})


def drives(home: Path, *bindings: Binding, rules: Sequence[VehicleRule] = (IDLING,)) -> Drives:
    """Empty stores with a vehicle, and one that is exempt from tracking."""
    return Drives(
        series=MemorySeriesStore(),
        records=open_records("sqlite", home),
        register=register_of(*(bindings or (bound("gps-1"),))),
        rulebook=Rulebook(vehicle_rules={rule.id: rule for rule in rules}),
        settings=Settings(home=home),
    )
