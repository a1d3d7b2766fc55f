"""All checks of all rules on all vehicles: deviations, and the findings that people are told of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from analytics.fleet.checks.areas import outside_area
from analytics.fleet.checks.driving import idling, speeding
from analytics.fleet.checks.facts import FleetFacts
from analytics.fleet.checks.fuel import card_not_in_tank, fuel_drop, over_quota, overfilled
from analytics.fleet.checks.homes import NIGHTS_BACK, foreign_home, not_home_overnight
from analytics.fleet.checks.keeping import idle, maintenance_due, renewable, under_used
from analytics.fleet.checks.odometers import odometer_differs, unseen_kilometres
from analytics.fleet.checks.orders import late_order, no_order
from analytics.fleet.checks.stations import card_elsewhere
from analytics.fleet.checks.subject import POSSIBLE, Subject
from analytics.fleet.checks.times import outside_working_time, seal_odometer, sealed
from quotawatt.findings import Finding
from quotawatt.fleet.trips import Deviation
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.vehicle_rules import Check, VehicleRule, applying
from quotawatt.spans import DAY, Span, local_date, local_midnight

CODES = "vehicle_"
"""How the codes of these findings begin; the rule's check follows."""
POSSIBLY = "vehicle_unclear"
"""The code of what may have been: told, and accusing nobody."""

HELD = ("in_use", "idle")
"""The stages of life in which somebody answers for a vehicle."""

Judge = Callable[[VehicleRule, Subject], Iterator[Deviation]]

CHECKS: Mapping[Check, Judge] = MappingProxyType(
    {
        Check.NO_ORDER: no_order,
        Check.LATE_ORDER: late_order,
        Check.OUTSIDE_WORKING_TIME: outside_working_time,
        Check.SEALED: sealed,
        Check.SEAL_ODOMETER: seal_odometer,
        Check.NOT_HOME_OVERNIGHT: not_home_overnight,
        Check.OUTSIDE_AREA: outside_area,
        Check.SPEEDING: speeding,
        Check.IDLING: idling,
        Check.OVER_QUOTA: over_quota,
        Check.OVERFILLED: overfilled,
        Check.CARD_ELSEWHERE: card_elsewhere,
        Check.CARD_NOT_IN_TANK: card_not_in_tank,
        Check.FUEL_DROP: fuel_drop,
        Check.UNDER_USED: under_used,
        Check.IDLE: idle,
        Check.RENEWABLE: renewable,
        Check.MAINTENANCE_DUE: maintenance_due,
        Check.ODOMETER_DIFFERS: odometer_differs,
        Check.UNSEEN_KILOMETRES: unseen_kilometres,
        Check.FOREIGN_HOME: foreign_home,
    }
)
"""What judges each check."""


class Reach(StrEnum):
    """How far back a change of messages can change what a rule finds."""

    TRIP = "trip"
    """Some days: a trip, a night, a filling."""
    MONTH = "month"
    """The month before and this one."""
    YEAR = "year"
    """The calendar year."""
    STANDING = "standing"
    """Whatever stands now, since whenever: no message need come for it to begin or end."""


_REACH: Mapping[Check, Reach] = MappingProxyType(
    {
        Check.SEAL_ODOMETER: Reach.MONTH,
        Check.OVER_QUOTA: Reach.MONTH,
        Check.ODOMETER_DIFFERS: Reach.MONTH,
        Check.UNSEEN_KILOMETRES: Reach.MONTH,
        Check.FOREIGN_HOME: Reach.MONTH,
        Check.UNDER_USED: Reach.YEAR,
        Check.IDLE: Reach.STANDING,
        Check.RENEWABLE: Reach.STANDING,
        Check.MAINTENANCE_DUE: Reach.STANDING,
    }
)
ON_TRACKS = frozenset(
    {Check.SPEEDING, Check.OUTSIDE_AREA, Check.CARD_ELSEWHERE, Check.CARD_NOT_IN_TANK}
)
"""Checks that look at messages themselves: where those are thin or gone they say nothing any more."""

_DAYS_OF_A_TRIP = 2
_DAYS_BACK: Mapping[Check, int] = MappingProxyType({Check.NOT_HOME_OVERNIGHT: NIGHTS_BACK})
_DAYS_BEFORE = 3
_PLACE = ("latitude_deg", "longitude_deg")
_EVER = datetime(1990, 1, 1, tzinfo=UTC)


def reach_of(rule: VehicleRule) -> Reach:
    """How far a rule reaches. Those that reach past a trip need judging once a day, not more often."""
    return _REACH.get(rule.check, Reach.TRIP)


def judged_span(rule: VehicleRule, span: Span, zone: ZoneInfo) -> Span:
    """Where deviations of a rule may start that a change of the facts within ``span`` makes or ends.

    ``deviations_of`` gives all of them, so a kept one that starts here and is not given is no more.
    """
    day = local_date(span.start, zone)
    reach = reach_of(rule)
    if reach is Reach.STANDING:
        return Span(min(_EVER, span.end), span.end)
    if reach is Reach.TRIP:
        first = day - _DAYS_BACK.get(rule.check, _DAYS_OF_A_TRIP) * DAY
    elif reach is Reach.MONTH:
        first = (day.replace(day=1) - DAY).replace(day=1) - DAY
    else:
        first = date((day - 31 * DAY).year, 1, 1) - DAY
    return Span(local_midnight(first, zone), max(span.end, local_midnight(first, zone)))


def facts_from(rules: Iterable[VehicleRule], span: Span, zone: ZoneInfo) -> datetime:
    """From when on trips, events, orders, seals and cards must be among the facts, for these rules."""
    starts = [
        judged_span(rule, span, zone).start
        for rule in rules
        if reach_of(rule) in (Reach.TRIP, Reach.MONTH)
    ]
    return min(starts, default=span.start) - _DAYS_BEFORE * DAY


def deviations_of(
    facts: FleetFacts, rules: Iterable[VehicleRule], register: Register, now: datetime
) -> list[Deviation]:
    """What the rules find of the vehicles of the facts, by start, vehicle and rule.

    rules
        Those in force on the day that is judged (``rulebook.as_of(day).vehicle_rules``).
    register
        As it stands on that day. Exempt vehicles and those that nobody holds give nothing; of the others each
        is judged by the rules that are for it (``applying``).
    now
        UTC. What is later has not happened yet.

    Only deviations that start within ``judged_span``: others are known from before.
    """
    listed = list(rules)
    found = []
    for code in facts.vehicles:
        vehicle = register.vehicles.get(code)
        if vehicle is None or vehicle.tracking_exempt or vehicle.status not in HELD:
            continue
        subject = subject_of(vehicle, facts, register, now)
        for rule in applying(listed, vehicle.kind, register.path_of(vehicle.organisation)):
            within = judged_span(rule, facts.span, facts.zone)
            judged = CHECKS[rule.check](rule, subject)
            found += [one for one in judged if within.start <= one.start < within.end]
    return sorted(found, key=lambda one: (one.start, one.vehicle, one.rule))


def subject_of(vehicle: Vehicle, facts: FleetFacts, register: Register, now: datetime) -> Subject:
    """A vehicle with the zone and the country of its home site; else of the facts and its organisation."""
    site = register.sites.get(vehicle.home_site or "")
    if site is None:
        country = register.country_of_asset(vehicle.organisation)
        return Subject(vehicle, register, facts, now, facts.zone, country)
    country = register.country_of_asset(site.code)
    return Subject(vehicle, register, facts, now, ZoneInfo(site.timezone), country)


def finding_of(deviation: Deviation, rule: VehicleRule) -> Finding:
    """A deviation as a finding ``vehicle_<check>`` on its vehicle, with the rule, its clause and the figures.

    What only may have been is ``vehicle_unclear`` instead, whatever the check. Whoever reads findings may not
    see where vehicles were, so the coordinates stay with the deviation.
    """
    possible = deviation.detail.get("certainty") == POSSIBLE
    detail: dict[str, str | float | int | None] = {
        **{name: told for name, told in deviation.detail.items() if name not in _PLACE},
        "vehicle_rule": rule.id,
        "rule_title_zh": rule.title.zh,
        "rule_title_en": rule.title.en,
        "instrument": rule.cites.instrument,
        "clause": rule.cites.clause,
        "trust": rule.trust.value,
        "at": deviation.start.isoformat(),
        "since": deviation.start.isoformat(),
        "until": deviation.end.isoformat(),
        "trip": None if deviation.trip is None else deviation.trip.isoformat(),
        "shown": deviation.value,
        "limit": deviation.limit,
        "unit": deviation.unit,
    }
    return Finding(POSSIBLY if possible else CODES + rule.check.value, deviation.vehicle, detail)
