"""A storm of breaches at many sites: what people get of it, and how long it takes.

One organisation a site, with an owner who has an e-mail address; the shipped routes. Within a minute, in
steps, the results of ever more meters breach a rule; after each step it is evaluated and planned as the alert
role does. Then it is planned at each end of a digest. What lies in the outbox after that is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pyarrow as pa
from sqlalchemy import Connection, Engine, Table, func, select

from alerts.channels.base import Address, ChannelKind, Channels, ChannelSpec
from alerts.delivery.sender import Sender
from alerts.service import AlertService
from quotawatt.ledger import Ledger
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Building, Duty, Meter, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.storage.case_tables import cases
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.result_marks import MarkingSeriesStore
from quotawatt.storage.tables import outbox

RULE = "use-above-expected"
MEASURE = "electricity_excess_pct"
BEGIN = datetime(2026, 11, 3, 2, tzinfo=UTC)  # a Tuesday, 10:00 at the sites
RESULT_OF = datetime(2026, 11, 1, 16, tzinfo=UTC)
STEPS = 12
STEP = timedelta(seconds=5)
DIGESTS = (timedelta(minutes=5), timedelta(days=1))
"""After which the shipped routes send their digests: other systems, warnings."""

SPECS = {
    "email": ChannelSpec("email", ChannelKind.EMAIL, Address.EMAIL),
    "webhook": ChannelSpec("webhook", ChannelKind.WEBHOOK),
}


@dataclass(frozen=True, slots=True)
class Storm:
    """What came of a storm.

    at_once
        Messages of the first step: of each site and channel the first.
    most_of_one
        The most messages that one recipient got by one channel about one site.
    missing, repeated
        Pairs of case and channel of which no message tells, or more than one.
    judged_s, planned_s
        Wall-clock time of all evaluations, of all plans.
    slowest_s
        The longest evaluation with its plan.
    """

    cases: int
    sites: int
    at_once: int
    messages: int
    most_of_one: int
    missing: int
    repeated: int
    judged_s: float
    planned_s: float
    slowest_s: float


class _Timed:
    """Calls, and how long each took."""

    def __init__(self, call: Callable[[datetime], object]) -> None:
        self._call = call
        self.seconds: list[float] = []

    def at(self, now: datetime) -> None:
        """Call it as of ``now``."""
        began = perf_counter()
        self._call(now)
        self.seconds.append(perf_counter() - began)


def storm(records: Engine, home: Path, sites: int, meters: int) -> Storm:
    """Breaches of ``sites`` × ``meters`` within a minute. ``records`` is empty; ``home`` is not used."""
    series = MemorySeriesStore()
    results = MarkingSeriesStore(series, records)
    service = _service(series, records, storm_register(sites, meters), home)
    service.evaluate(BEGIN - STEP)
    judging, planning = _Timed(service.evaluate), _Timed(service.plan)
    first_messages = 0
    for step in range(STEPS):
        now = BEGIN + step * STEP
        results.write_results(Grain.DAY, _breaches(sites, meters, step))
        judging.at(now)
        planning.at(now)
        first_messages = first_messages or _count(records, outbox)
    steps_s = [a + b for a, b in zip(judging.seconds, planning.seconds, strict=True)]
    for wait in DIGESTS:
        planning.at(BEGIN + wait)
    with records.connect() as conn:
        told = Counter(_told(conn))
        messages = Counter(_threads(conn))
        opened = list(conn.execute(select(cases.c.id)).scalars())
    return Storm(
        cases=len(opened),
        sites=sites,
        at_once=first_messages,
        messages=_count(records, outbox),
        most_of_one=max(messages.values()),
        missing=sum((case, channel) not in told for case in opened for channel in SPECS),
        repeated=sum(times > 1 for times in told.values()),
        judged_s=sum(judging.seconds),
        planned_s=sum(planning.seconds),
        slowest_s=max(steps_s),
    )


def storm_register(sites: int, meters: int) -> Register:
    """``sites`` of one organisation, building and owner each, and ``meters`` in every building."""
    numbers = range(sites)
    since = date(2020, 1, 1)
    return Register(
        organisations=[
            Organisation(f"ORG-{n}", f"{n}局", f"Bureau {n}", "party_government", "city")
            for n in numbers
        ],
        sites=[
            Site(f"SITE-{n}", f"{n}号院", f"Yard {n}", "Asia/Shanghai", "shandong", "B")
            for n in numbers
        ],
        buildings=[
            Building(f"BLD-{n}", f"{n}号楼", f"Block {n}", f"SITE-{n}", f"ORG-{n}") for n in numbers
        ],
        meters=[
            Meter(code, "表", "Meter", f"BLD-{n}", "electricity")
            for n in numbers
            for code in _codes(n, meters)
        ],
        duties=[
            Duty(f"ORG-{n}", "owner", "能源管理员", since, email=f"energy{n}@example.org")
            for n in numbers
        ],
    )


def _service(
    series: MemorySeriesStore, records: Engine, register: Register, home: Path
) -> AlertService:
    channels = Channels(SPECS, {})
    return AlertService(
        series=series,
        records=records,
        register_source=lambda: register,
        rulebook=_rulebook(),
        ledger=Ledger(records),
        channels=channels,
        sender=Sender(records, channels, lambda _keys, _now: {}, "storm"),
        settings=Settings(home=home),
    )


def _rulebook() -> Rulebook:
    """The shipped one with a single rule, which waits for nothing and has one severity."""
    shipped = load_rulebook()
    rule = replace(shipped.rules[RULE], for_=timedelta(0), levels=())
    # Without versions of its own a section holds at all times.
    versions = {name: kept for name, kept in shipped.versions.items() if name != "rules"}
    return replace(shipped, rules={RULE: rule}, versions=versions)


def _codes(site: int, meters: int) -> Iterator[str]:
    return (f"MTR-{site}-{n}" for n in range(meters))


def _breaches(sites: int, meters: int, step: int) -> pa.Table:
    """Results of the meters whose turn it is in this step, at every site."""
    codes = [
        code
        for site in range(sites)
        for number, code in enumerate(_codes(site, meters))
        if number % STEPS == step
    ]
    rows = [
        {
            "subject": code,
            "measure": MEASURE,
            "start": RESULT_OF,
            "value": 40.0,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for code in codes
    ]
    return pa.Table.from_pylist(rows, RESULTS)


def _told(conn: Connection) -> Iterator[tuple[int, str]]:
    """Cases with the channel, once for each message in whose body they stand."""
    for row in conn.execute(select(outbox.c.channel, outbox.c.body)):
        for case in row.body["cases"]:
            yield case["number"], row.channel


def _threads(conn: Connection) -> Iterator[tuple[str, str, str]]:
    """Recipient, channel and site of each message."""
    rows = conn.execute(select(outbox.c.recipient, outbox.c.channel, outbox.c.site))
    return ((row.recipient, row.channel, row.site) for row in rows)


def _count(records: Engine, table: Table) -> int:
    with records.connect() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())
