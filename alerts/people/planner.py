"""From waiting notices to messages in the outbox, as of one instant and within one transaction.

What is superfluous is dropped, what a silence, an inhibition, quiet hours, a digest or a limit holds waits
on, and the rest goes (``alerts.people.holding``, ``alerts.people.bundling``). A notice and the message that
takes it along change together, and a message's key follows from its notices: killed at any instant, a plan
has happened or not, and the next one makes of the same notices the same message.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, tuple_

from alerts.cases.book import read_cases
from alerts.cases.model import CaseEvent
from alerts.cases.rows import in_chunks
from alerts.delivery.outbox import Outgoing, enqueue
from alerts.messages.notes import events_told, read_notes
from alerts.messages.rendering import render
from alerts.messages.summarising import summarise
from alerts.people.bundling import DIGEST_EVERY, Bundle, Policy, Sent, bundle
from alerts.people.holding import INHIBITED, settle
from alerts.people.inhibition import inhibited, read_sources
from alerts.people.notices import (
    CRITICAL,
    SENT,
    Hold,
    Matter,
    Notice,
    note_dropped,
    note_held,
    note_sent,
    read_waiting,
    told_before,
)
from alerts.people.recipients import recipient_by_key
from alerts.people.silences import Silence, holding, list_silences, reason_of
from alerts.people.telling import Telling
from alerts.people.windows import quiet_until
from quotawatt.rulebook.routes import Route
from quotawatt.storage.case_tables import notices
from quotawatt.storage.tables import outbox

NO_CHANNEL = "no_channel"
"""The channel of a notice is not set up any more: it waits for it to come back."""

LOOKED_AGAIN = timedelta(hours=1)


def plan(conn: Connection, telling: Telling, now: datetime) -> int:
    """Put what is due at ``now`` into the outbox; returns how many messages that makes.

    ``conn`` comes from ``engine.begin()``. Planning again at the same instant makes none. Raises StoreError
    where a store fails.
    """
    waiting, matters = read_waiting(conn, now, INHIBITED)
    if not waiting:
        return 0
    over = {m.case for m in matters.values() if not (m.unanswered and m.firing)}
    settled = settle(
        waiting, matters, told_before(conn, over), _holds(conn, telling, matters.values(), now)
    )
    free = [notice for notice in settled.free if notice.channel in telling.channels]
    away = {notice.id for notice in settled.free} - {notice.id for notice in free}
    policies = policies_of(telling, free, now)
    sent = read_sent(conn, free, now - _longest(policies.values()))
    found = bundle(free, sent, policies, now)
    lacking = dict.fromkeys(away, Hold(NO_CHANNEL, now + LOOKED_AGAIN))
    note_dropped(conn, settled.dropped)
    note_held(conn, waiting, {**settled.held, **found.held, **lacking})
    _send(conn, telling, found.bundles, now)
    return len(found.bundles)


def policies_of(
    telling: Telling, waiting: Iterable[Notice], now: datetime
) -> dict[tuple[str, str], Policy]:
    """What the routes of these notices lay down at their sites, by route and site."""
    pairs = {(notice.route, notice.site) for notice in waiting}
    routes = telling.rulebook.routes
    return {
        (name, site): _policy(routes[name], zone_at(telling, site), now)
        for name, site in pairs
        if name in routes
    }


def zone_at(telling: Telling, site: str) -> ZoneInfo:
    """The zone of a site; that of the installation for none and for one that is unknown."""
    known = telling.register.sites.get(site)
    return telling.zone if known is None else ZoneInfo(known.timezone)


def read_sent(conn: Connection, waiting: Iterable[Notice], since: datetime) -> list[Sent]:
    """Messages to the recipients of these notices by the same channels, after ``since``.

    Those that told of commands alone do not count: nothing waits for having come after them.
    """
    pairs = sorted({(notice.recipient, notice.channel) for notice in waiting})
    critical = notices.c.severity == CRITICAL
    columns = (
        outbox.c.key.label("message"),
        outbox.c.recipient,
        outbox.c.channel,
        notices.c.site,
        notices.c.route,
        critical.label("critical"),
    )
    found: list[Sent] = []
    for some in in_chunks(pairs):
        statement = (
            select(*columns, func.max(outbox.c.created_at).label("at"))
            .join(notices, notices.c.message == outbox.c.key)
            .where(
                tuple_(outbox.c.recipient, outbox.c.channel).in_(some),
                outbox.c.created_at > since,
                notices.c.state == SENT,
                notices.c.event != CaseEvent.COMMAND,
            )
            .group_by(*columns)
        )
        found += [Sent(**row._mapping) for row in conn.execute(statement)]
    return found


def _policy(route: Route, zone: ZoneInfo, now: datetime) -> Policy:
    return Policy(route.digest_every, route.limit, quiet_until(route.quiet, now, zone))


def _longest(policies: Collection[Policy]) -> timedelta:
    """How far back any of them looks."""
    times = [policy.digest_every for policy in policies]
    times += [policy.limit.per for policy in policies if policy.limit is not None]
    return max(DIGEST_EVERY, *times) if times else DIGEST_EVERY


def _holds(
    conn: Connection, telling: Telling, matters: Collection[Matter], now: datetime
) -> dict[int, Hold]:
    """Cases that an inhibition or a silence holds; a silence comes first, for it says until when."""
    inhibitions = list(telling.rulebook.inhibitions.values())
    sources = read_sources(conn, inhibitions)
    held = {
        case: Hold(f"{INHIBITED}{source}")
        for case, source in inhibited(inhibitions, sources, matters).items()
    }
    return held | silenced(list_silences(conn, now), telling, matters, now)


def silenced(
    silences: Sequence[Silence], telling: Telling, matters: Iterable[Matter], now: datetime
) -> dict[int, Hold]:
    """Cases that a silence holds, by number; of several the one that lasts longest."""
    open_at: dict[ZoneInfo, list[tuple[Silence, datetime]]] = {}
    found: dict[int, Hold] = {}
    if not silences:
        return found
    for matter in matters:
        zone = zone_at(telling, matter.site)
        if zone not in open_at:
            open_at[zone] = holding(silences, now, zone)
        for silence, end in open_at[zone]:
            if silence.matchers.matches(matter, telling.register):
                found[matter.case] = Hold(reason_of(silence), end)
                break
    return found


def _send(conn: Connection, telling: Telling, bundles: Sequence[Bundle], now: datetime) -> None:
    """Write the messages of all bundles, and note which notices they took along."""
    numbers = {notice.case for going in bundles for notice in going.notices}
    if not numbers:
        return
    notes = read_notes(conn, events_told(bundles))
    summaries = summarise(read_cases(conn, numbers).values(), telling, now, notes)
    messages = []
    for going in bundles:
        recipient = recipient_by_key(telling.staff, going.recipient, now)
        kind = telling.channels[going.channel].kind
        body = render(going, summaries, recipient, kind, telling, now)
        messages.append(_outgoing(going, body))
        note_sent(conn, going.notices, going.key)
    enqueue(conn, messages, now)


def _outgoing(going: Bundle, body: Mapping[str, object]) -> Outgoing:
    return Outgoing(going.key, going.channel, going.recipient, going.site, going.route, body)
