"""Tests of rules for vehicles, run: what is told of one vehicle, and the deviations that the rule must find.

The vehicle is ``VEH``, a petrol car whose home is the site ``HOME`` at 36.0, 117.0; another site, ``OTHER``,
lies at 36.1, 117.0. Times are local, those of Shanghai; the calendar is China's.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from analytics.fleet.checks.facts import FleetFacts
from analytics.fleet.checks.judging import deviations_of
from analytics.fleet.checks.monthsums import month_sums
from analytics.fleet.track import Track, microseconds
from analytics.packtests.world import ZONE
from quotawatt.errors import InputError
from quotawatt.fleet.trips import Deviation
from quotawatt.register.model import Geofence, Organisation, Register, Site, Vehicle
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span, local_date

VEHICLE, ORGANISATION = "VEH", "ORG"
_SITES = {"HOME": (36.0, 117.0), "OTHER": (36.1, 117.0)}
_TOLERANCE = 1e-6
_LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ExpectedDeviation:
    """One deviation that must be found, with the figures that the test names. ``place`` is ``file:line``."""

    place: str
    start: datetime
    figures: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class VehicleTest:
    """One test of a rule for vehicles.

    now
        When it is judged, UTC; deviations of the 30 days before count.
    vehicle
        Columns of the vehicle that are not as usual.
    told
        Values by the name that ``FleetFacts`` has for them.
    track
        Messages; None: none.
    heard
        Share of days on which the vehicle was heard; None: not known.
    """

    rule: str
    now: datetime
    vehicle: Mapping[str, Any]
    geofences: Sequence[Geofence]
    told: Mapping[str, Sequence[Any]]
    track: Track | None
    heard: float | None
    expected: Sequence[ExpectedDeviation]


def run_vehicle_test(test: VehicleTest, rulebook: Rulebook) -> str:
    """Why the test fails; empty: it passes."""
    rule = rulebook.as_of(local_date(test.now, ZONE)).vehicle_rules.get(test.rule)
    if rule is None:
        return f"a test must name a rule for vehicles that is in force, got {test.rule}"
    try:
        found = deviations_of(_facts(test), [rule], _register(test), test.now)
    except InputError as error:
        return str(error)
    if len(found) != len(test.expected):
        starts = ", ".join(_local(one.start) for one in found) or "none"
        return f"there must be {len(test.expected)} deviations, got {len(found)} (from {starts})"
    pairs = zip(sorted(test.expected, key=lambda e: e.start), found, strict=True)
    return "; ".join(text for wanted, one in pairs for text in _differences(wanted, one))


def _differences(wanted: ExpectedDeviation, found: Deviation) -> Iterator[str]:
    if found.start != wanted.start:
        yield (f"{wanted.place}: start must be {_local(wanted.start)}, got {_local(found.start)}")
    known = {"value": found.value, "limit": found.limit, **found.detail}
    for name, want in wanted.figures.items():
        got = known.get(name)
        if isinstance(want, float) and isinstance(got, int | float):
            same = math.isclose(got, want, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
        else:
            same = got == want
        if not same:
            yield f"{wanted.place}: {name} must be {want}, got {got}"


def _facts(test: VehicleTest) -> FleetFacts:
    trips = sorted(test.told.get("trips", ()), key=lambda trip: trip.start)

    def track(vehicle: str, span: Span) -> Track | None:
        if test.track is None:
            return None
        part = test.track.between(microseconds(span.start), microseconds(span.end))
        return part if len(part) else None

    return FleetFacts(
        span=Span(test.now - _LOOKS_BACK, test.now),
        vehicles=[VEHICLE],
        zone=ZONE,
        trips={VEHICLE: trips},
        events=_of(test, "events"),
        months={VEHICLE: month_sums(trips, ZONE)},
        orders=_of(test, "orders"),
        orders_since={VEHICLE: test.now - 2 * _LOOKS_BACK},
        duty=_of(test, "duty"),
        seals=_of(test, "seals"),
        services=_of(test, "services"),
        cards=_of(test, "cards"),
        track=track,
        heard=lambda vehicle, span: test.heard,
    )


def _of(test: VehicleTest, name: str) -> dict[str, Sequence[Any]]:
    return {VEHICLE: test.told.get(name, ())}


def _register(test: VehicleTest) -> Register:
    usual: dict[str, Any] = {"kind": "sedan", "energy": "petrol", "home_site": "HOME"}
    return Register(
        organisations=[Organisation(ORGANISATION, "", "", "party_government", "city")],
        sites=[
            Site(
                code,
                code,
                code,
                str(ZONE),
                "",
                "",
                latitude_deg=latitude,
                longitude_deg=longitude,
            )
            for code, (latitude, longitude) in _SITES.items()
        ],
        vehicles=[
            Vehicle(
                VEHICLE, "", "", organisation=ORGANISATION, plate="", **{**usual, **test.vehicle}
            )
        ],
        geofences=test.geofences,
    )


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}"
