"""A vehicle of a small town for tests of rules: its home, another site, roads, and what is told of it.

Local times are those of Shanghai, written ``05-06 09:00`` (of 2024).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from analytics.fleet.checks.facts import FleetFacts
from analytics.fleet.checks.judging import deviations_of
from analytics.fleet.track import Track, microseconds
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.fleet.trips import Deviation, DistanceBy, Place, Trip
from quotawatt.register.model import Geofence, Organisation, Register, Site, Vehicle
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.vehicle_rules import Check, Value, VehicleRule
from quotawatt.spans import Span

ZONE = ZoneInfo("Asia/Shanghai")
BOOK = load_rulebook()
HOME, OTHER = Place(36.0, 117.0), Place(36.1, 117.0)
AWAY = Place(36.3, 117.3)
VEHICLE = Vehicle("V-1", "一号车", "Car 1", "ORG", "", "sedan", "petrol", home_site="SITE")


def at(local: str) -> datetime:
    """An instant of 2024 by its local time, ``MM-DD HH:MM[:SS]``."""
    return datetime.fromisoformat(f"2024-{local}").replace(tzinfo=ZONE).astimezone(UTC)


def circle(
    code: str, use: str, middle: Place, radius_m: float, limit: float | None = None
) -> Geofence:
    outline = f'{{"type":"Point","coordinates":[{middle.longitude_deg},{middle.latitude_deg}]}}'
    return Geofence(code, code, code, "ORG", use, outline, radius_m, limit)


def register(
    vehicle: Vehicle = VEHICLE,
    geofences: Sequence[Geofence] = (),
    country: str = "",
    timezone: str = "Asia/Shanghai",
) -> Register:
    places = (("SITE", HOME), ("SITE-2", OTHER))
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", kind="party_government", level="city")],
        sites=[
            Site(
                code, code, code, timezone, "shandong", "A",
                place.latitude_deg, place.longitude_deg, country=country,
            )
            for code, place in places
        ],
        vehicles=[vehicle],
        geofences=geofences,
    )  # fmt: skip


def trip(
    start: str,
    end: str,
    km: float = 10.0,
    frm: Place | None = HOME,
    to: Place | None = HOME,
    **more: Any,
) -> Trip:
    made = Trip("V-1", at(start), at(end), km, DistanceBy.ODOMETER, start_place=frm, end_place=to)
    return replace(made, **more)


def order(
    start: str, end: str, state: OrderState = OrderState.APPROVED, decided: str | None = None
) -> Order:
    return Order(
        7, state, "ORG", "applicant", "errand", "", "", at(start), at(end), at("01-01 00:00"),
        vehicle="V-1", decided_at=None if decided is None else at(decided),
    )  # fmt: skip


def track(start: str, step_s: float, **columns: Iterable[float]) -> Track:
    """Messages from a time on, one each so many seconds."""
    values = {name: np.array(list(column), dtype=float) for name, column in columns.items()}
    count = len(next(iter(values.values())))
    first = microseconds(at(start))
    times = first + (np.arange(count) * step_s * 1e6).astype(np.int64)
    return Track("V-1", times, values)


def rule(check: Check, **changed: Value) -> VehicleRule:
    """The rule of the shipped pack, with other parameters."""
    (shipped,) = (r for r in BOOK.vehicle_rules.values() if r.check is check)
    assert set(changed) <= set(shipped.parameters)
    return replace(shipped, parameters={**shipped.parameters, **changed})


def judged(
    check: Check,
    *,
    now: str = "05-20 12:00",
    since: str = "05-06 00:00",
    told: Track | None = None,
    changed: Mapping[str, Value] | None = None,
    under: Register | None = None,
    **facts: Any,
) -> list[Deviation]:
    """What the shipped rule of a check finds; ``facts`` are those of the one vehicle."""

    def messages(vehicle: str, span: Span) -> Track | None:
        if told is None:
            return None
        part = told.between(microseconds(span.start), microseconds(span.end))
        return part if len(part) else None

    if "track" not in facts:
        facts["track"] = messages
    given = {name: value if callable(value) else {"V-1": value} for name, value in facts.items()}
    known = FleetFacts(Span(at(since), at(now)), ["V-1"], ZONE, **given)
    return deviations_of(known, [rule(check, **(changed or {}))], under or register(), at(now))


def day(local: str) -> date:
    return date.fromisoformat(f"2024-{local}")


def later(instant: datetime, minutes: float) -> datetime:
    return instant + timedelta(minutes=float(minutes))
