"""What accounts of vehicles are made of, laid before them: nothing here reads a store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.fleet.footprint import Footprint
from analytics.fleet.tripframe import idling_frame, trip_frame
from quotawatt.calendars import is_working_day
from quotawatt.dispatch.records import Service
from quotawatt.fleet.cards import FuelCard
from quotawatt.register.model import Vehicle

ODOMETER, FUEL_USED, CHARGED, COST = "odometer_km", "fuel_used_l", "charge_energy_kwh", "cost_cny"
RESULTS_OF = (ODOMETER, FUEL_USED, CHARGED, COST)
"""Measures of a vehicle whose monthly results an account rests on."""


@dataclass(frozen=True, slots=True)
class UseOfOrder:
    """What an order says to an account: who drove, and tolls and parking as told (None: not told)."""

    vehicle: str
    start: datetime
    driver: str | None = None
    cost_cny: float | None = None


@dataclass(frozen=True)
class AccountFacts:
    """What is known of some vehicles around the months that are accounted.

    zone
        Whose days and months they are.
    now
        The present instant (UTC): working days count until its local day.
    trips
        As ``quotawatt.fleet.tripcolumns.TRIP_COLUMNS``. Of vehicles that must not be followed none.
    idlings
        As ``IDLING_COLUMNS``, under way or at rest; of the same vehicles.
    results
        Monthly results by vehicle, first day of the month and measure of ``RESULTS_OF``.
    cards, services, orders
        Of the months; orders are those that were driven.
    open_deviations
        Vehicle and start of each on which somebody still has to act.
    footprints
        By vehicle and year.
    countries
        Whose working days count, by vehicle; empty and what is not in it: China's.
    """

    zone: ZoneInfo
    now: datetime
    vehicles: Sequence[Vehicle]
    trips: pd.DataFrame = field(default_factory=lambda: trip_frame(()))
    idlings: pd.DataFrame = field(default_factory=lambda: idling_frame(()))
    results: Mapping[tuple[str, date, str], float] = field(default_factory=dict)
    cards: Sequence[FuelCard] = ()
    services: Sequence[Service] = ()
    orders: Sequence[UseOfOrder] = ()
    open_deviations: Sequence[tuple[str, datetime]] = ()
    footprints: Mapping[tuple[str, int], Footprint] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    working_day: Callable[[date, str], bool] = is_working_day
