"""What the yearly report and the drivers' scores rest on, read for one who asks."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from analytics.fleet.driverscore import DriverFacts, TripDeviation, driver_facts
from analytics.fleet.utilisation import pool_uses, surpluses
from analytics.fleet.yearreport import ReportFacts
from api.access import Permit
from api.fleet_accounts import accounts_of_year, factors_of, vehicles_of
from api.fleet_windows import order_windows
from api.services import Services
from quotawatt.dispatch.book import orders_between
from quotawatt.fleet.deviation_states import STANDING
from quotawatt.fleet.deviations_kept import KeptDeviation, deviations_within
from quotawatt.fleet.tripcolumns import trip_columns
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.spans import DAY, Span, local_date, local_midnight


def days_of_year(services: Services, year: int) -> tuple[date, date]:
    """The local days of a year up to now, ``[first, until)``; at least its first."""
    today = local_date(services.clock(), ZoneInfo(services.settings.timezone))
    first = date(year, 1, 1)
    return first, max(min(date(year + 1, 1, 1), today + DAY), first + DAY)


def report_facts(
    services: Services, permit: Permit, year: int, organisation: str | None
) -> ReportFacts:
    """What the yearly report of an organisation and those below it, or of all in reach, rests on."""
    vehicles = vehicles_of(permit, None, organisation)
    found = accounts_of_year(services, vehicles, year)
    first, until = days_of_year(services, year)
    windows = order_windows(services, [v.code for v in vehicles], first, until)
    trips, zone = found.facts.trips, found.facts.zone
    sources = {source for v in vehicles for source in factors_of(found.facts, v.code)}
    return ReportFacts(
        first=first,
        until=until,
        organisation=organisation or "",
        register=permit.register,
        accounts=found.years,
        pools=pool_uses(found.years, trips, windows, zone),
        surpluses=surpluses(found.years, trips, zone, (until - first).days),
        renewable_years=_renewable_years(services.rulebook.as_of(until - DAY)),
        sources=sorted(sources),
    )


def scored_drivers(
    services: Services, permit: Permit, first: date, until: date
) -> list[DriverFacts]:
    """What is known of each driver over the local days ``[first, until)``, of vehicles in reach."""
    zone = ZoneInfo(services.settings.timezone)
    span = Span(local_midnight(first, zone), local_midnight(until, zone))
    register = permit.register
    codes = [v.code for v in register.vehicles.values() if not v.tracking_exempt]
    with services.records.connect() as conn:
        orders = orders_between(conn, span.start, span.end, codes)
        trips = trip_columns(conn, span, codes)
        kept = deviations_within(conn, span, codes)
    inside = [order for order in orders if span.contains(order.planned_start)]
    return driver_facts(inside, trips, _on_trips(kept, services.rulebook))


def _on_trips(kept: Sequence[KeptDeviation], rulebook: Rulebook) -> list[TripDeviation]:
    fast = {r.id for r in rulebook.vehicle_rules.values() if r.check is Check.SPEEDING}
    return [
        TripDeviation(
            vehicle=one.deviation.vehicle,
            trip=one.deviation.trip,
            minutes=(one.deviation.end - one.deviation.start).total_seconds() / 60,
            speeding=one.deviation.rule in fast,
            standing=one.state in STANDING,
        )
        for one in kept
        if one.deviation.trip is not None
    ]


def _renewable_years(rulebook: Rulebook) -> float | None:
    """After how many years a vehicle may be renewed, by the first rule that says; None: none does."""
    rules = (r for r in rulebook.vehicle_rules.values() if r.check is Check.RENEWABLE)
    return next((rule.number("years") for rule in rules), None)
