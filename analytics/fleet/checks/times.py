"""Use outside working time and on sealed days, and the odometer at seal and unseal.

Days are those of the vehicle's home site, DST-correct; working days go by its country's calendar with the
weekends that are worked. A trip over midnight is judged part by part.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from analytics.fleet.checks.resting import stayed_between
from analytics.fleet.checks.subject import (
    POSSIBLE,
    Subject,
    minutes,
    minutes_of,
    overlap,
    trip_span,
    uncovered,
)
from quotawatt.calendars import is_weekend, working_calendar_known
from quotawatt.fleet.trips import Deviation, Trip
from quotawatt.rulebook.vehicle_rules import ALLOWED, HOLIDAYS, LEFT_OUT, VehicleRule
from quotawatt.spans import DAY, Span, local_midnight

_LONGEST_RUN_DAYS = 20
"""Days off in a row are looked at no farther than this."""


def outside_working_time(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Trips of which enough minutes lie outside working time. Value: these minutes."""
    allowed = rule.word("with_order") == ALLOWED
    orders = [window for _, window in subject.entitling()] if allowed else []
    for trip in subject.trips:
        span = trip_span(trip)
        outside = uncovered(span, [*_permitted(rule, subject, span), *orders])
        beyond = minutes(outside)
        if not outside or beyond < rule.number("least_minutes"):
            continue
        day = subject.day_of(outside[0].start)
        yield subject.found(
            rule,
            Span(outside[0].start, outside[-1].end),
            trip=trip,
            value=beyond,
            limit=rule.number("least_minutes"),
            unit="min",
            place=trip.start_place,
            distance_km=trip.distance_km,
            day=day.isoformat(),
            working_day="yes" if subject.working_day(day) else "no",
            calendar=_calendar(subject, day),
        )


def sealed(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Trips on sealed days, or while the vehicle was sealed by hand. Value: minutes driven then.

    A trip whose start or end was not seen, and that may only have reached into the sealed time, is marked
    as possible: but not where it left from where the trip before ended, as after a holiday without messages.
    """
    tolerance = minutes_of(rule.number("tolerance_minutes"))
    by_hand = _seals(subject)
    for trip, reach in _reaches(subject.trips):
        closed = [
            Span(w.start + tolerance, w.end - tolerance)
            for w in _merged([*_sealed_days(rule, subject, reach), *by_hand])
            if w.end - w.start > 2 * tolerance
        ]
        certain = overlap(trip_span(trip), closed)
        for parts, certainty in ((certain, None), (overlap(reach, closed), POSSIBLE)):
            if parts:
                yield _driven_sealed(rule, subject, trip, parts, certainty)
                break


def seal_odometer(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Seals whose odometer differs between seal and unseal. Value: the difference in km."""
    for seal in subject.facts.seals.get(subject.vehicle.code, ()):
        before, after = seal.odometer_at_seal_km, seal.odometer_at_unseal_km
        if seal.unsealed_at is None or before is None or after is None:
            continue
        if abs(after - before) > rule.number("tolerance_km"):
            yield subject.found(
                rule,
                Span(seal.sealed_at, seal.unsealed_at),
                value=after - before,
                limit=rule.number("tolerance_km"),
                unit="km",
                odometer_at_seal_km=before,
                odometer_at_unseal_km=after,
                seal=seal.id,
            )


def _permitted(rule: VehicleRule, subject: Subject, span: Span) -> Iterator[Span]:
    """The times in and around a span in which this rule has nothing to say."""
    for day in [subject.day_of(span.start) - DAY, *subject.days(span.start, span.end)]:
        holiday = rule.word("holidays") == LEFT_OUT and is_holiday(subject, day)
        if holiday or subject.on_duty(day):
            yield _whole(subject, day)
        elif subject.working_day(day):
            yield subject.window(day, rule.clock("from"), rule.clock("until"))


def is_holiday(subject: Subject, day: date) -> bool:
    """Whether a day off belongs to a holiday: days off in a row of which one is no weekend."""
    if subject.working_day(day):
        return False
    return any(
        not is_weekend(one, subject.country)
        for step in (DAY, -DAY)
        for one in _off_in_a_row(subject, day, step.days)
    )


def _off_in_a_row(subject: Subject, day: date, step: int) -> Iterator[date]:
    for _ in range(_LONGEST_RUN_DAYS):
        if subject.working_day(day):
            return
        yield day
        day += step * DAY


def _reaches(trips: Sequence[Trip]) -> Iterator[tuple[Trip, Span]]:
    """Each trip with the time in which it may have been under way."""
    for before, trip, after in zip([None, *trips], trips, [*trips[1:], None], strict=False):
        start, end = trip.start, max(trip.start, trip.end)
        if trip.start_after is not None and not (before and stayed_between(before, trip)):
            start = min(trip.start_after, start)
        if trip.end_before is not None and not (after and stayed_between(trip, after)):
            end = max(trip.end_before, end)
        yield trip, Span(start, end)


def _sealed_days(rule: VehicleRule, subject: Subject, reach: Span) -> Iterator[Span]:
    """The sealed days in and next to a time, those apart on which the vehicle is on duty."""
    days = subject.days(reach.start, reach.end)
    for day in [days[0] - DAY, *days, days[-1] + DAY]:
        wanted = (
            is_holiday(subject, day)
            if rule.word("days") == HOLIDAYS
            else not subject.working_day(day)
        )
        if wanted and not subject.on_duty(day):
            yield _whole(subject, day)


def _seals(subject: Subject) -> list[Span]:
    return [
        Span(seal.sealed_at, seal.unsealed_at or max(subject.now, seal.sealed_at))
        for seal in subject.facts.seals.get(subject.vehicle.code, ())
    ]


def _driven_sealed(
    rule: VehicleRule, subject: Subject, trip: Trip, parts: list[Span], certainty: str | None
) -> Deviation:
    day = subject.day_of(parts[0].start)
    return subject.found(
        rule,
        Span(parts[0].start, parts[-1].end),
        trip=trip,
        value=None if certainty else minutes(parts),
        limit=None if certainty else 0.0,
        unit="min",
        place=trip.start_place,
        day=day.isoformat(),
        distance_km=trip.distance_km,
        odometer_start_km=trip.odometer_start_km,
        odometer_end_km=trip.odometer_end_km,
        certainty=certainty,
        calendar=_calendar(subject, day),
    )


def _merged(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _whole(subject: Subject, day: date) -> Span:
    return Span(local_midnight(day, subject.zone), local_midnight(day + DAY, subject.zone))


def _calendar(subject: Subject, day: date) -> str | None:
    """``not_announced`` where the year's days off are those of the law alone."""
    return None if working_calendar_known(day, subject.country) else "not_announced"
