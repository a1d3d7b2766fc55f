"""Trips added up by local month, for rules over months and years."""

from collections.abc import Iterable
from datetime import date
from math import isnan
from zoneinfo import ZoneInfo

from analytics.fleet.checks.facts import MonthSum
from quotawatt.fleet.trips import Trip
from quotawatt.spans import local_date

LEAST_COVERAGE = 0.9
"""A trip with more gaps says nothing of odometer against positions: ours, no standard's."""


def month_sums(trips: Iterable[Trip], zone: ZoneInfo) -> list[MonthSum]:
    """The sums of each vehicle and local month in which a trip began, by vehicle and month.

    A trip counts whole for the month of its start. Open ones count as far as they have come.
    """
    groups: dict[tuple[str, date], list[Trip]] = {}
    for trip in trips:
        month = local_date(trip.start, zone).replace(day=1)
        groups.setdefault((trip.vehicle, month), []).append(trip)
    return [
        _sum(vehicle, month, sorted(groups[vehicle, month], key=lambda t: t.start))
        for vehicle, month in sorted(groups)
    ]


def _sum(vehicle: str, month: date, trips: list[Trip]) -> MonthSum:
    known = [t for t in trips if not isnan(t.distance_km)]
    fuelled = [t for t in known if t.fuel_l is not None]
    charged = [t for t in known if t.electricity_kwh is not None]
    compared = [t for t in trips if _comparable(t)]
    stands = [
        stand
        for trip in trips
        for stand in (trip.odometer_start_km, trip.odometer_end_km)
        if stand is not None
    ]
    return MonthSum(
        vehicle=vehicle,
        month=month,
        trips=len(trips),
        distance_km=sum(t.distance_km for t in known),
        fuelled_km=sum(t.distance_km for t in fuelled),
        fuel_l=sum(t.fuel_l or 0.0 for t in fuelled),
        charged_km=sum(t.distance_km for t in charged),
        electricity_kwh=sum(t.electricity_kwh or 0.0 for t in charged),
        compared_trips=len(compared),
        compared_odometer_km=sum(_odometer_km(t) for t in compared),
        compared_gnss_km=sum(t.gnss_km or 0.0 for t in compared),
        odometer_first_km=stands[0] if stands else None,
        odometer_last_km=stands[-1] if stands else None,
    )


def _comparable(trip: Trip) -> bool:
    both = trip.odometer_start_km is not None and trip.odometer_end_km is not None
    return both and trip.gnss_km is not None and trip.coverage >= LEAST_COVERAGE


def _odometer_km(trip: Trip) -> float:
    assert trip.odometer_start_km is not None
    assert trip.odometer_end_km is not None
    return trip.odometer_end_km - trip.odometer_start_km
