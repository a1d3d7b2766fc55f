"""Readings by hand, bills and purchases: where they count, and where a device goes before them."""

import numpy as np
import pytest

from analytics.consumption.amounts import SESSION, Amount
from analytics.consumption.audit import audit
from analytics.consumption.byhand import hand_series
from analytics.consumption.cleaning import clean
from analytics.consumption.explain import explain_hours
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key
from analytics.totals.tree import Tree
from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.register.model import Register, Vehicle
from quotawatt.spans import Span
from tests.analytics.builders import FAR, IMPORT, SHANGHAI, at, binding, meter, reading, register

GAS = Key("GAS-1", "gas_m3")
METERS = [meter(), meter("GAS-1", carrier="gas", rated_power_kw=None)]


def by_hand(hours: float, value: float, point: Key = GAS) -> Reading:
    return reading(at(hours), value, f"asset:{point.subject}", point.measure)


def use(
    readings: list[Reading],
    *amounts: Amount,
    of: Register | None = None,
    point: Key = GAS,
    hours: float = 10,
) -> Grid:
    held = clean(readings_table(readings), FAR)
    book = of or register(binding(), meters=METERS)
    return hourly_use(held, Wiring(book), [point], Span(at(0), at(hours)), amounts)[0]


def bill(first: float, until: float, amount: float, point: Key = GAS) -> Amount:
    return Amount(point, at(first), at(until), amount)


def test_readings_by_hand_count_without_a_binding_spread_as_an_estimate() -> None:
    found = use([by_hand(0, 100), by_hand(10, 150)])
    assert found.value[0].tolist() == [5.0] * 10
    assert found.estimated.all()
    assert (found.coverage == 1).all()


def test_the_devices_multiplier_holds_for_what_is_read_at_its_register() -> None:
    # The device is bound for its power only; the register of the meter is read by hand.
    of = register(
        binding(asset="GAS-1", quantity="water_flow_m3h", multiplier=10.0, valid_until=at(4)),
        meters=METERS,
    )
    found = use([by_hand(h, 100 + h) for h in range(9)], of=of, hours=8)
    assert found.value[0].tolist() == [10.0] * 4 + [1.0] * 4


def test_where_a_device_is_bound_what_is_read_by_hand_does_not_count() -> None:
    of = register(binding("gas", "GAS-1", valid_from=at(4)), meters=METERS)
    device = [reading(at(h), 50 + 2 * h, "gas", "gas_m3") for h in range(4, 9)]
    found = use([*device, *(by_hand(h, 7 * h) for h in range(9))], of=of, hours=8)
    assert found.value[0].tolist() == [7.0] * 4 + [2.0] * 4


def test_an_explicit_binding_of_what_is_imported_wins_while_it_holds() -> None:
    imported = binding(
        "asset:GAS-1", "MTR-1", quantity="gas_m3", valid_from=at(2), valid_until=at(4)
    )
    of = register(imported, meters=METERS)
    wiring = Wiring(of)
    assert wiring.points_of([hand_series(GAS)]) == (GAS, Key("MTR-1", "gas_m3"))
    found = use([by_hand(h, 5 * h) for h in range(7)], of=of, hours=6)
    assert np.nan_to_num(found.value[0], nan=-1).tolist() == [5, 5, -1, -1, 5, 5]


def test_marks_of_bills_lead_to_the_point() -> None:
    wiring = Wiring(register(binding(), meters=METERS))
    assert wiring.points_of([SeriesKey("asset:GAS-1", "bill", "gas_m3")]) == (GAS,)
    assert wiring.points_of([SeriesKey("asset:GAS-1", "a", "gas_m3")]) == ()
    assert wiring.points_of([SeriesKey("asset:NONE", "", "gas_m3")]) == ()
    assert wiring.points_of([SeriesKey("asset:GAS-1", "", "voltage_v")]) == ()


def test_nothing_is_expected_of_what_may_be_read_by_hand() -> None:
    of = register(binding(), meters=METERS)
    tree = Tree(Wiring(of), SHANGHAI)
    starts = use([by_hand(0, 1)]).starts
    assert not tree.expected(GAS, starts).any()
    assert tree.expected(Key("MTR-1", IMPORT), starts).all()


def test_a_bill_is_spread_over_its_time_and_exact_over_all_of_it() -> None:
    found = use([], bill(-5, 5, 100))
    assert found.value[0, :5].tolist() == [10.0] * 5
    assert np.isnan(found.value[0, 5:]).all()
    assert found.estimated[0].tolist() == [True] * 5 + [False] * 5
    assert found.coverage[0].tolist() == [1.0] * 5 + [0.0] * 5


def test_a_bill_counts_where_no_device_is_bound_though_it_may_be_silent() -> None:
    of = register(binding("gas", "GAS-1", valid_from=at(4)), meters=METERS)
    found = use([], bill(0, 10, 100), of=of)
    assert found.value[0, :4].tolist() == [10.0] * 4
    assert np.isnan(found.value[0, 4:]).all()


def test_a_bill_gives_way_to_readings_by_hand() -> None:
    found = use([by_hand(2, 0), by_hand(4, 6)], bill(0, 10, 100))
    assert found.value[0].tolist() == [10, 10, 3, 3, 10, 10, 10, 10, 10, 10]


def test_a_purchase_of_a_vehicle_gives_way_to_what_its_terminal_counted() -> None:
    # A terminal may send what is used, or not: bound for everything, it goes first where it does.
    car = Vehicle("VEH", "车", "Car", "ORG-LOW", "1", "sedan", "petrol")
    of = register(binding("gps", "VEH"), vehicles=[car])
    point = Key("VEH", "fuel_used_l")
    counted = [reading(at(h), 2 * h, "gps", "fuel_used_l") for h in (2, 3, 4)]
    read = [by_hand(0, 0, point), by_hand(8, 80, point)]
    found = use([*counted, *read], bill(0, 10, 10, point), of=of, point=point)
    assert found.value[0].tolist() == [10, 10, 2, 2, 10, 10, 10, 10, 1, 1]
    without = use(read, of=of, point=point, hours=8)
    assert without.value[0].tolist() == [10.0] * 8


def test_a_bill_explains_itself() -> None:
    wiring = Wiring(register(binding(), meters=METERS))
    held = clean(readings_table([]), FAR)
    (hour,) = explain_hours(held, wiring, GAS, Span(at(3), at(4)), [bill(0, 10, 100)])
    (step,) = hour.steps
    assert (step.device, step.rule, step.amount, step.use) == ("", "amount", 100, 10)
    assert (step.before, step.multiplier, step.share) == (None, None, pytest.approx(0.1))


def test_the_series_by_hand_is_named_by_asset_and_quantity() -> None:
    assert hand_series(GAS) == SeriesKey("asset:GAS-1", "", "gas_m3")


def test_a_charging_session_gives_way_to_what_was_entered_and_its_books_close() -> None:
    car = Key("CAR-1", "charge_energy_kwh")
    of = register(vehicles=[Vehicle("CAR-1", "车", "Car", "ORG-1", "A1", "car", "electric")])
    session = Amount(car, at(2), at(6), 8.0, SESSION)
    amounts = [bill(4, 8, 20.0, car), session]
    found = use([], *amounts, of=of, point=car)
    expected = [np.nan, np.nan, 2, 2, 5, 5, 5, 5, np.nan, np.nan]
    assert np.array_equal(found.value[0], expected, equal_nan=True)
    assert found.estimated[0, 2:8].all()
    held, hours = clean(readings_table([]), FAR), Span(at(0), at(10))
    (hour,) = explain_hours(held, Wiring(of), car, Span(at(3), at(4)), amounts)
    assert [(step.rule, step.use, step.device) for step in hour.steps] == [("session", 2.0, "")]
    books = audit(held, Wiring(of), car, hours, amounts)
    assert books.total == np.nansum(found.value) == 24.0
    assert [section.opening for section in books.sections] == [None, None]
