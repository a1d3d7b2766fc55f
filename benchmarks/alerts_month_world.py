"""What happens in an officer's month: the register, what its meters send, what the analyser makes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from quotawatt.readings import RESULTS, Reading
from quotawatt.register.model import Binding, Building, Duty, Meter, Organisation, Register, Site
from quotawatt.spans import DAY, local_midnight

METERS, BUILDINGS = 50, 10
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = local_midnight(date(2026, 11, 2), ZONE)  # a Monday
_PEAK = range(13, 18)  # local hours
_SITE_OFF_LINE = range(15, 2 * 24 + 9)
_SEED = 11


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, in hours and days since the beginning.

    silent
        Spans of hours by meter.
    excess_pct
        By building and day what is used above the expected.
    peaks
        Days on which the voltage of the first meter is too high in the afternoon.
    """

    silent: Mapping[int, range]
    excess_pct: Mapping[tuple[int, int], float]
    peaks: frozenset[int]


def faults_of(days: int) -> Faults:
    """The same for the same number of days."""
    rng = np.random.default_rng(_SEED)
    silent = {
        int(meter): range(start, start + int(rng.integers(26, 96)))
        for meter, start in zip(
            rng.choice(METERS, 8, replace=False),
            rng.integers(0, days * 24, 8).tolist(),
            strict=True,
        )
    }
    excess: dict[tuple[int, int], float] = {}
    for building in rng.choice(BUILDINGS, 6, replace=False).tolist():
        first, lasts = int(rng.integers(0, days)), int(rng.integers(4, 12))
        level = float(rng.uniform(20, 70))
        excess |= {(building, day): level for day in range(first, first + lasts)}
    peaks = frozenset(rng.choice(days, days // 3, replace=False).tolist())
    return Faults(silent, excess, peaks)


def month_readings(hour: int, now: datetime, faults: Faults) -> Iterator[Reading]:
    """One of each meter that is heard, just before ``now`` (UTC); ``hour`` counts from ``BEGIN``."""
    at = now - timedelta(minutes=1)
    local = (hour + 23) % 24
    for meter in range(METERS):
        # Two meters hang on another gateway.
        off_line = hour in _SITE_OFF_LINE and meter < METERS - 2
        if off_line or hour in faults.silent.get(meter, ()):
            continue
        yield Reading(f"device-{meter}", "", "electricity_import_kwh", at, 10.0 * hour, arrived=at)
        if meter == 0:
            high = (hour - 1) // 24 in faults.peaks and local in _PEAK
            value = 239.0 if high else 228.0
            yield Reading("device-0", "", "voltage_v", at, value, arrived=at)


def month_results(today: int, faults: Faults) -> pa.Table:
    """Yesterday's, a table of schema RESULTS: excess of the buildings (%), accounts of the first three."""
    day, start = today - 1, BEGIN + (today - 1) * DAY
    values = {
        (f"B{n}", "electricity_excess_pct"): faults.excess_pct.get((n, day), 1.0)
        for n in range(BUILDINGS)
    }
    for n, (projected, used) in enumerate(((101.0, 86.0), (97.0, 83.0), (109.0, 92.0))):
        values[f"B{n}/area", "quota_projected_share_pct"] = projected + 0.1 * day
        values[f"B{n}/area", "quota_share_pct"] = used + 0.4 * day
    rows = [
        {
            "subject": subject,
            "measure": measure,
            "start": start,
            "value": value,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for (subject, measure), value in values.items()
    ]
    return pa.Table.from_pylist(rows, schema=RESULTS)


def month_register() -> Register:
    """One organisation, site and owner; a deputy and a manager above."""
    since = datetime(2020, 1, 1, tzinfo=UTC)
    return Register(
        organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE", "院", "Court", ZONE.key, "shandong", "B")],
        buildings=[
            Building(f"B{n}", f"{n}号楼", f"Block {n}", "SITE", "ORG", 1000.0)
            for n in range(BUILDINGS)
        ],
        meters=[
            Meter(f"MTR-{n}", "表", "Meter", f"B{n % BUILDINGS}", "electricity")
            for n in range(METERS)
        ],
        bindings=[Binding(f"device-{n}", f"MTR-{n}", since) for n in range(METERS)],
        duties=[
            Duty("ORG", "owner", "能源管理员", since.date(), email="officer@example.org"),
            Duty("ORG", "deputy", "副手", since.date(), email="deputy@example.org"),
            Duty("ORG", "manager", "主管", since.date(), email="manager@example.org"),
        ],
    )
