"""Accounts of vehicles made from trips, monthly results, cards, services and orders."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from analytics.fleet.accountcosts import costs_by_month
from analytics.fleet.accountfacts import CHARGED, FUEL_USED, ODOMETER, AccountFacts
from analytics.fleet.accounts import Account, Sum, SumBy, Use
from analytics.fleet.checks.monthsums import LEAST_COVERAGE
from analytics.fleet.tripframe import local_days
from quotawatt.calendars import CHINA
from quotawatt.register.model import Vehicle
from quotawatt.spans import DAY, local_date, next_month

_SUMS = ("distance_km", "gnss_km", "fuel_l", "electricity_kwh")
_ENERGY = ("fuel_l", "electricity_kwh")
_ENDS = ("_km", "_of_km")
_COMPARED = ("compared_odometer_km", "compared_gnss_km")


def months_of(year: int) -> list[date]:
    """The first days of the months of a year."""
    return [date(year, month, 1) for month in range(1, 13)]


def month_accounts(facts: AccountFacts, months: Sequence[date]) -> list[Account]:
    """The account of every vehicle and month given (first days), by vehicle and month.

    A trip counts whole for the month of its start; the days that it touches beyond its first are not counted.
    """
    parts = _Parts(
        trips=_trip_sums(facts),
        costs=costs_by_month(facts),
        open=Counter(
            (v, local_date(at, facts.zone).replace(day=1)) for v, at in facts.open_deviations
        ),
        drivers=_drivers(facts),
        idling=_idling_sums(facts),
        bought=_bought(facts),
        working=_working_days(facts, months),
    )
    return [
        _account(facts, parts, vehicle, month)
        for vehicle in sorted(facts.vehicles, key=lambda v: v.code)
        for month in months
    ]


_Key = tuple[str, date]


@dataclass(frozen=True)
class _Parts:
    """Sums by vehicle and month, each made in one go over all of them; working days by country and month."""

    trips: Mapping[_Key, Mapping[str, Any]]
    costs: Mapping[_Key, Mapping[str, Sum]]
    open: Mapping[_Key, int]
    drivers: Mapping[_Key, frozenset[str]]
    idling: Mapping[_Key, Mapping[str, Any]]
    bought: Mapping[_Key, float]
    working: Mapping[_Key, frozenset[date]]


def _account(facts: AccountFacts, parts: _Parts, vehicle: Vehicle, month: date) -> Account:
    key, until = (vehicle.code, month), next_month(month)
    sums = {} if vehicle.tracking_exempt else parts.trips.get(key, {})
    km = _km(facts, key, sums)
    plain = Account(
        vehicle=vehicle,
        first=month,
        until=until,
        masked=vehicle.tracking_exempt,
        km=km,
        fuel=_use(facts, parts, key, km, vehicle, FUEL_USED),
        electricity=_use(facts, parts, key, km, vehicle, CHARGED),
    )
    if vehicle.tracking_exempt:
        return plain
    use, idling = plain.use.amount.value, parts.idling.get(key, {})
    footprint = facts.footprints.get((vehicle.code, month.year))
    days = sums.get("days", frozenset())
    worked = parts.working[facts.countries.get(vehicle.code, CHINA), month]
    return replace(
        plain,
        trips_km=_known(sums, "distance_km"),
        gnss_km=_known(sums, "gnss_km"),
        compared_odometer_km=float(sums.get("compared_odometer_km", 0.0)),
        compared_gnss_km=float(sums.get("compared_gnss_km", 0.0)),
        trips=int(sums.get("trips", 0)),
        days=len(days),
        hours=float(sums.get("hours", 0.0)),
        working_days=len(worked),
        working_days_used=len(worked & days),
        idling_h=float(idling.get("hours", 0.0)),
        idling_l=_known(idling, "litres"),
        costs=parts.costs.get(key, {}),
        kgco2=None if footprint is None else footprint.carbon(use),
        kgce=None if footprint is None else footprint.coal(use),
        open_deviations=parts.open.get(key, 0),
        drivers=tuple(sorted(parts.drivers.get(key, ()))),
    )


def _km(facts: AccountFacts, key: _Key, sums: Mapping[str, Any]) -> Sum:
    counted = facts.results.get((*key, ODOMETER))
    if counted is not None:
        return Sum(counted, (SumBy.COUNTER,))
    driven = _known(sums, "distance_km")
    return Sum() if driven is None else Sum(driven, (SumBy.TRIPS,))


def _use(
    facts: AccountFacts, parts: _Parts, key: _Key, km: Sum, vehicle: Vehicle, measure: str
) -> Use:
    """By the counter, with the odometer's kilometres; else by the trips that know it, else by cards.

    What was charged in a month is not what was driven on: per 100 km the trips go before it, where they tell
    of nearly all kilometres.
    """
    sums = {} if vehicle.tracking_exempt else parts.trips.get(key, {})
    electric = measure == CHARGED
    quota = vehicle.quota_kwh_per_100km if electric else vehicle.quota_l_per_100km
    column = "electricity_kwh" if electric else "fuel_l"
    known_km = float(sums.get(f"{column}_km", 0.0))
    by_trips = float(sums.get(f"{column}_of_km", 0.0))
    counted = facts.results.get((*key, measure))
    if counted is not None:
        amount = Sum(counted, (SumBy.COUNTER,))
        told = electric and km.value is not None and known_km >= LEAST_COVERAGE * km.value
        if SumBy.COUNTER in km.by and km.value and not told:
            return Use(amount, counted, km.value, quota)
        return Use(amount, by_trips, known_km, quota)
    driven = _known(sums, column)
    if driven is not None:
        return Use(Sum(driven, (SumBy.TRIPS,)), by_trips, known_km, quota)
    bought = None if electric else parts.bought.get(key)
    return Use(Sum() if bought is None else Sum(bought, (SumBy.CARDS,)), quota_per_100km=quota)


def _known(sums: Mapping[str, Any], column: str) -> float | None:
    """A sum over the trips that tell it; None: none does."""
    value = sums.get(column)
    return None if value is None or math.isnan(value) else float(value)


def _trip_sums(facts: AccountFacts) -> dict[_Key, dict[str, Any]]:
    """Of the trips that began in each month: sums of what is known, hours and days."""
    trips = facts.trips
    if trips.empty:
        return {}
    day = local_days(trips["start"], facts.zone)
    frame = trips.assign(
        day=day,
        month=day.dt.to_period("M"),
        hours=(trips["end"] - trips["start"]).dt.total_seconds() / 3600,
        **{f"{name}_km": _where(trips, "distance_km", name) for name in _ENERGY},
        **{f"{name}_of_km": _where(trips, name, "distance_km") for name in _ENERGY},
        **_compared(trips),
    )
    groups = frame.groupby(["vehicle", "month"], observed=True)
    known = groups[list(_SUMS)].sum(min_count=1)
    ends = (f"{name}{end}" for name in _ENERGY for end in _ENDS)
    plain = groups[["hours", *_COMPARED, *ends]].sum()
    count = groups.size().rename("trips")
    table = pd.concat([known, plain, count], axis=1)
    rows: Any = table.to_dict("index")
    found: dict[_Key, dict[str, Any]] = {_key(at): dict(row) for at, row in rows.items()}
    once = frame[["vehicle", "month", "day"]].drop_duplicates()
    for (vehicle, month), days in once.groupby(["vehicle", "month"], observed=True)["day"]:
        found[_key((vehicle, month))]["days"] = frozenset(days.dt.date)
    return found


def _idling_sums(facts: AccountFacts) -> dict[_Key, dict[str, Any]]:
    """Hours of idling that began in each month, and the litres of what tells them."""
    if facts.idlings.empty:
        return {}
    frame = facts.idlings.assign(
        month=local_days(facts.idlings["start"], facts.zone).dt.to_period("M"),
        hours=(facts.idlings["end"] - facts.idlings["start"]).dt.total_seconds() / 3600,
    )
    sums = frame.groupby(["vehicle", "month"], observed=True)[["hours", "litres"]].sum(min_count=1)
    rows: Any = sums.to_dict("index")
    return {_key(at): dict(row) for at, row in rows.items()}


def _compared(trips: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Kilometres by odometer and along the positions of the trips that have both, without large gaps."""
    odometer = trips["odometer_end_km"] - trips["odometer_start_km"]
    whole = (trips["coverage"] >= LEAST_COVERAGE) & odometer.notna() & trips["gnss_km"].notna()
    both = zip(_COMPARED, (odometer, trips["gnss_km"]), strict=True)
    return {name: km.where(whole, 0.0) for name, km in both}


def _where(trips: pd.DataFrame, column: str, known: str) -> "pd.Series[float]":
    """A column where another one is known, else 0."""
    return trips[column].where(trips[known].notna(), 0.0).fillna(0.0)


def _key(at: Any) -> _Key:
    vehicle, month = at
    return str(vehicle), date(month.year, month.month, 1)


def _bought(facts: AccountFacts) -> dict[_Key, float]:
    """Litres bought by card."""
    found: dict[_Key, float] = {}
    for card in facts.cards:
        key = card.vehicle, local_date(card.time, facts.zone).replace(day=1)
        found[key] = found.get(key, 0.0) + card.litres
    return found


def _drivers(facts: AccountFacts) -> dict[_Key, frozenset[str]]:
    found: dict[_Key, frozenset[str]] = {}
    for order in facts.orders:
        if order.driver is not None:
            key = order.vehicle, local_date(order.start, facts.zone).replace(day=1)
            found[key] = found.get(key, frozenset()) | {order.driver}
    return found


def _working_days(facts: AccountFacts, months: Sequence[date]) -> dict[_Key, frozenset[date]]:
    """By country and month, those up to the present day."""
    today = local_date(facts.now, facts.zone)
    found = {}
    for country in {CHINA, *facts.countries.values()}:
        for month in months:
            until = min(next_month(month), today + DAY)
            days = (month + n * DAY for n in range(max((until - month).days, 0)))
            worked = frozenset(day for day in days if facts.working_day(day, country or CHINA))
            found[country, month] = worked
    return found
