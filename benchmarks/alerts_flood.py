"""A storm against a served system, counted at real receivers.

Ten thousand meters at fifty sites go beyond a limit within a minute, by a real broker. Each site has an owner
with e-mail and inbox; a webhook hears of everything. The route makes a digest after a minute. What must come
of it: the first of a site and channel goes at once, all the rest in one digest.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select

from alerts.people.notices import WAITING
from benchmarks.alerts_estate import estate, meter
from benchmarks.alerts_publisher import Plan
from benchmarks.alerts_receivers import EMAIL, WEBHOOK, meters_of
from benchmarks.alerts_served import (
    ROUTE,
    RULE,
    Receivers,
    fill,
    prepare,
    publish,
    receiving,
    serving,
)
from benchmarks.report import Figure
from quotawatt.clock import system_clock
from quotawatt.spans import floor_hour
from quotawatt.storage.case_tables import cases, inbox_messages, notices
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import outbox
from tests.servers import run_mosquitto

INBOX = "inbox"
CHANNELS = (WEBHOOK, EMAIL, INBOX)
_ROUTE_TO = ("owner", "channel:webhook")
SITES, QUICK_SITES = 50, 10
BREACHES, QUICK_BREACHES = 10_000, 500
WITHIN_S, QUICK_WITHIN_S = 50, 10
"""Well within the digest's minute, so that one digest can hold all that comes after the first message."""

DIGEST_EVERY = "1m"
DIGEST_EVERY_S = 60.0
_DELIVERED_WITHIN_S = 150.0
_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """A message: by which channel, the meters that it tells of, and after how many seconds it was there."""

    channel: str
    meters: frozenset[str]
    after_s: float


@dataclass(frozen=True, slots=True)
class Flood:
    """What came of it: cases of the rule, every message, and the most memory of the system in MiB."""

    cases: int
    told: Sequence[Told]
    peak_mb: float


def flood_figures(quick: bool) -> Iterator[Figure]:
    """How many messages, what they list, how long it took."""
    sites, breaches = (QUICK_SITES, QUICK_BREACHES) if quick else (SITES, BREACHES)
    within_s = QUICK_WITHIN_S if quick else WITHIN_S
    found = flood(sites, breaches, within_s)
    said = f"{breaches:,} breaches in {within_s} s at {sites} sites"
    yield Figure(f"{said}: cases", found.cases, "cases", at_least=breaches, at_most=breaches)
    for channel in CHANNELS:
        told = [t for t in found.told if t.channel == channel]
        listed = Counter(code for t in told for code in t.meters)
        missing = sum(meter(n) not in listed for n in range(breaches))
        twice = sum(times > 1 for times in listed.values())
        most = Counter(site for t in told for site in _sites_of(t, sites))
        yield Figure(f"  {channel}: messages", len(told), "messages", at_most=2 * sites)
        yield Figure(f"  {channel}: most of a site", max(most.values(), default=0), "", at_most=2)
        yield Figure(f"  {channel}: cases in no message", missing, "cases", at_most=0)
        yield Figure(f"  {channel}: cases in more than one", twice, "cases", at_most=0)
    last_first = max(_first_by_site(found.told, sites).values())
    said = "  first message of each site and channel after, at most"
    yield Figure(said, last_first, "s", at_most=15)
    done_s = max(t.after_s for t in found.told)
    yield Figure("  all delivered after", done_s, "s", at_most=within_s + DIGEST_EVERY_S + 30)
    yield Figure("  most memory of the system", found.peak_mb, "MiB")


def flood(sites: int, breaches: int, within_s: float) -> Flood:
    """Let it come over a system, and see what its receivers get."""
    plan = Plan(
        messages=breaches,
        per_s=breaches / within_s,
        devices=breaches,
        first_breach=0,
        breach_every=1,
        breach_messages=1,
        whole=False,
    )
    with tempfile.TemporaryDirectory() as name, run_mosquitto(Path(name) / "broker") as broker:
        folder = Path(name)
        with receiving(folder) as receivers:
            settings = prepare(folder, broker, receivers.ports, _ROUTE_TO, DIGEST_EVERY)
            fill(settings, estate(sites, breaches, floor_hour(system_clock())))
            records = open_records(settings.records_url, settings.home)
            try:
                with serving(settings) as served:
                    began_s = min(publish(folder, broker, plan).breaches.values())
                    _wait_until_told(records, breaches)
                told = [*_outside(receivers, began_s), *_inboxes(records, began_s)]
                told = [one for one in told if one.meters]
                return Flood(_cases(records), told, served.peak_mb)
            finally:
                records.dispose()


def _wait_until_told(records: Engine, breaches: int) -> None:
    """Wait until every breach is a case and nothing waits to be said, or for so long that it is lost."""
    ends_s = time.monotonic() + _DELIVERED_WITHIN_S
    while time.monotonic() < ends_s and not (_cases(records) == breaches and _all_said(records)):
        time.sleep(_POLL_S)


def _cases(records: Engine) -> int:
    with records.connect() as conn:
        counted = select(func.count()).select_from(cases).where(cases.c.rule == RULE)
        return int(conn.execute(counted).scalar_one())


def _all_said(records: Engine) -> bool:
    mine = (notices.c.route == ROUTE, notices.c.state == WAITING)
    waiting = select(notices.c.id).where(*mine).limit(1)
    on_the_way = select(outbox.c.id).where(outbox.c.delivered_at.is_(None)).limit(1)
    with records.connect() as conn:
        return not conn.execute(waiting).first() and not conn.execute(on_the_way).first()


def _outside(receivers: Receivers, began_s: float) -> Iterator[Told]:
    for arrival in receivers.arrivals():
        yield Told(arrival.channel, frozenset(arrival.meters), arrival.at_s - began_s)


def _inboxes(records: Engine, began_s: float) -> Iterator[Told]:
    # The inbox is in the record store, which goes by the other clock.
    apart_s = time.time() - time.monotonic()
    columns = (inbox_messages.c.body, inbox_messages.c.created_at)
    with records.connect() as conn:
        for body, created_at in conn.execute(select(*columns)):
            yield Told(
                INBOX, frozenset(meters_of(body)), created_at.timestamp() - apart_s - began_s
            )


def _sites_of(told: Told, sites: int) -> set[int]:
    return {int(code.removeprefix("M")) % sites for code in told.meters}


def _first_by_site(told: Sequence[Told], sites: int) -> Mapping[tuple[str, int], float]:
    """After how many seconds each channel had the first message about each site."""
    first: dict[tuple[str, int], float] = {}
    for one in sorted(told, key=lambda t: t.after_s):
        for site in _sites_of(one, sites):
            first.setdefault((one.channel, site), one.after_s)
    return first
