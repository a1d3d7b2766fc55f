from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.fleet.cardfuel import by_cards
from analytics.fleet.energy import with_energy
from analytics.fleet.energyparameters import ENERGY_DEFAULTS
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import EnergyBy, Trip
from tests.analytics.fleet.driving import at, track, trip, vehicle

DAY = 1440.0


def card(day: float, litres: float, odometer_km: float | None = None) -> FuelCard:
    return FuelCard("V", at(day * DAY), "CARD-1", "petrol", litres, odometer_km=odometer_km)


def daily(days: int, km: float) -> list[Trip]:
    return [trip(d * DAY + 480, d * DAY + 540, km) for d in range(days)]


@given(
    km=st.lists(st.floats(1, 200), min_size=6, max_size=6),
    litres=st.lists(st.floats(0.1, 1.0), min_size=2, max_size=2),
)
def test_what_was_bought_is_spread_over_the_kilometres_since_the_filling_before(
    km: list[float], litres: list[float]
) -> None:
    trips = [trip(d * DAY + 480, d * DAY + 540, way) for d, way in enumerate(km)]
    found, findings = by_cards(
        trips, [card(0, 40), card(3, litres[0]), card(5, litres[1])], ENERGY_DEFAULTS
    )
    assert findings == ()
    assert found[:3].sum() == pytest.approx(litres[0])
    assert found[3:5].sum() == pytest.approx(litres[1])
    assert found[0] / km[0] == pytest.approx(found[2] / km[2])
    assert np.isnan(found[5])  # not yet paid for


def test_a_trip_across_a_filling_has_its_part_of_both() -> None:
    trips = [trip(0, 600, 100), trip(700, 800, 50), trip(900, 1500, 100)]
    cards = [FuelCard("V", at(t), "C", "petrol", lit) for t, lit in ((0, 9), (300, 5), (1500, 20))]
    found, _ = by_cards(trips, cards, ENERGY_DEFAULTS)
    assert found == pytest.approx([5 + 5, 5, 10])


def test_kilometres_that_no_trip_has_bear_their_part() -> None:
    """The drivers' odometer says 400 km, the trips 300 km."""
    found, _ = by_cards(daily(3, 100), [card(0, 40, 1000), card(3, 32, 1400)], ENERGY_DEFAULTS)
    assert found == pytest.approx([8, 8, 8])


def test_two_rows_of_one_filling_are_one() -> None:
    twice = [card(0, 40), card(3, 10), card(3.01, 14)]
    found, _ = by_cards(daily(3, 100), twice, ENERGY_DEFAULTS)
    assert found == pytest.approx([8, 8, 8])


def test_fuel_that_cannot_have_been_burnt_is_a_finding_and_in_no_trip() -> None:
    found, findings = by_cards(daily(3, 10), [card(0, 40), card(3, 60)], ENERGY_DEFAULTS)
    assert np.isnan(found).all()
    (finding,) = findings
    assert (finding.code, finding.subject) == ("fuel_card_spread", "V")
    assert finding.detail["litres"] == 60
    assert finding.detail["km"] == 30


def test_one_filling_alone_says_nothing() -> None:
    found, findings = by_cards(daily(3, 100), [card(1, 40)], ENERGY_DEFAULTS)
    assert np.isnan(found).all()
    assert findings == ()


def test_cards_come_after_what_the_vehicle_tells_and_others_cards_do_not_count() -> None:
    trips = daily(3, 100)
    minutes = np.array([470.0, 550.0, DAY + 470, DAY + 550])
    told = track(minutes, fuel_used_l=np.array([100, 109, 109, 116.0]))
    other = FuelCard("W", at(2 * DAY), "C", "petrol", 50)
    cards = [card(0, 40), card(3, 24), other]
    used = with_energy(told, vehicle("petrol"), trips, (), 5.0, ENERGY_DEFAULTS, cards)
    assert [(t.fuel_l, t.fuel_by) for t in used.trips] == [
        (9, EnergyBy.USED),
        (7, EnergyBy.USED),
        (8, EnergyBy.CARD),
    ]
    assert trips[0].start + timedelta(days=2) == used.trips[2].start
