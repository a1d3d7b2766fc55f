"""Worlds for the checks: a small register, and what was heard of its devices."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analytics.reconciliation import SeenDevice, World, make_world
from quotawatt.findings import Finding
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 6, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KWH = "electricity_import_kwh"
LONG_AGO = datetime(2023, 1, 1, tzinfo=UTC)

ORGANISATION = Organisation("O-1", "甲局", "First Office", "other", "city")
SITE = Site("S-1", "大院", "Yard", "Asia/Shanghai", "nowhere", "Z")
BUILDING = Building("B-1", "主楼", "Main House", "S-1", "O-1", 1000.0)
METER = Meter("M-1", "总表", "Main meter", "B-1", "electricity")
BOUND = Binding("d-1", "M-1", LONG_AGO)


NO_RULES = Rulebook()
SHIPPED = load_rulebook()


def register(**changes: Any) -> Register:
    """One building with one bound meter; ``changes`` replace kinds of records."""
    kinds: dict[str, Any] = {
        "organisations": [ORGANISATION],
        "sites": [SITE],
        "buildings": [BUILDING],
        "meters": [METER],
        "bindings": [BOUND],
        **changes,
    }
    return Register(**kinds)


def hourly(
    device: str,
    until: datetime = NOW,
    days: float = 32,
    each: float = 1.5,
    *,
    channel: str = "",
    quantity: str = KWH,
    every: timedelta = HOUR,
    start: float = 100.0,
) -> list[Reading]:
    """Readings up to ``until``, not included, that go up by ``each``."""
    count = int(days * DAY / every)
    return [
        Reading(device, channel, quantity, time, start + n * each, time)
        for n in range(count)
        if (time := until - (count - n) * every)
    ]


def world(
    book: Register,
    readings: Iterable[Reading] = (),
    *,
    seen: Sequence[SeenDevice] = (),
    rulebook: Rulebook | None = None,
    now: datetime = NOW,
) -> World:
    """The world as the stores would show it."""
    store = MemorySeriesStore()
    store.write_readings(readings_table(readings))
    return make_world(
        book,
        rulebook or NO_RULES,
        now,
        ZONE,
        recent=store.activity(Span(now - 3 * DAY, now)),
        history=store.activity(Span(now - 32 * DAY, now)),
        last=store.last_readings(now),
        seen=seen,
    )


def found(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Code and subject of each, sorted."""
    return sorted((f.code, f.subject) for f in findings)
