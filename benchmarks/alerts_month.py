"""An officer's month: 50 meters with realistic faults, shipped rules and routes, and what the officer gets.

Every hour of a November is evaluated and planned as the alert role does. Meters fall silent one by one and,
once, with their whole site; buildings use more than expected for days; a voltage peaks in the afternoons;
accounts head for their limit. The officer takes up what is open in the mornings of working days.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from alerts.cases import acts
from alerts.cases.model import Act, CaseState
from alerts.channels.base import Address, ChannelKind, Channels, ChannelSpec
from alerts.delivery.sender import Sender
from alerts.people.notices import CRITICAL
from alerts.service import AlertService
from benchmarks.alerts_month_world import (
    BEGIN,
    METERS,
    ZONE,
    faults_of,
    month_readings,
    month_register,
    month_results,
)
from benchmarks.register_rig import SQLITE, Homes
from benchmarks.report import Figure
from quotawatt.ledger import Ledger
from quotawatt.readings import Grain, readings_table
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import HOUR, local_date
from quotawatt.storage.case_tables import cases, notices
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.result_marks import MarkingSeriesStore
from quotawatt.storage.tables import ledger, outbox

DAYS, QUICK_DAYS = 30, 8
OFFICER = "contact:ORG/owner/1"
CHANNEL = "email"
_MORNING, _RESULTS_AT = 10, 1  # local hours

SPECS = {"email": ChannelSpec("email", ChannelKind.EMAIL, Address.EMAIL)}
_EVENTS = ("alert_fired", "alert_resolved", "alert_severity_raised", "alert_no_data")


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
        Cases without any notice to the officer. One that an inhibition drops has one, and so has one that
        waits for the next digest at the month's end.
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
    yield Figure(f"{said}: cases without a notice", found.untold, "cases", at_most=0)


def month(records: Engine, home: Path, days: int = DAYS) -> Month:
    """Live through it. ``records`` is empty; ``home`` is not used."""
    series, faults = MemorySeriesStore(), faults_of(days)
    results = MarkingSeriesStore(series, records)
    service = _service(series, records, home)
    for hour in range(days * 24):
        now = BEGIN + hour * HOUR
        series.write_readings(readings_table(list(month_readings(hour, now, faults))))
        if hour % 24 == _RESULTS_AT:
            results.write_results(Grain.DAY, month_results(hour // 24, faults))
        service.evaluate(now)
        if hour % 24 == _MORNING and now.astimezone(ZONE).weekday() < 5:
            _take_up(records, service, now)
        service.plan(now)
    with records.connect() as conn:
        return _counted(conn)


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
    register, channels = month_register(), Channels(SPECS, {})
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
