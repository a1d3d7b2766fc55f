"""The odometer against the positions, and kilometres that nobody saw."""

from collections.abc import Iterator
from itertools import pairwise

from analytics.fleet.checks.subject import Subject
from quotawatt.fleet.trips import Deviation, Trip
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import Span, month_span


def odometer_differs(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Local months whose trips are another length by odometer than by positions. Value: difference in %.

    Of the trips that tell both, without large gaps, and only over enough kilometres. The difference is that
    of the odometer from the positions: negative where it shows less.
    """
    for month in subject.months:
        gnss, odometer = month.compared_gnss_km, month.compared_odometer_km
        if gnss <= 0 or gnss < rule.number("least_km"):
            continue
        difference = 100 * (odometer / gnss - 1)
        if abs(difference) <= rule.number("over_pct"):
            continue
        span = month_span(month.month, subject.zone)
        yield subject.found(
            rule,
            Span(span.start, max(span.start, min(span.end, subject.now))),
            value=difference,
            limit=rule.number("over_pct"),
            unit="%",
            month=f"{month.month:%Y-%m}",
            odometer_km=odometer,
            gnss_km=gnss,
            trips=month.compared_trips,
        )


def unseen_kilometres(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Rises of the odometer between two trips, or on a trip of which no message told. Value: km."""
    for one, following in pairwise(subject.trips):
        before, after = one.odometer_end_km, following.odometer_start_km
        start, end = one.end_before or one.end, following.start_after or following.start
        if start <= end:
            yield from _unseen(rule, subject, one, Span(start, end), before, after)
    for trip in subject.trips:
        if trip.start == trip.end and trip.start_after is not None and trip.end_before is not None:
            stands = trip.odometer_start_km, trip.odometer_end_km
            span = Span(trip.start_after, trip.end_before)
            yield from _unseen(rule, subject, trip, span, *stands)


def _unseen(
    rule: VehicleRule,
    subject: Subject,
    trip: Trip,
    span: Span,
    before: float | None,
    after: float | None,
) -> Iterator[Deviation]:
    if before is None or after is None or after - before < rule.number("least_km"):
        return
    yield subject.found(
        rule,
        span,
        value=after - before,
        limit=rule.number("least_km"),
        unit="km",
        place=trip.end_place,
        odometer_before_km=before,
        odometer_after_km=after,
    )
