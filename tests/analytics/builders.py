"""Small registers and readings for the tests of analytics."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from analytics.consumption.cleaning import clean
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key
from quotawatt.findings import Finding
from quotawatt.readings import Quality, Reading, readings_table
from quotawatt.register.model import (
    Binding,
    Building,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Vehicle,
)
from quotawatt.spans import DAY, Span, local_midnight

SHANGHAI = ZoneInfo("Asia/Shanghai")
T0 = datetime(2023, 3, 1, tzinfo=UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
IMPORT = "electricity_import_kwh"
TEMPERATURE = "outdoor_temperature_c"
H = timedelta(hours=1)


def at(hours: float) -> datetime:
    """So many hours after T0."""
    return T0 + timedelta(hours=hours)


def day_span(day: date, zone: ZoneInfo) -> Span:
    """The local day: 23 to 25 hours long where the zone has DST."""
    return Span(local_midnight(day, zone), local_midnight(day + DAY, zone))


def reading(
    time: datetime,
    value: float,
    device: str = "dev",
    quantity: str = IMPORT,
    channel: str = "",
    revision: int = 0,
    quality: Quality = Quality.MEASURED,
) -> Reading:
    """A reading that arrived when it was taken."""
    return Reading(device, channel, quantity, time, value, time, revision, quality)


def binding(device: str = "dev", asset: str = "MTR-1", **others: object) -> Binding:
    """A binding since long ago."""
    return Binding(**{"device": device, "asset": asset, "valid_from": LONG_AGO, **others})  # type: ignore[arg-type]


def meter(code: str = "MTR-1", building: str = "BLD-1", **others: object) -> Meter:
    """An electricity meter of 100 kW."""
    fields = {"carrier": "electricity", "rated_power_kw": 100.0, **others}
    return Meter(code, code, code, building, **fields)  # type: ignore[arg-type]


def register(
    *bindings: Binding,
    meters: Iterable[Meter] = (meter(),),
    buildings: int = 1,
    vehicles: Iterable[Vehicle] = (),
    pv_plants: Iterable[PvPlant] = (),
    zone: str = "Asia/Shanghai",
) -> Register:
    """ORG-TOP above ORG-LOW (by region), whose are the buildings BLD-1... on SITE-1."""
    return Register(
        organisations=[
            Organisation("ORG-TOP", "上", "Top", "party_government", "city"),
            Organisation("ORG-LOW", "下", "Low", "party_government", "city", "ORG-TOP"),
        ],
        sites=[Site("SITE-1", "院", "Site", zone, "shandong", "B")],
        buildings=[
            Building(f"BLD-{i}", "楼", "House", "SITE-1", "ORG-LOW", gross_area_m2=1000.0)
            for i in range(1, buildings + 1)
        ],
        meters=list(meters),
        vehicles=list(vehicles),
        pv_plants=list(pv_plants),
        bindings=bindings or [binding()],
    )


def use_of(
    readings: Iterable[Reading],
    hours: float = 24,
    of: Register | None = None,
    points: Iterable[Key] | None = None,
    first: float = 0,
) -> tuple[Grid, list[Finding]]:
    """Hourly use of MTR-1's import, or of other points, from T0 + ``first`` hours on."""
    wiring = Wiring(of or register())
    keys = [Key("MTR-1", IMPORT)] if points is None else list(points)
    span = Span(at(first), at(hours))
    return hourly_use(clean(readings_table(readings), FAR), wiring, keys, span)


def shuffled(table: pa.Table, order: list[int]) -> pa.Table:
    """The rows of a table in another order."""
    return table.take(pa.array(order, type=pa.int64()))
