"""Vehicles that are hardly used or stand idle, may be renewed, or are due for maintenance."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from analytics.fleet.checks.facts import MonthSum
from analytics.fleet.checks.subject import Subject
from quotawatt.dispatch.records import Service, ServiceKind
from quotawatt.fleet.trips import Deviation
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import DAY, Span, local_midnight

_DAYS_A_YEAR = 365.25


def under_used(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Calendar years with fewer kilometres than are worth a vehicle. Value: km; limit: pro rata of its days.

    A year is judged once enough days of it have gone by, from the day on which the vehicle came, and only
    where it was heard on enough of them: silent is not idle. Odometer or trips, whichever tell more.
    """
    for year in sorted({month.month.year for month in subject.months}):
        first = max(date(year, 1, 1), subject.vehicle.acquired or date.min)
        last = min(date(year + 1, 1, 1), subject.day_of(subject.now))
        days = (last - first).days
        if first.year != year or days < rule.number("least_days"):
            continue
        span = Span(local_midnight(first, subject.zone), local_midnight(last, subject.zone))
        months = [m for m in subject.months if m.month.year == year]
        driven = _driven_km(months, span, rule, subject)
        least = rule.number("least_km_a_year") * days / _DAYS_A_YEAR
        if driven is not None and driven < least:
            yield subject.found(
                rule,
                span,
                value=driven,
                limit=least,
                unit="km",
                year=year,
                days=days,
                trips=sum(m.trips for m in months),
            )


def idle(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """A vehicle in use that has not moved for days, though it was heard. Value: days since its last trip."""
    last = subject.last_trip
    if last is None or last.open or subject.vehicle.status != "in_use":
        return
    since = last.end_before or last.end
    days = (subject.now - since) / DAY
    if days < rule.number("days"):
        return
    heard = subject.facts.heard(subject.vehicle.code, Span(since, subject.now))
    if heard is not None and 100 * heard >= rule.number("least_heard_pct"):
        yield subject.found(
            rule,
            Span(since, max(since, _today(subject))),
            value=float(int(days)),
            limit=rule.number("days"),
            unit="days",
            place=last.end_place,
            heard_pct=100 * heard,
        )


def renewable(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """A vehicle old enough to be renewed: a hint, for what is still usable stays in use. Value: years."""
    acquired = subject.vehicle.acquired
    if acquired is None:
        return
    years = rule.number("years")
    due = local_midnight(_months_later(acquired, round(12 * years)), subject.zone)
    if due <= subject.now:
        yield subject.found(
            rule,
            Span(due, max(due, _today(subject))),
            value=(subject.day_of(subject.now) - acquired).days / _DAYS_A_YEAR,
            limit=years,
            unit="years",
            acquired=acquired.isoformat(),
        )


def maintenance_due(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """A vehicle whose kilometres or months since its last maintenance are used up. Value: km or days since.

    Without maintenance on record its months count from the day on which it came, and no kilometres.
    """
    vehicle = subject.vehicle
    last = _last_maintenance(subject)
    since = vehicle.acquired if last is None else last.day
    if since is None:
        return
    km = _km_since(last, subject)
    today = subject.day_of(subject.now)
    every_km, every_months = vehicle.service_every_km, vehicle.service_every_months
    by_km = every_km is not None and km is not None and km >= every_km - rule.number("ahead_km")
    due = None if every_months is None else _months_later(since, every_months)
    by_day = due is not None and today >= due - rule.number("ahead_days") * DAY
    if not by_km and not by_day:
        return
    start = local_midnight(since, subject.zone)
    yield subject.found(
        rule,
        Span(start, max(start, _today(subject))),
        value=km if by_km else float((today - since).days),
        limit=every_km if by_km or due is None else float((due - since).days),
        unit="km" if by_km else "days",
        last_maintenance=None if last is None else last.day.isoformat(),
        km_since=km,
        due_day=None if due is None else due.isoformat(),
        overdue="yes" if _is_overdue(km, every_km, today, due) else "no",
    )


def _is_overdue(km: float | None, every_km: float | None, today: date, due: date | None) -> bool:
    by_km = km is not None and every_km is not None and km > every_km
    return by_km or (due is not None and today > due)


def _driven_km(
    months: Sequence[MonthSum], span: Span, rule: VehicleRule, subject: Subject
) -> float | None:
    heard = subject.facts.heard(subject.vehicle.code, span)
    if heard is None or 100 * heard < rule.number("least_heard_pct"):
        return None
    firsts = [m.odometer_first_km for m in months if m.odometer_first_km is not None]
    lasts = [m.odometer_last_km for m in months if m.odometer_last_km is not None]
    by_odometer = lasts[-1] - firsts[0] if firsts and lasts else 0.0
    return max(by_odometer, sum(m.distance_km for m in months))


def _last_maintenance(subject: Subject) -> Service | None:
    done = (
        service
        for service in subject.facts.services.get(subject.vehicle.code, ())
        if service.kind is ServiceKind.MAINTENANCE and service.withdrawn_at is None
    )
    return max(done, key=lambda service: service.day, default=None)


def _km_since(last: Service | None, subject: Subject) -> float | None:
    """Kilometres since a service by the odometer; None where it was not told at both ends."""
    trip = subject.last_trip
    told = [m.odometer_last_km for m in subject.months if m.odometer_last_km is not None]
    if trip is not None and trip.odometer_end_km is not None:
        told.append(trip.odometer_end_km)
    if last is None or last.odometer_km is None or not told:
        return None
    return max(told[-1] - last.odometer_km, 0.0)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _today(subject: Subject) -> datetime:
    """The local midnight before now: what stands changes once a day."""
    return local_midnight(subject.day_of(subject.now), subject.zone)
