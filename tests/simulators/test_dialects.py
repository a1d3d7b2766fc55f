"""Payloads as devices send them."""

import json
from datetime import datetime

import pytest

from simulators.dialects import (
    native_columns,
    native_values,
    shelly_notify_status,
    tasmota_sensor,
)
from simulators.timeline import ZONE

AT = datetime(2023, 1, 1, 1, tzinfo=ZONE)


def test_native_columns() -> None:
    body = native_columns("em-1", [1672506000, 1672506900], {"electricity_import_kwh": [1.5, 2.0]})
    assert body.topic == "quotawatt/em-1/readings"
    assert json.loads(body.payload) == {
        "channel": "",
        "times": [1672506000, 1672506900],
        "values": {"electricity_import_kwh": [1.5, 2.0]},
    }
    assert body.readings == 2


def test_native_values() -> None:
    body = native_values("tbox-1", AT, {"odometer_km": 12.5, "ignition": 1.0})
    assert body.topic == "quotawatt/tbox-1/readings"
    content = json.loads(body.payload)
    assert datetime.fromisoformat(content["time"]) == AT
    assert content["time"].endswith("+08:00")
    assert content["values"] == {"odometer_km": 12.5, "ignition": 1.0}
    assert body.readings == 2


def test_tasmota_sensor() -> None:
    body = tasmota_sensor("tasmota_1", AT, [100.25, 99.0, 97.5], 1.38)
    assert body.topic == "tele/tasmota_1/SENSOR"
    content = json.loads(body.payload)
    assert content["Time"] == "2023-01-01T01:00:00"
    energy = content["ENERGY"]
    assert energy["Total"] == 100.25
    assert energy["Today"] == 1.25
    assert energy["Yesterday"] == 1.5
    assert energy["Power"] == 1380
    assert energy["ApparentPower"] == 1500  # 1,380 W / 0.92
    assert energy["ReactivePower"] == 588  # √(1500² - 1380²)
    assert energy["Current"] == pytest.approx(1500 / energy["Voltage"], abs=1e-3)
    assert body.readings == 7


def test_shelly_notify_status() -> None:
    body = shelly_notify_status("shellyplus1pm-0a", 1672506000, 12.3456, 1.2, 0.02)
    assert body.topic == "shellyplus1pm-0a/events/rpc"
    content = json.loads(body.payload)
    assert content["src"] == "shellyplus1pm-0a"
    assert content["method"] == "NotifyStatus"
    assert content["params"]["ts"] == pytest.approx(1672506000.13)
    switch = content["params"]["switch:0"]
    assert switch["aenergy"]["total"] == 12345.6  # Wh
    assert switch["apower"] == 1200.0  # W
    assert switch["aenergy"]["by_minute"] == [20_000.0] * 3  # mWh: 0.02 kWh a minute
    assert switch["aenergy"]["minute_ts"] % 60 == 0
    assert body.readings == 4
