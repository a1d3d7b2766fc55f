"""Readings by hand of the year before."""

import json
from collections import Counter
from datetime import UTC, datetime

from simulators.cast import register_rows
from simulators.demo import YEAR_START, demo_messages
from simulators.hand_readings import prior_year_readings
from simulators.world import World


def test_thirteen_readings_of_each_counter_that_is_read_by_hand(world: World) -> None:
    readings = prior_year_readings(world)
    counts = Counter((r.asset, r.quantity) for r in readings)
    bound = {r["asset"] for r in register_rows("bindings") if r["device"].startswith("asset:")}
    assert {asset for asset, _ in counts} == bound
    assert set(counts.values()) == {13}
    assert readings == sorted(readings)
    # Local midnights, as UTC.
    assert readings[0].time == datetime(2021, 12, 31, 16, tzinfo=UTC)
    assert readings[-1].time == YEAR_START
    assert {quantity for _, quantity in counts} == {
        "electricity_import_kwh",
        "electricity_export_kwh",
        "heat_gj",
        "water_m3",
        "fuel_used_l",
    }


def test_counters_do_not_fall(world: World) -> None:
    readings = prior_year_readings(world)
    for key in {(r.asset, r.quantity) for r in readings}:
        values = [r.value for r in readings if (r.asset, r.quantity) == key]
        assert values == sorted(values), key


def test_devices_go_on_from_the_last_reading(world: World) -> None:
    devices = {
        row["device"]: row["asset"]
        for row in register_rows("bindings")
        if not row["device"].startswith("asset:")
    }
    first: dict[tuple[str, str], float] = {}
    for message in demo_messages(until=YEAR_START.replace(hour=16, minute=1)):
        if message.topic.startswith("quotawatt/"):
            content = json.loads(message.payload)
            for name, value in content["values"].items():
                value = value[0] if isinstance(value, list) else value
                first[devices[message.topic.split("/")[1]], name] = value
    last = [r for r in prior_year_readings(world) if r.time == YEAR_START]
    # 6 electricity meters, one of which exports too; 5 of heat, 4 of water, 4 cars that burn petrol.
    assert len(last) == 20
    for reading in last:
        assert first[reading.asset, reading.quantity] == reading.value, reading
