"""Real buildings, a year each, through broker, collector, store and consumption: nothing is lost."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from quotawatt.app.system import open_system
from quotawatt.readings import Grain
from quotawatt.register.repository import save_register
from quotawatt.settings import load_settings
from quotawatt.spans import Span
from simulators.publisher import publish
from tests.app.real_data import (
    HourlyUse,
    counter_messages,
    meter,
    read_hours,
    real_data,
    register_of,
)
from tests.servers import Server

pytestmark = [pytest.mark.real_data, pytest.mark.broker, pytest.mark.slow]


def yearly_totals(data: HourlyUse, home: Path, broker: Server) -> dict[tuple[str, str], float]:
    """What the system says that each meter used in the year."""
    settings = load_settings(
        home=home,
        timezone="UTC",
        mqtt_host=broker.host,
        mqtt_port=broker.port,
        mqtt_client_id=home.name,
        mqtt_topics=("quotawatt/+/readings",),
    )
    end = data.start + timedelta(hours=data.hours)

    def clock() -> datetime:
        return end + timedelta(minutes=1)

    system = open_system(settings, clock)
    try:
        save_register(system.records, register_of(data), actor="test", at=data.start)
        collector = system.collector()
        collector.start()
        try:
            await_connection(collector)
            sent = publish(counter_messages(data), broker.host, broker.port)
            await_processed(collector, sent.messages)
        finally:
            collector.stop()
        system.analyser.run(clock())
        wanted = sorted({quantity for _, quantity in data.use})
        totals = system.series.sum_results(Grain.HOUR, None, wanted, Span(data.start, end))
    finally:
        system.close()
    found = {(r["subject"], r["measure"]): r["value"] for r in totals.to_pylist()}
    return {key: found[meter(*key), key[1]] for key in data.use}


def await_connection(collector) -> None:
    deadline = time.monotonic() + 20
    while not collector.healthy()["connected"]:
        assert time.monotonic() < deadline, collector.healthy()
        time.sleep(0.02)
    time.sleep(0.3)  # the subscription follows the connection


def await_processed(collector, messages: int) -> None:
    deadline = time.monotonic() + 120
    while collector.processed < messages:
        assert time.monotonic() < deadline, f"{collector.processed} of {messages}"
        time.sleep(0.02)


def assert_conserved(data: HourlyUse, totals: dict[tuple[str, str], float]) -> None:
    for key, use in data.use.items():
        assert totals[key] == pytest.approx(float(np.nansum(use)), rel=1e-6), key


def test_twelve_bdg2_offices_of_2017(tmp_path: Path, mosquitto: Server) -> None:
    path = real_data("building_bdg2_offices") / "electricity_2016_2017.csv.gz"
    data = read_hours(path, "timestamp", 2017, "electricity_import_kwh")
    assert len(data.use) == 12
    assert_conserved(data, yearly_totals(data, tmp_path, mosquitto))


def test_six_cambridge_buildings_of_2019_with_gas(tmp_path: Path, mosquitto: Server) -> None:
    folder = real_data("building_cambridge")
    power = read_hours(
        folder / "electricity_kwh_2017_2022.csv.gz", "timestamp_utc", 2019, "electricity_import_kwh"
    )
    gas = read_hours(folder / "gas_kwh_2017_2022.csv.gz", "timestamp_utc", 2019, "gas_kwh")
    data = replace(power, use={**power.use, **gas.use})
    assert len(power.use) == 6
    assert len(gas.use) >= 3
    assert_conserved(data, yearly_totals(data, tmp_path, mosquitto))
