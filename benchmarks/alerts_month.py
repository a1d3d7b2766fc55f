"""An officer's month: 50 meters with realistic faults, shipped rules and routes, and what the officer gets.

Every hour of a November is evaluated and planned as the alert role does. Meters fall silent one by one and,
once, with their whole site; buildings use more than expected for days; a voltage peaks in the afternoons;
accounts head for their limit. The officer takes up what is open in the mornings of working days.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Engine, select

from alerts.cases import acts
from alerts.cases.model import Act, CaseState
from alerts.channels.base import Address, ChannelKind, Channels, ChannelSpec
from alerts.delivery.sender import Sender
from alerts.people.notices import CRITICAL
from alerts.service import AlertService
from benchmarks.register_rig import SQLITE, Homes
from benchmarks.report import Figure
from quotawatt.ledger import Ledger
from quotawatt.readings import RESULTS, Grain, Reading, readings_table
from quotawatt.register.model import (
    Binding,
    Building,
    Duty,
    Meter,
    Organisation,
    Register,
    Site,
)
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import DAY, HOUR, local_date, local_midnight
from quotawatt.storage.case_tables import cases, notices
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.result_marks import MarkingSeriesStore
from quotawatt.storage.tables import ledger, outbox

METERS, BUILDINGS = 50, 10
DAYS, QUICK_DAYS = 30, 8
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = local_midnight(date(2026, 11, 2), ZONE)  # a Monday
OFFICER = "contact:ORG/owner/1"
CHANNEL = "email"
_MORNING, _RESULTS_AT, _PEAK = 10, 1, range(13, 18)  # local hours
_SITE_OFF_LINE = range(3 * 24 + 15, 5 * 24 + 9)
_SEED = 11

SPECS = {"email": ChannelSpec("email", ChannelKind.EMAIL, Address.EMAIL)}
_EVENTS = ("alert_fired", "alert_resolved", "alert_severity_raised", "alert_no_data")


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


@dataclass(frozen=True, slots=True)
class Month:
    """What an officer's month came to.

    events
        Alerts that fired, worsened, lost their data or ended: a mail each where nothing groups them.
    notices
        What the officer is to be told by e-mail, each a message of its own where nothing groups them.
    messages, critical_messages
        E-mails to the officer; those of them that tell of a critical case.
    most_events, most_notices, most_messages, most_warnings
        On the day that has most: events, notices, e-mails, and e-mails without a critical case.
    untold
        Cases of which no e-mail to the officer tells, without those that a cause stands for (inhibition).
    """

    cases: int
    events: int
    notices: int
    messages: int
    critical_messages: int
    most_events: int
    most_notices: int
    most_messages: int
    most_warnings: int
    untold: int


def month_figures(quick: bool, homes: Homes) -> Iterator[Figure]:
    """The month's figures; the bar: at most one e-mail a day of what can wait."""
    home = homes.fresh(SQLITE)
    records = open_records(home.url, home.folder)
    found = month(records, home.folder, QUICK_DAYS if quick else DAYS)
    records.dispose()
    said = f"an officer's {QUICK_DAYS if quick else DAYS} days, {METERS} meters"
    yield Figure(f"{said}: cases", found.cases, "cases")
    yield Figure(f"{said}: a mail for each event of an alert", found.events, "mails")
    yield Figure(f"{said}:   on the worst day", found.most_events, "mails")
    yield Figure(f"{said}: a mail for each notice", found.notices, "mails")
    yield Figure(f"{said}:   on the worst day", found.most_notices, "mails")
    yield Figure(f"{said}: e-mails by the shipped routes", found.messages, "mails")
    yield Figure(f"{said}:   of them with a critical case", found.critical_messages, "mails")
    yield Figure(f"{said}:   on the worst day", found.most_messages, "mails")
    yield Figure(
        f"{said}:   on the worst day, of what can wait", found.most_warnings, "mails", at_most=1
    )
    yield Figure(f"{said}: cases that no e-mail tells of", found.untold, "cases", at_most=0)


def month(records: Engine, home: Path, days: int = DAYS) -> Month:
    """Live through it. ``records`` is empty; ``home`` is not used."""
    series, faults = MemorySeriesStore(), faults_of(days)
    results = MarkingSeriesStore(series, records)
    service = _service(series, records, home)
    for hour in range(days * 24):
        now = BEGIN + hour * HOUR
        series.write_readings(readings_table(list(_readings(hour, now, faults))))
        if hour % 24 == _RESULTS_AT:
            results.write_results(Grain.DAY, _results(hour // 24, faults))
        service.evaluate(now)
        if hour % 24 == _MORNING and now.astimezone(ZONE).weekday() < 5:
            _take_up(records, service, now)
        service.plan(now)
    with records.connect() as conn:
        return _counted(conn)


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


def _readings(hour: int, now: datetime, faults: Faults) -> Iterator[Reading]:
    """One of each meter that is heard, just before the hour."""
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


def _results(today: int, faults: Faults) -> pa.Table:
    """Yesterday's: use of the buildings, and the accounts of the first three."""
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


def _take_up(records: Engine, service: AlertService, now: datetime) -> None:
    """The officer acknowledges whatever is open."""
    with records.begin() as conn:
        wanted = select(cases.c.id).where(cases.c.state == CaseState.OPEN.value)
        act = Act("officer", now, "")
        steps = [acts.acknowledge(conn, number, act) for number in list(conn.scalars(wanted))]
        service.tell(conn, steps, now)


def _counted(conn: Connection) -> Month:
    mine = (notices.c.recipient == OFFICER, notices.c.channel == CHANNEL)
    told = list(conn.execute(select(notices.c.at).where(*mine)).scalars())
    sent = select(outbox.c.key, outbox.c.created_at).where(
        outbox.c.recipient == OFFICER, outbox.c.channel == CHANNEL
    )
    messages = {row.key: _day(row.created_at) for row in conn.execute(sent)}
    grave = set(
        conn.scalars(select(notices.c.message).where(*mine, notices.c.severity == CRITICAL))
    )
    warnings = {key: day for key, day in messages.items() if key not in grave}
    events = list(conn.scalars(select(ledger.c.at).where(ledger.c.action.in_(_EVENTS))))
    opened = set(conn.scalars(select(cases.c.id)))
    # What an inhibition holds or held is told by its cause, what waits goes with the next digest.
    heard = set(conn.scalars(select(notices.c.case).where(*mine)))
    return Month(
        cases=len(opened),
        events=len(events),
        notices=len(told),
        messages=len(messages),
        critical_messages=len(messages.keys() & grave),
        most_events=_most(map(_day, events)),
        most_notices=_most(map(_day, told)),
        most_messages=_most(messages.values()),
        most_warnings=_most(warnings.values()),
        untold=len(opened - heard),
    )


def _most(days: Iterable[date]) -> int:
    return max(Counter(days).values(), default=0)


def _day(at: datetime) -> date:
    return local_date(at, ZONE)


def _service(series: MemorySeriesStore, records: Engine, home: Path) -> AlertService:
    register, channels = _register(), Channels(SPECS, {})
    return AlertService(
        series=series,
        records=records,
        register_source=lambda: register,
        rulebook=load_rulebook(),
        ledger=Ledger(records),
        channels=channels,
        sender=Sender(records, channels, lambda _keys, _now: {}, "month"),
        settings=Settings(home=home),
    )


def _register() -> Register:
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
