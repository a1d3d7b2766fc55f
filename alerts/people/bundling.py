"""Which waiting notices go together in one message now, and why and until when the others wait.

Pure: what waits, what was sent and the times of the routes in, bundles out. All instants are UTC.

Notices of the same recipient, channel, site and route share a *thread*; critical ones have a thread apart,
so that they never wait behind others. The first notice of a thread goes at once, together with what came
about by then. What comes later waits until ``digest_every`` after the thread's last message, and goes as
one digest; a notice that is not for at once waits for a digest in any case. Where somebody has had all
messages that a limit allows by a channel, their threads wait for the next slot, and go as one. What is
pressing waits for nothing, and nothing for it.

At whatever instants it is planned, a notice goes at the first of them that is neither before its own time nor
before ``digest_every`` after the message before it (quiet hours and limits apart). So planning more often
tells nobody later and loses nothing; only how many notices a first message holds hangs on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from alerts.people.notices import Hold, Notice
from quotawatt.rulebook.routes import Limit

QUIET = "quiet"
DIGEST = "digest"
OVER_LIMIT = "limit"

DIGEST_EVERY = timedelta(days=1)
"""Where a route is not in the rulebook any more."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route lays down for one site at the instant of the plan.

    digest_every
        How long after a thread's message the next one may go.
    limit
        How many messages its recipients get by one channel, of all sites and routes; None: no limit.
    quiet_until
        End of the quiet hours that hold now; None: none hold.
    """

    digest_every: timedelta = DIGEST_EVERY
    limit: Limit | None = None
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """That a message went: once for each thread whose notices it took along."""

    message: str
    recipient: str
    channel: str
    site: str
    route: str
    critical: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """What becomes one message.

    site, route
        Empty where it joins several.
    notices
        By number, at least one.
    """

    recipient: str
    channel: str
    site: str
    route: str
    notices: Sequence[Notice]

    @property
    def key(self) -> str:
        """The message's key."""
        return message_key(self.recipient, self.channel, (n.id for n in self.notices))


@dataclass(frozen=True, slots=True)
class Bundled:
    """``bundles`` go now; ``held``, by number of notice, wait on."""

    bundles: Sequence[Bundle]
    held: Mapping[int, Hold]


class _Line(NamedTuple):
    """To whom, by what, and whether critical: what limits are counted by."""

    recipient: str
    channel: str
    critical: bool


def _line_of(one: Notice | Sent) -> _Line:
    return _Line(one.recipient, one.channel, one.critical)


class _Thread(NamedTuple):
    """What a throttle is counted by."""

    line: _Line
    site: str
    route: str


def message_key(recipient: str, channel: str, numbers: Iterable[int]) -> str:
    """The same for the same notices to the same recipient, whoever plans it and how often: 64 hex digits."""
    listed = ",".join(str(number) for number in sorted(numbers))
    return sha256(f"{recipient}\n{channel}\n{listed}".encode()).hexdigest()


def bundle(
    waiting: Sequence[Notice],
    sent: Iterable[Sent],
    policies: Mapping[tuple[str, str], Policy],
    now: datetime,
) -> Bundled:
    """What goes now, in the order of its first notice, and what waits on.

    waiting
        Free to go, as far as silences and inhibition are concerned.
    sent
        Messages to the same recipients by the same channels, as far back as any policy looks; without those
        of pressing notices.
    policies
        By route and site; ``Policy()`` stands in for one that is not there.
    """
    sent = list(sent)
    last = _last_by_thread(sent)
    held: dict[int, Hold] = {}
    ready: dict[_Line, list[list[Notice]]] = {}
    for thread, listed in _threads(n for n in waiting if not n.pressing).items():
        policy = policies.get((thread.route, thread.site), Policy())
        hold = _hold(listed, last.get(thread), policy, now)
        if hold is None:
            ready.setdefault(thread.line, []).append(listed)
        else:
            held |= dict.fromkeys((n.id for n in listed), hold)
    before = _messages_by_line(sent)
    bundles = _pressing(waiting)
    for line, threads in ready.items():
        going, over = _within_limits(threads, before.get(line, ()), policies, now)
        bundles += [_joined(line, parts) for parts in going]
        held |= over
    bundles.sort(key=lambda b: b.notices[0].id)
    return Bundled(bundles, held)


def _pressing(waiting: Sequence[Notice]) -> list[Bundle]:
    """One message for each recipient and channel, for whatever cannot wait."""
    by_line: dict[_Line, list[Notice]] = {}
    for notice in (n for n in waiting if n.pressing):
        by_line.setdefault(_line_of(notice), []).append(notice)
    return [_joined(line, [listed]) for line, listed in by_line.items()]


def _threads(waiting: Iterable[Notice]) -> dict[_Thread, list[Notice]]:
    found: dict[_Thread, list[Notice]] = {}
    for notice in sorted(waiting, key=lambda n: n.id):
        found.setdefault(_Thread(_line_of(notice), notice.site, notice.route), []).append(notice)
    return found


def _last_by_thread(sent: Iterable[Sent]) -> dict[_Thread, datetime]:
    last: dict[_Thread, datetime] = {}
    for message in sent:
        thread = _Thread(_line_of(message), message.site, message.route)
        last[thread] = max(message.at, last.get(thread, message.at))
    return last


def _messages_by_line(sent: Iterable[Sent]) -> dict[_Line, list[datetime]]:
    """When messages went, in order; one that took several threads along counts once."""
    messages: dict[_Line, dict[str, datetime]] = {}
    for one in sent:
        messages.setdefault(_line_of(one), {})[one.message] = one.at
    return {line: sorted(by_key.values()) for line, by_key in messages.items()}


def _hold(
    listed: Sequence[Notice], last: datetime | None, policy: Policy, now: datetime
) -> Hold | None:
    """Why a thread waits on; None: it may go."""
    due = _due_at(listed, last, policy.digest_every)
    if due > now:
        return Hold(DIGEST, due)
    if policy.quiet_until is not None and policy.quiet_until > now:
        return Hold(QUIET, policy.quiet_until)
    return None


def _due_at(listed: Sequence[Notice], last: datetime | None, digest_every: timedelta) -> datetime:
    next_slot = None if last is None else last + digest_every
    at_once = [n.at for n in listed if n.at_once]
    if at_once:
        return max(min(at_once), next_slot or min(at_once))
    first = min(n.at for n in listed)
    return next_slot if next_slot is not None and next_slot > first else first + digest_every


def _within_limits(
    threads: Sequence[Sequence[Notice]],
    before: Sequence[datetime],
    policies: Mapping[tuple[str, str], Policy],
    now: datetime,
) -> tuple[list[list[Sequence[Notice]]], dict[int, Hold]]:
    """Threads by message, and those that wait for a slot.

    What a limit leaves no message of its own goes with one that goes anyway.
    """
    going: list[list[Sequence[Notice]]] = []
    over: list[tuple[Sequence[Notice], datetime]] = []
    for listed in threads:
        limit = policies.get((listed[0].route, listed[0].site), Policy()).limit
        free_at = None if limit is None else _free_at(limit, before, len(going), now)
        if free_at is None:
            going.append([listed])
        else:
            over.append((listed, free_at))
    if going:
        going[-1] += [listed for listed, _ in over]
        return going, {}
    return [], {n.id: Hold(OVER_LIMIT, free_at) for listed, free_at in over for n in listed}


def _free_at(
    limit: Limit, before: Sequence[datetime], planned: int, now: datetime
) -> datetime | None:
    """When the next message may go; None: now. ``before`` is in order, ``planned`` go now."""
    recent = [at for at in before if at > now - limit.per]
    recent += [now] * planned
    excess = len(recent) - limit.messages
    return None if excess < 0 else recent[excess] + limit.per


def _joined(line: _Line, parts: Sequence[Sequence[Notice]]) -> Bundle:
    listed = sorted((n for part in parts for n in part), key=lambda n: n.id)
    sites, routes = {n.site for n in listed}, {n.route for n in listed}
    return Bundle(
        recipient=line.recipient,
        channel=line.channel,
        site=sites.pop() if len(sites) == 1 else "",
        route=routes.pop() if len(routes) == 1 else "",
        notices=listed,
    )
