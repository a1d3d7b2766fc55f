"""Totals up the tree and along time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key, empty_grid, hour_starts, instant_of, micros_of
from analytics.totals.rollup import (
    add_up,
    day_edges,
    hours_of_days,
    to_days,
    to_months,
    whole_days,
    whole_months,
)
from analytics.totals.tree import Tree
from quotawatt.register.model import PvPlant, Register, Vehicle
from quotawatt.spans import Span, local_midnight
from tests.analytics.builders import IMPORT, SHANGHAI, at, binding, day_span, meter, register

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
SPAN = Span(at(0), at(24))


def grid(keys: list[Key], span: Span, value: float = 1.0) -> Grid:
    """Every hour measured, with the same value."""
    empty = empty_grid(keys, hour_starts(span))
    full = np.ones(empty.value.shape)
    return Grid(empty.keys, empty.starts, value * full, full, empty.estimated)


def tree(of: Register) -> Tree:
    return Tree(Wiring(of), SHANGHAI)


def two_meters() -> Register:
    """Two roots in BLD-1, a sub-meter behind the first, one root in BLD-2."""
    meters = [
        meter("M-1"),
        meter("M-2"),
        meter("M-1-A", parent="M-1"),
        meter("M-3", building="BLD-2"),
    ]
    bindings = [binding(f"dev-{m.code}", m.code) for m in meters]
    return register(*bindings, meters=meters, buildings=2)


def test_building_has_its_roots_and_organisations_their_buildings() -> None:
    of = tree(two_meters())
    points = [Key(code, IMPORT) for code in ("M-1", "M-2", "M-1-A", "M-3")]
    totals = of.totals_over(dict.fromkeys(points, SPAN))
    assert [t.subject for t in totals] == ["BLD-1", "BLD-2", "ORG-LOW", "ORG-TOP"]
    sums = add_up(grid(points, Span(at(0), at(2)), value=5.0), totals, of)
    assert sums.value[:, 0].tolist() == [10, 5, 15, 15]
    assert (sums.coverage == 1).all()


def test_sub_meter_enters_no_total() -> None:
    assert tree(two_meters()).above(Key("M-1-A", IMPORT), SPAN) == ()


def test_missing_part_lowers_the_coverage_and_does_not_stall() -> None:
    of = tree(two_meters())
    points = [Key(code, IMPORT) for code in ("M-1", "M-2", "M-3")]
    hours = grid(points, Span(at(0), at(1)), value=5.0)
    hours.value[1, 0], hours.coverage[1, 0] = np.nan, 0.0
    sums = add_up(hours, of.totals_over(dict.fromkeys(points, SPAN)), of)
    assert sums.value[:, 0].tolist() == [5, 5, 10, 10]
    assert sums.coverage[:, 0].tolist() == [0.5, 1.0, 0.75, 0.75]


def test_part_without_binding_in_the_hour_is_not_expected() -> None:
    meters = [meter("M-1"), meter("M-2")]
    of = tree(register(binding("a", "M-1"), binding("b", "M-2", valid_from=at(1)), meters=meters))
    hours = grid([Key("M-1", IMPORT)], Span(at(0), at(2)))
    sums = add_up(
        Grid(
            (*hours.keys, Key("M-2", IMPORT)),
            hours.starts,
            np.vstack([hours.value, [[np.nan, np.nan]]]),
            np.vstack([hours.coverage, [[0, 0]]]),
            np.vstack([hours.estimated, [[False, False]]]),
        ),
        [Key("BLD-1", IMPORT)],
        of,
    )
    assert sums.coverage[0].tolist() == [1.0, 0.5]


def test_total_of_nothing_is_absent() -> None:
    of = tree(two_meters())
    hours = empty_grid([Key("M-1", IMPORT)], hour_starts(Span(at(0), at(2))))
    sums = add_up(hours, of.totals_over(dict.fromkeys(hours.keys, SPAN)), of)
    assert np.isnan(sums.value).all()
    assert (sums.coverage == 0).all()


def test_estimate_marks_its_totals() -> None:
    of = tree(two_meters())
    points = [Key(code, IMPORT) for code in ("M-1", "M-2", "M-3")]
    hours = grid(points, Span(at(0), at(1)))
    hours.estimated[0, 0] = True
    sums = add_up(hours, of.totals_over(dict.fromkeys(points, SPAN)), of)
    assert sums.estimated[:, 0].tolist() == [True, False, True, True]


def test_plants_and_vehicles() -> None:
    vehicles = [
        Vehicle("V-P", "车", "Car", "ORG-LOW", "1", "sedan", "petrol"),
        Vehicle("V-D", "车", "Van", "ORG-TOP", "2", "van", "diesel"),
        Vehicle("V-E", "车", "EV", "ORG-LOW", "3", "sedan", "electric"),
    ]
    of = tree(register(vehicles=vehicles, pv_plants=[PvPlant("PV", "伏", "PV", "BLD-1", 9.0)]))
    pv = "pv_generation_kwh"
    assert of.above(Key("PV", pv), SPAN) == (
        Key("BLD-1", pv),
        Key("ORG-LOW", pv),
        Key("ORG-TOP", pv),
    )
    assert of.above(Key("V-P", "fuel_used_l"), SPAN) == (
        Key("ORG-LOW", "petrol_l"),
        Key("ORG-TOP", "petrol_l"),
    )
    assert of.above(Key("V-D", "fuel_used_l"), SPAN) == (Key("ORG-TOP", "diesel_l"),)
    assert of.above(Key("V-E", "fuel_used_l"), SPAN) == ()
    # What an electric vehicle charges is a memo of its own, never part of the electricity.
    assert {k.measure for k in of.above(Key("V-E", "charge_energy_kwh"), SPAN)} == {
        "charge_energy_kwh"
    }
    assert of.parts(Key("ORG-TOP", "petrol_l"), SPAN) == (
        Key("BLD-1", "petrol_l"),
        Key("V-P", "fuel_used_l"),
    )
    assert of.above(Key("SITE-1", "outdoor_temperature_c"), SPAN) == ()


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2023, 3, 26), 23), (date(2023, 3, 27), 24), (date(2023, 10, 29), 25)],
)
def test_days_follow_daylight_saving(day: date, hours: int) -> None:
    days = to_days(grid([Key("M", IMPORT)], day_span(day, BERLIN)), BERLIN)
    assert days.value.tolist() == [[hours]]
    assert days.coverage.tolist() == [[1.0]]
    assert instant_of(days.starts[0]) == local_midnight(day, BERLIN)


def test_zone_of_half_hours_assigns_an_hour_to_the_day_it_starts_in() -> None:
    span = day_span(date(2023, 3, 1), KOLKATA)  # begins at 18:30 UTC
    hours = hours_of_days(span)
    assert hours == Span(
        datetime(2023, 2, 28, 19, tzinfo=UTC), datetime(2023, 3, 1, 19, tzinfo=UTC)
    )
    days = to_days(grid([Key("M", IMPORT)], hours), KOLKATA)
    assert instant_of(days.starts[0]) == span.start
    assert days.value.tolist() == [[24.0]]


def test_gauge_is_averaged_over_known_hours_and_coverage_over_all() -> None:
    hours = grid(
        [Key("SITE-1", "outdoor_temperature_c")], day_span(date(2023, 3, 1), SHANGHAI), 8.0
    )
    hours.value[0, :12], hours.coverage[0, :12] = np.nan, 0.0
    hours.value[0, 12] = 20.0
    days = to_days(hours, SHANGHAI)
    assert days.value[0, 0] == pytest.approx((11 * 8 + 20) / 12)
    assert days.coverage[0, 0] == 0.5


def test_months_weigh_days_by_their_length() -> None:
    span = whole_months(day_span(date(2023, 3, 10), BERLIN), BERLIN)
    edges = day_edges(span, BERLIN)
    assert len(edges) == 32
    hours = grid([Key("M", IMPORT)], span)
    days = to_days(hours, BERLIN)
    months = to_months(days, BERLIN)
    assert months.value.tolist() == [[31 * 24 - 1]]
    days.value[0, 25], days.coverage[0, 25] = np.nan, 0.0  # 26 March, of 23 hours
    assert to_months(days, BERLIN).coverage[0, 0] == pytest.approx(1 - 23 / 743)


def test_days_and_months_that_a_span_touches() -> None:
    start = local_midnight(date(2023, 1, 31), SHANGHAI)
    assert whole_days(Span(start, start + timedelta(hours=24)), SHANGHAI) == day_span(
        date(2023, 1, 31), SHANGHAI
    )
    over = Span(start, start + timedelta(hours=25))
    assert whole_days(over, SHANGHAI).hours == 48
    assert whole_months(over, SHANGHAI).hours == (31 + 28) * 24
    assert micros_of(whole_months(over, SHANGHAI).start) == micros_of(
        local_midnight(date(2023, 1, 1), SHANGHAI)
    )
