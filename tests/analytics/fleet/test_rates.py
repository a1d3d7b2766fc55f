from dataclasses import replace

import pytest

from analytics.fleet.rates import Rates, cost_cny, rates_by, rates_of
from tests.analytics.fleet.driving import trip

LONG = replace(trip(0, 60, 90), fuel_l=6.0, idling_fuel_l=0.2)
SHORT = replace(trip(100, 110, 10), fuel_l=2.0)
UNTOLD = trip(200, 260, 25)
NOWHERE = replace(trip(300, 310, float("nan")), fuel_l=1.0)


def test_a_rate_is_a_ratio_of_sums() -> None:
    """8 L over 100 km; the mean of 6.67 and 20 L/100 km would be 13.3."""
    fuel = rates_by([LONG, SHORT], lambda t: t.vehicle)["V"].fuel
    assert fuel.per_100km == pytest.approx(8.0)
    assert fuel.share == 1.0


def test_trips_that_tell_one_of_both_only_are_in_its_share() -> None:
    found = rates_by([LONG, SHORT, UNTOLD, NOWHERE], lambda t: t.vehicle)["V"]
    assert found.fuel.per_100km == pytest.approx(8.0)
    assert found.fuel.share == pytest.approx(100 / 125)
    assert found.electricity.per_100km is None
    assert found.electricity.share == 0
    assert found.idling_l == pytest.approx(0.2)


def test_groups_are_those_of_the_key() -> None:
    pools = {"V": "north", "W": "south"}
    trips = [LONG, replace(SHORT, vehicle="W")]
    found = rates_by(trips, lambda t: pools[t.vehicle])
    assert {pool: of.fuel.per_100km for pool, of in found.items()} == {
        "north": pytest.approx(20 / 3),
        "south": pytest.approx(20.0),
    }
    assert sum(found.values(), Rates()) == rates_of(LONG) + rates_of(trips[1])


def test_nothing_has_no_rate() -> None:
    assert Rates().fuel.per_100km is None
    assert Rates().fuel.share is None


def test_cost_needs_use_and_price() -> None:
    assert cost_cny(LONG, cny_per_l=7.5) == pytest.approx(45.0)
    assert cost_cny(LONG, cny_per_kwh=0.6) is None
    assert cost_cny(UNTOLD, cny_per_l=7.5) is None
    both = replace(LONG, electricity_kwh=10.0)
    assert cost_cny(both, 7.5, 0.6) == pytest.approx(51.0)
    assert cost_cny(both, 7.5) is None
