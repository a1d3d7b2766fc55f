"""A small world for the tests of api and console: invented, and small enough to reckon by hand.

One upper organisation ORG-1 with building BLD-1 (1,000 m²), one below it, ORG-2, with BLD-2 (2,000 m²).
Every day of 2023, BLD-1 takes 250 kWh and BLD-2 200 kWh; BLD-1 is expected to take 200 (180 to 220), so
each day lies 25 % (50 kWh) above, 15 % beyond the band. Hours exist for 18 to 31 December. The clock
stands at the very end of 2023, local time.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pyarrow as pa
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, insert

from alerts.channels.base import Channels
from alerts.delivery.sender import Sender
from alerts.service import AlertService
from api.app import create_app
from api.services import Services
from quotawatt.access.passwords import Passwords
from quotawatt.ledger import Ledger
from quotawatt.readings import RESULTS, Grain, Reading, readings_table
from quotawatt.register.model import (
    BaseValue,
    Binding,
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
)
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import (
    alerts,
    counters,
    dead_letters,
    findings,
    jobs,
    kept_messages,
    seen_devices,
)

# What is tested is who may do what, not how long a guess takes.
QUICK = Passwords(memory_kib=64, passes=1)
TOKEN = "a-token-of-the-tests-0123456789"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = local_midnight(date(2024, 1, 1), ZONE)
DAYS = [date(2023, 1, 1) + timedelta(days=n) for n in range(365)]

REGISTER = Register(
    organisations=[
        Organisation("ORG-1", "甲机关", "First Office", "party_government", "city"),
        Organisation("ORG-2", "乙机关", "Second Office", "party_government", "city", "ORG-1"),
    ],
    headcounts=[
        Headcount("ORG-1", "in_post", 40, date(2022, 1, 1)),
        Headcount("ORG-2", "in_post", 60, date(2022, 1, 1)),
    ],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("BLD-1", "一号楼", "Building One", "SITE-1", "ORG-1", 1000.0),
        Building("BLD-2", "二号楼", "Building Two", "SITE-1", "ORG-2", 2000.0),
    ],
    meters=[
        Meter("MTR-1", "一号楼总表", "Building One, main", "BLD-1", "electricity"),
        Meter("MTR-1-A", "照明插座", "Lighting", "BLD-1", "electricity", "A", "MTR-1"),
        Meter("MTR-2", "二号楼总表", "Building Two, main", "BLD-2", "electricity"),
    ],
    bindings=[
        Binding(
            "dev-old",
            "MTR-1",
            datetime(2022, 1, 1, tzinfo=UTC),
            valid_until=NOW - timedelta(hours=2),
        ),
        Binding("dev-new", "MTR-1", NOW - timedelta(hours=2)),
    ],
    base_values=[BaseValue("BLD-1", "carbon_kgco2_per_m2", 2020, 50.0, "invented")],
)


@dataclass
class Scene:
    """The application over the small world; ``moment`` is what its clock says."""

    services: Services
    app: FastAPI
    series: MemorySeriesStore
    records: Engine
    moment: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def bearer(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {TOKEN}"}


def build_scene(
    home: Path, register: Register = REGISTER, *, records_url: str = "sqlite", **changes: Any
) -> Scene:
    """The world, its stores filled; ``changes`` replace members of its ``Services``."""
    series = filled_series()
    records = open_records(records_url, home)
    fill_records(records)
    moment = [NOW]
    rulebook = shipped_rulebook()
    settings = Settings(home=home, api_token=SecretStr(TOKEN), language="zh")
    channels = Channels()
    members: dict[str, Any] = {
        "settings": settings,
        "series": series,
        "records": records,
        "register_source": lambda: register,
        "rulebook_source": lambda: rulebook,
        "clock": lambda: moment[0],
        "alerts": AlertService(
            series=series,
            records=records,
            register_source=lambda: register,
            rulebook=rulebook,
            ledger=Ledger(records),
            channels=channels,
            sender=Sender(records, channels, lambda _keys, _now: {}, "test"),
            settings=settings,
        ),
        "passwords": QUICK,
        "health": lambda: {"collect": {"connected": True}, "analyse": {"ok": True, "lag_s": 3.0}},
        **changes,
    }
    services = Services(**members)
    return Scene(services, create_app(services), series, records, moment)


def add_alert(scene: Scene, rule: str, subject: str, **changes: Any) -> None:
    """One more alert, firing since yesterday; the asset is the subject's first part."""
    row = {
        "rule": rule,
        "subject": subject,
        "asset": subject.partition("/")[0],
        "state": "firing",
        "severity": "warning",
        "value": 120.0,
        "firing_since": NOW - timedelta(days=1),
        "evaluated_at": NOW,
        "detail": {},
        **changes,
    }
    with scene.records.begin() as conn:
        conn.execute(insert(alerts).values(row))


def result_rows(
    subject: str,
    measure: str,
    starts: Iterable[datetime],
    value: float | None,
    quality: str = "measured",
) -> list[dict[str, Any]]:
    """Results of one series with the same value throughout."""
    return [
        {
            "subject": subject,
            "measure": measure,
            "start": start,
            "value": value,
            "quality": quality,
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for start in starts
    ]


@cache
def shipped_rulebook() -> Rulebook:
    """The packs that are shipped; immutable, so one is enough."""
    return load_rulebook()


def filled_series() -> MemorySeriesStore:
    """Days of 2023, hours of its last two weeks, months, and a few readings: each caller's own."""
    return _filled_series().copy()


@cache
def _filled_series() -> MemorySeriesStore:
    series = MemorySeriesStore()
    days = [local_midnight(d, ZONE) for d in DAYS]
    per_day = {
        ("BLD-1", "electricity_import_kwh"): 250.0,
        ("BLD-1", "electricity_expected_kwh"): 200.0,
        ("BLD-1", "electricity_expected_low_kwh"): 180.0,
        ("BLD-1", "electricity_expected_high_kwh"): 220.0,
        ("BLD-1", "electricity_excess_pct"): 15.0,
        ("BLD-2", "electricity_import_kwh"): 200.0,
        ("ORG-1", "electricity_import_kwh"): 450.0,
        ("ORG-2", "electricity_import_kwh"): 200.0,
        ("ORG-1", "water_m3"): 1.0,
        ("SITE-1", "outdoor_temperature_c"): 12.5,
    }
    day_rows = [r for (s, m), v in per_day.items() for r in result_rows(s, m, days, v)]
    series.write_results(Grain.DAY, pa.Table.from_pylist(day_rows, RESULTS))
    start = local_midnight(date(2023, 12, 18), ZONE)
    hours = [start + timedelta(hours=n) for n in range(14 * 24)]
    hour_rows = [
        r
        for (s, m), v in per_day.items()
        if m != "electricity_excess_pct"
        for r in result_rows(s, m, hours, v if m.endswith("_c") else v / 24)
    ]
    series.write_results(Grain.HOUR, pa.Table.from_pylist(hour_rows, RESULTS))
    months = [local_midnight(date(2023, m, 1), ZONE) for m in range(1, 13)]
    month_rows = result_rows("ORG-1", "electricity_import_kwh", months, 13_687.5)
    series.write_results(Grain.MONTH, pa.Table.from_pylist(month_rows, RESULTS))
    series.write_readings(readings_table(_readings()))
    return series


def _readings() -> Iterator[Reading]:
    """Four hours of quarters, counting 1 kWh each; the meter is swapped two hours before the end."""
    for n in range(16):
        time = NOW - timedelta(hours=4) + timedelta(minutes=15 * n)
        device = "dev-old" if n < 8 else "dev-new"
        yield Reading(device, "", "electricity_import_kwh", time, 100.0 + n, time)


def fill_records(records: Engine) -> None:
    """Two firing alerts, a resolved one, a dead letter, an unknown device, a finding, counters."""
    fired = NOW - timedelta(days=30)
    common = {"evaluated_at": NOW, "detail": {}, "severity": "warning", "value": None}
    with records.begin() as conn:
        conn.execute(
            insert(alerts),
            [
                {
                    **common,
                    "rule": "quota-exhausted",
                    "subject": "BLD-1/db37t2672-city-b-electricity/2023",
                    "asset": "BLD-1",
                    "state": "firing",
                    "severity": "critical",
                    "value": 114.1,
                    "firing_since": fired,
                },
                {
                    **common,
                    "rule": "meter-silent",
                    "subject": "MTR-1-A",
                    "asset": "MTR-1-A",
                    "state": "firing",
                    "value": 31.0,
                    "firing_since": fired + timedelta(days=1),
                },
                {
                    **common,
                    "rule": "meter-silent",
                    "subject": "MTR-2",
                    "asset": "MTR-2",
                    "state": "resolved",
                    "firing_since": fired,
                    "resolved_at": NOW,
                },
            ],
        )
        conn.execute(
            insert(dead_letters),
            [
                {
                    "arrived": NOW,
                    "topic": "x/y",
                    "payload": b"\xff{",
                    "reason": "not_json",
                    "message": "m",
                }
            ],
        )
        conn.execute(
            insert(seen_devices),
            [
                {
                    "device": "stranger",
                    "profile": "native",
                    "topic": "quotawatt/stranger/readings",
                    "first_seen": fired,
                    "last_seen": NOW,
                    "messages": 3,
                    "payload": b'{"values":{"water_m3":5}}',
                    "payload_bytes": 25,
                    "offers": [
                        {
                            "channel": "",
                            "quantity": "water_m3",
                            "value": 5.0,
                            "time": NOW.isoformat(),
                        }
                    ],
                    "earliest_reading": fired,
                    "kept": 1,
                    "kept_bytes": 25,
                    "dropped": 2,
                }
            ],
        )
        conn.execute(
            insert(kept_messages),
            [
                {
                    "device": "stranger",
                    "arrived": NOW,
                    "topic": "quotawatt/stranger/readings",
                    "payload": b'{"values":{"water_m3":5}}',
                }
            ],
        )
        conn.execute(
            insert(jobs),
            [
                {
                    "kind": "replay",
                    "arguments": {},
                    "state": "done",
                    "requested_by": "test",
                    "requested_at": fired,
                    "result": {"replayed": 1},
                }
            ],
        )
        conn.execute(
            insert(findings),
            [
                {
                    "code": "counter_reset",
                    "subject": "MTR-1",
                    "key": "2023-05-01",
                    "detail": {"before_kwh": 10.0},
                    "first_seen": fired,
                    "last_seen": NOW,
                }
            ],
        )
        conn.execute(insert(counters), [{"name": "readings_written", "total": 16}])


class Client:
    """A browser or program that talks to the application without a network in between; keeps cookies."""

    def __init__(
        self,
        app: FastAPI,
        headers: Mapping[str, str] | None = None,
        base_url: str = "http://quotawatt.test",
    ) -> None:
        self._app = app
        self._headers = dict(headers or {})
        self._base_url = base_url
        self.cookies = httpx.Cookies()

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.send("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.send("POST", path, **options)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._send(method, path, **options))

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport,
            base_url=self._base_url,
            headers=self._headers,
            cookies=self.cookies,
        ) as client:
            answer = await client.request(method, path, **options)
            self.cookies = client.cookies
        return answer
