"""Findings of holdings from the stores: meters, switches and air, over local days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from analytics.assets.idle import ENERGY
from analytics.jobs.holdings import holding_findings
from quotawatt.readings import RESULTS, Grain, Quality, Reading, readings_table
from quotawatt.register.model import (
    Binding,
    Building,
    Equipment,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
)
from quotawatt.register.pool import Terms, offer_asset
from quotawatt.register.pool_book import Act
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_midnight
from quotawatt.storage.port import SeriesStore

BOOK = load_rulebook()
ZONE = ZoneInfo("Asia/Shanghai")
NOW = local_midnight(date(2024, 3, 1), ZONE) + timedelta(hours=6)
SINCE = datetime(2023, 1, 1, tzinfo=UTC)

REGISTER = Register(
    organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
    sites=[Site("SITE", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD", "楼", "House", "SITE", "ORG")],
    equipment=[
        Equipment("PUMP", "泵", "Pump", "pump", "ORG", building="BLD", rated_power_kw=10.0),
        Equipment("PLUG", "机", "Printer", "printer_a4", "ORG", building="BLD"),
    ],
    spaces=[Space("ROOM", "室", "Room", "BLD", "meeting", 50.0)],
    meters=[
        Meter("M-1", "表", "Meter", "BLD", "electricity", serves="PUMP"),
        Meter("M-2", "表", "Meter", "BLD", "electricity"),
    ],
    bindings=[
        Binding("plug", "PLUG", SINCE, channel="0"),
        Binding("air-old", "ROOM", SINCE, valid_until=NOW - timedelta(days=15)),
        Binding("air", "ROOM", NOW - timedelta(days=15)),
    ],
)


def days() -> Iterator[datetime]:
    for n in range(30, 0, -1):
        yield local_midnight(date(2024, 3, 1) - timedelta(days=n), ZONE)


def hours(device: str, channel: str, quantity: str, value: float, first: datetime) -> list[Reading]:
    count = int((NOW - first) / timedelta(hours=1))
    times = [first + timedelta(hours=n) for n in range(count)]
    return [Reading(device, channel, quantity, t, value, arrived=t) for t in times]


@pytest.fixture
def series(empty_series: SeriesStore) -> SeriesStore:
    """The same signs in each kind of store."""
    fill(empty_series)
    return empty_series


def fill(store: SeriesStore) -> None:
    rows = [
        {
            "subject": subject,
            "measure": ENERGY,
            "start": day,
            "value": value,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for subject, value in (("M-1", 2.0), ("M-2", 0.0))
        for day in days()
    ]
    store.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    first = next(days())
    middle = NOW - timedelta(days=15)
    store.write_readings(
        readings_table(
            [
                *hours("plug", "0", "switch_on", 0.0, first),
                *(r for r in hours("air-old", "", "co2_ppm", 430.0, first) if r.time < middle),
                *hours("air", "", "co2_ppm", 440.0, middle),
                # Of the time after it was taken down, of another channel, and one that nobody believes.
                Reading("air-old", "", "co2_ppm", NOW - timedelta(hours=30), 2000.0, arrived=NOW),
                Reading("plug", "1", "switch_on", NOW - timedelta(hours=30), 1.0, arrived=NOW),
                replace(
                    Reading("air", "", "co2_ppm", NOW - timedelta(minutes=7), 9e3, arrived=NOW),
                    quality=Quality.SUSPECT,
                ),
            ]
        )
    )


def found(
    series: SeriesStore, records: Engine, register: Register = REGISTER, book: Rulebook = BOOK
) -> dict[str, str]:
    findings = holding_findings(series, records, register, book, NOW, ZONE)
    return {f.subject: str(f.detail["source"]) for f in findings if f.code == "idle_asset"}


def test_what_a_meter_a_switch_and_the_air_show(series: SeriesStore, records: Engine) -> None:
    # The air was heard half of the time by each of two devices: neither alone shows enough.
    assert found(series, records) == {"PUMP": "M-1", "PLUG": "plug"}


def test_a_sensor_that_was_there_all_the_time(series: SeriesStore, records: Engine) -> None:
    middle = NOW - timedelta(days=15)
    first = next(days())
    late = [r for r in hours("air-old", "", "co2_ppm", 435.0, first) if r.time >= middle]
    quiet = [r for r in late if r.time != NOW - timedelta(hours=30)]
    series.write_readings(readings_table(quiet))
    bindings = [*REGISTER.bindings[:1], Binding("air-old", "ROOM", SINCE)]
    register = Register(
        organisations=list(REGISTER.organisations.values()),
        sites=list(REGISTER.sites.values()),
        buildings=list(REGISTER.buildings.values()),
        spaces=list(REGISTER.spaces.values()),
        bindings=bindings,
    )
    # One reading of 2,000 ppm is use.
    assert found(series, records, register) == {}


def test_what_is_offered_or_known_to_be_idle_is_no_finding(
    series: SeriesStore, records: Engine
) -> None:
    offer_asset(records, REGISTER, "PUMP", Terms("lend"), Act("somebody", NOW))
    assert found(series, records) == {"PLUG": "plug"}


def test_rules_that_have_ended_judge_nothing_any_more(series: SeriesStore, records: Engine) -> None:
    def until(day: date) -> Rulebook:
        ended = {
            key: [replace(version, effective_until=day) for version in listed]
            for key, listed in BOOK.versions["idle_rules"].items()
        }
        return replace(BOOK, versions={**BOOK.versions, "idle_rules": ended})

    assert found(series, records, book=until(date(2024, 3, 1))) == {}
    assert found(series, records, book=until(date(2024, 3, 2))) == found(series, records)
