"""Devices that the register does not know, or knows twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.reconciliation import SeenDevice
from analytics.reconciliation.devices import doubled_bindings, unregistered_devices
from quotawatt.register.model import Binding, PvPlant, Vehicle
from tests.analytics.reconciliation.worlds import (
    BOUND,
    DAY,
    KWH,
    LONG_AGO,
    METER,
    NOW,
    found,
    hourly,
    register,
    world,
)

STRANGER = SeenDevice(
    device="x-9",
    first_seen=NOW - 20 * DAY,
    last_seen=NOW - timedelta(hours=1),
    messages=480,
    topic="site/x-9/up",
    offers=[("", KWH), ("", "voltage_v")],
)


def test_an_unknown_device_is_named_with_what_it_offers() -> None:
    (finding,) = unregistered_devices(world(register(), seen=[STRANGER]))
    assert (finding.code, finding.subject) == ("device_unregistered", "x-9")
    assert finding.detail["offers"] == "electricity_import_kwh, voltage_v"
    assert (finding.detail["messages"], finding.detail["topic"]) == (480, "site/x-9/up")


@pytest.mark.parametrize(
    "device", [replace(STRANGER, messages=2), replace(STRANGER, last_seen=NOW - 8 * DAY)]
)
def test_what_somebody_only_tried_is_left_out(device: SeenDevice) -> None:
    assert found(unregistered_devices(world(register(), seen=[device]))) == []


def test_of_a_known_device_only_counters_are_worth_a_word() -> None:
    known = replace(STRANGER, device="d-1", offers=[("2", "voltage_v")])
    assert found(unregistered_devices(world(register(), seen=[known]))) == []
    metering = replace(known, offers=[("2", "voltage_v"), ("2", KWH)])
    (finding,) = unregistered_devices(world(register(), seen=[metering]))
    assert (finding.code, finding.detail["offers"]) == ("channel_unbound", f"2 {KWH}")


def test_one_channel_may_not_feed_two_meters_of_one_carrier() -> None:
    bindings = [
        Binding("d-1", "M-1", LONG_AGO, quantity=KWH),
        Binding("d-1", "M-2", NOW - DAY, quantity="electricity_export_kwh"),
    ]
    book = register(meters=[METER, replace(METER, code="M-2")], bindings=bindings)
    (finding,) = doubled_bindings(world(book))
    assert (finding.code, finding.subject) == ("device_feeds_two", "M-1")
    assert finding.detail["other"] == "M-2"
    assert finding.detail["since"] == (NOW - DAY).isoformat()


def test_channels_of_one_device_and_meters_of_two_carriers_are_right() -> None:
    channels = [replace(BOUND, channel="1"), Binding("d-1", "M-2", LONG_AGO, "2")]
    book = register(meters=[METER, replace(METER, code="M-2")], bindings=channels)
    assert found(doubled_bindings(world(book))) == []
    carriers = [
        Binding("d-1", "M-1", LONG_AGO, quantity=KWH),
        Binding("d-1", "M-2", LONG_AGO, quantity="water_m3"),
    ]
    book = register(meters=[METER, replace(METER, code="M-2", carrier="water")], bindings=carriers)
    assert found(doubled_bindings(world(book))) == []


def test_a_meter_of_both_directions_may_feed_a_plant() -> None:
    bindings = [
        Binding("d-1", "M-1", LONG_AGO, quantity=KWH),
        Binding("d-1", "P-1", LONG_AGO, "", "electricity_export_kwh", "pv_generation_kwh"),
    ]
    book = register(pv_plants=[PvPlant("P-1", "光伏", "PV", "B-1", 50.0)], bindings=bindings)
    assert found(doubled_bindings(world(book))) == []


def test_one_terminal_may_not_be_in_two_vehicles() -> None:
    cars = [Vehicle(f"V-{n}", "车", "Car", "O-1", f"鲁A0000{n}", "sedan", "petrol") for n in (1, 2)]
    bindings = [
        Binding("t", "V-1", LONG_AGO, quantity="odometer_km"),
        Binding("t", "V-2", LONG_AGO, quantity="speed_kmh"),
    ]
    book = register(vehicles=cars, bindings=bindings)
    assert found(doubled_bindings(world(book))) == [("device_feeds_two", "V-1")]


def test_a_meter_fed_by_two_devices_counts_twice() -> None:
    book = register(bindings=[BOUND, Binding("d-2", "M-1", NOW - 9 * DAY)])
    made = world(book, [*hourly("d-1"), *hourly("d-2")])
    (finding,) = doubled_bindings(made)
    assert (finding.code, finding.subject) == ("asset_fed_twice", "M-1")
    assert (finding.detail["device"], finding.detail["other"]) == ("d-1", "d-2")
    assert finding.detail["since"] == (NOW - 9 * DAY).isoformat()


def test_a_second_device_of_other_quantities_is_right() -> None:
    book = register(bindings=[BOUND, Binding("d-2", "M-1", LONG_AGO)])
    made = world(book, [*hourly("d-1"), *hourly("d-2", quantity="indoor_temperature_c")])
    assert found(doubled_bindings(made)) == []


def test_a_replaced_meter_is_right() -> None:
    swap = NOW - 9 * DAY
    book = register(bindings=[replace(BOUND, valid_until=swap), Binding("d-2", "M-1", swap)])
    assert found(doubled_bindings(world(book, [*hourly("d-1"), *hourly("d-2")]))) == []
