"""Judged day by day as trips come, the same stands in the end as judged at once."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from analytics.fleet.checks.facts import FleetFacts
from analytics.fleet.checks.judging import deviations_of, judged_span
from analytics.fleet.checks.monthsums import month_sums
from quotawatt.dispatch.order import Order
from quotawatt.fleet.trips import Deviation, Trip
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.spans import DAY, Span
from tests.analytics.fleet.checks.scenery import (
    AWAY,
    HOME,
    OTHER,
    ZONE,
    at,
    later,
    order,
    register,
    rule,
    trip,
)

RULES = [
    rule(check)
    for check in (
        *(Check.NO_ORDER, Check.LATE_ORDER, Check.OUTSIDE_WORKING_TIME, Check.SEALED),
        *(Check.NOT_HOME_OVERNIGHT, Check.UNSEEN_KILOMETRES, Check.FOREIGN_HOME),
    )
]
FIRST, DAYS = at("04-20 00:00"), 25


def a_month(seed: int) -> tuple[list[Trip], list[Order]]:
    """Trips from place to place at any hour, some over midnight, and orders for some of them."""
    rng = np.random.default_rng(seed)
    trips, orders, now, place, stand = [], [], FIRST, HOME, 1000.0
    while (now := later(now, rng.integers(60, 2500))) < FIRST + (DAYS - 1) * DAY:
        to = [HOME, HOME, OTHER, AWAY][rng.integers(4)]
        stand += rng.choice([0.0, 0.0, 0.0, 12.0])
        end = later(now, rng.integers(10, 180))
        made = trip("01-01 00:00", "01-01 01:00", 20.0, place, to)
        trips.append(
            replace(made, start=now, end=end, odometer_start_km=stand, odometer_end_km=stand + 20.0)
        )
        if rng.random() < 0.4:
            usual = order("01-01 00:00", "01-01 01:00")
            orders.append(
                replace(usual, planned_start=now, planned_end=end, decided_at=later(now, 40))
            )
        now, place, stand = end, to, stand + 20.0
    return trips, orders


def found(trips: list[Trip], orders: list[Order], span: Span) -> list[Deviation]:
    known = [t for t in trips if t.end <= span.end]
    facts = FleetFacts(
        span,
        ["V-1"],
        ZONE,
        trips={"V-1": known},
        orders={"V-1": orders},
        months={"V-1": month_sums(known, ZONE)},
        orders_since={"V-1": FIRST},
    )
    return deviations_of(facts, RULES, register(), span.end)


def day_by_day(trips: list[Trip], orders: list[Order]) -> set[tuple[str, datetime, datetime]]:
    kept: dict[tuple[str, datetime], Deviation] = {}
    for n in range(DAYS):
        span = Span(FIRST + n * DAY, FIRST + timedelta(days=n + 1))
        for by in RULES:
            within = judged_span(by, span, ZONE)
            gone = [key for key in kept if key[0] == by.id and within.contains(key[1])]
            for key in gone:
                del kept[key]
        kept |= {(one.rule, one.start): one for one in found(trips, orders, span)}
    return {(one.rule, one.start, one.end) for one in kept.values()}


@pytest.mark.parametrize("seed", range(4))
def test_judged_daily_is_judged_at_once(seed: int) -> None:
    trips, orders = a_month(seed)
    whole = found(trips, orders, Span(FIRST, FIRST + DAYS * DAY))
    assert len({one.rule for one in whole}) >= 5
    # The end of what still goes on is the present.
    assert day_by_day(trips, orders) == {(one.rule, one.start, one.end) for one in whole}
