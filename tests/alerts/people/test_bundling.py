"""What goes together, what waits, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.people.bundling import Bundle, Policy, Sent, bundle, message_key
from alerts.people.notices import Hold, Notice
from quotawatt.rulebook.routes import Limit
from tests.alerts.people.notice_samples import DAY, HOUR, MINUTE, T0, notice

DAILY = Policy(digest_every=DAY)
OFTEN = Policy(digest_every=5 * MINUTE)
Policies = Mapping[tuple[str, str], Policy]


def policies(policy: Policy, sites: Sequence[str] = ("S1", "S2", "S3")) -> Policies:
    return {(route, site): policy for route in ("warnings", "critical") for site in sites}


def sent_for(made: Bundle, at: datetime) -> list[Sent]:
    """What the outbox says of a bundle that went at ``at``."""
    threads = {(n.site, n.route, n.critical) for n in made.notices}
    return [Sent(made.key, made.recipient, made.channel, *thread, at) for thread in threads]


def run(
    notices: Sequence[Notice], instants: Sequence[datetime], by: Policies
) -> list[tuple[datetime, Bundle]]:
    """The messages of plans at these instants; a notice is there from its own time on."""
    waiting, sent, made = list(notices), list[Sent](), list[tuple[datetime, Bundle]]()
    for now in instants:
        found = bundle([n for n in waiting if n.at <= now], sent, by, now)
        gone = {n.id for b in found.bundles for n in b.notices}
        assert gone.isdisjoint(found.held)
        assert gone | set(found.held) == {n.id for n in waiting if n.at <= now}
        waiting = [n for n in waiting if n.id not in gone]
        sent += [line for b in found.bundles for line in sent_for(b, now)]
        made += [(now, b) for b in found.bundles]
    return made


def test_the_first_goes_at_once_and_the_rest_in_one_digest() -> None:
    notices = [notice(1), *(notice(n, at=T0 + n * MINUTE) for n in range(2, 6))]
    made = run(notices, [T0 + n * MINUTE for n in range(10)] + [T0 + DAY], policies(DAILY))
    assert [(at, [n.id for n in b.notices]) for at, b in made] == [
        (T0, [1]),
        (T0 + DAY, [2, 3, 4, 5]),
    ]


def test_what_waits_for_the_digest_says_until_when() -> None:
    sent = [Sent("k", "account:li", "email", "S1", "warnings", False, T0)]
    found = bundle([notice(2, at=T0 + HOUR)], sent, policies(DAILY), T0 + 2 * HOUR)
    assert not found.bundles
    assert found.held == {2: Hold("digest", T0 + DAY)}


def test_what_is_not_for_at_once_waits_for_a_digest_of_its_own_or_goes_along() -> None:
    cleared = notice(1, event="cleared", at_once=False)
    assert bundle([cleared], [], policies(DAILY), T0).held == {1: Hold("digest", T0 + DAY)}
    along = bundle([cleared, notice(2, at=T0 + HOUR)], [], policies(DAILY), T0 + HOUR)
    assert [[n.id for n in b.notices] for b in along.bundles] == [[1, 2]]
    before = [Sent("k", "account:li", "email", "S1", "warnings", False, T0 - HOUR)]
    assert bundle([cleared], before, policies(DAILY), T0).held[1].until == T0 - HOUR + DAY


def test_sites_channels_people_and_routes_have_threads_of_their_own() -> None:
    notices = [
        notice(1),
        notice(2, site="S2"),
        notice(3, channel="inbox"),
        notice(4, recipient="account:wang"),
        notice(5, route="critical"),
    ]
    assert len(bundle(notices, [], policies(DAILY), T0).bundles) == 5


def test_a_critical_one_never_waits_behind_a_warning() -> None:
    sent = [Sent("k", "account:li", "email", "S1", "warnings", False, T0)]
    found = bundle([notice(2), notice(3, severity="critical")], sent, policies(DAILY), T0 + HOUR)
    assert [[n.id for n in b.notices] for b in found.bundles] == [[3]]


def test_a_command_that_waits_for_somebody_is_told_whatever_holds_the_rest() -> None:
    """A request expires: neither limit nor digest nor quiet hours hold it, and it delays nothing else."""
    held = Policy(DAY, Limit(1, DAY), quiet_until=T0 + 12 * HOUR)
    asked = replace(notice(2), event="command")
    found = bundle([notice(1), asked], [], policies(held), T0)
    assert [[n.id for n in b.notices] for b in found.bundles] == [[2]]
    assert found.held == {1: Hold("quiet", T0 + 12 * HOUR)}


def test_quiet_hours_hold_until_their_end_and_then_make_one_message() -> None:
    morning = T0 + 9 * HOUR
    quiet = policies(replace(DAILY, quiet_until=morning))
    notices = [notice(1), notice(2, at=T0 + HOUR)]
    assert bundle(notices, [], quiet, T0 + HOUR).held == dict.fromkeys(
        (1, 2), Hold("quiet", morning)
    )
    assert len(bundle(notices, [], quiet, morning).bundles) == 1


def test_over_the_limit_sites_share_one_message_in_the_next_slot() -> None:
    limited = policies(Policy(DAY, Limit(1, DAY)))
    notices = [notice(1), notice(2, site="S2", at=T0 + HOUR), notice(3, site="S3", at=T0 + HOUR)]
    made = run(notices, [T0, T0 + HOUR, T0 + DAY - MINUTE, T0 + DAY], limited)
    assert [(at, b.site, [n.id for n in b.notices]) for at, b in made] == [
        (T0, "S1", [1]),
        (T0 + DAY, "", [2, 3]),
    ]
    sent = sent_for(made[0][1], T0)
    assert bundle(notices[1:], sent, limited, T0 + HOUR).held[3] == Hold("limit", T0 + DAY)


def test_what_goes_at_the_same_instant_shares_the_last_message_that_the_limit_allows() -> None:
    limited = policies(Policy(DAY, Limit(2, DAY)))
    notices = [notice(n, site=f"S{n}") for n in (1, 2, 3)]
    found = bundle(notices, [], limited, T0)
    assert [[n.id for n in b.notices] for b in found.bundles] == [[1], [2, 3]]


def test_critical_ones_have_a_limit_of_their_own() -> None:
    limited = policies(Policy(DAY, Limit(1, DAY)))
    sent = [Sent("k", "account:li", "email", "S1", "warnings", False, T0)]
    found = bundle([notice(2, site="S2", severity="critical")], sent, limited, T0 + HOUR)
    assert len(found.bundles) == 1


def test_a_message_of_several_sites_counts_once() -> None:
    joined = [
        Sent("k", "account:li", "email", site, "warnings", False, T0) for site in ("S1", "S2")
    ]
    limited = policies(Policy(MINUTE, Limit(2, DAY)))
    assert len(bundle([notice(3, site="S3")], joined, limited, T0 + HOUR).bundles) == 1


def test_a_route_that_is_gone_holds_nothing_back_for_more_than_a_day() -> None:
    assert len(bundle([notice(1, route="gone")], [], {}, T0).bundles) == 1


def test_the_key_follows_from_recipient_channel_and_notices_alone() -> None:
    key = message_key("account:li", "email", [3, 1, 2])
    assert key == message_key("account:li", "email", (1, 2, 3))
    others = {
        message_key("account:li", "email", [1, 2]),
        message_key("account:li", "sms", [1, 2, 3]),
        message_key("account:wang", "email", [1, 2, 3]),
    }
    assert key not in others
    assert len(others) == 3
    assert len(key) == 64


# --- properties -------------------------------------------------------------------------------------

_NOTICES = st.lists(
    st.tuples(
        st.integers(0, 300),  # minutes after T0
        st.sampled_from(["S1", "S2", "S3"]),
        st.sampled_from(["account:li", "account:wang"]),
        st.sampled_from(["warning", "critical"]),
        st.booleans(),
    ),
    max_size=25,
).map(
    lambda drawn: [
        notice(
            number,
            at=T0 + minutes * MINUTE,
            site=site,
            recipient=who,
            severity=severity,
            at_once=at_once,
        )
        for number, (minutes, site, who, severity, at_once) in enumerate(sorted(drawn), start=1)
    ]
)
_INSTANTS = st.lists(st.integers(0, 600), min_size=1, max_size=40).map(
    lambda drawn: [T0 + minutes * MINUTE for minutes in sorted(drawn)]
)
_LIMITS = st.one_of(
    st.none(), st.builds(Limit, st.integers(1, 3), st.integers(5, 240).map(lambda n: n * MINUTE))
)
_POLICIES = st.builds(Policy, st.integers(0, 120).map(lambda n: n * MINUTE), _LIMITS)
LATER = [T0 + timedelta(days=day) for day in range(1, 60)]


@settings(max_examples=60)
@given(_NOTICES, _INSTANTS, _POLICIES)
def test_none_is_lost_none_goes_twice_and_order_is_kept(
    notices: list[Notice], instants: list[datetime], policy: Policy
) -> None:
    made = run(notices, instants + LATER, policies(policy))
    numbers = [n.id for _, b in made for n in b.notices]
    assert sorted(numbers) == [n.id for n in notices]
    for _, b in made:
        assert [n.id for n in b.notices] == sorted(n.id for n in b.notices)
    by_thread: dict[tuple[object, ...], list[int]] = {}
    for _, b in made:
        for n in b.notices:
            by_thread.setdefault((n.recipient, n.site, n.critical), []).append(n.id)
    assert all(listed == sorted(listed) for listed in by_thread.values())


@settings(max_examples=60)
@given(_NOTICES, _INSTANTS, _POLICIES)
def test_no_window_of_the_limit_holds_more_messages_than_it_allows(
    notices: list[Notice], instants: list[datetime], policy: Policy
) -> None:
    made = run(notices, instants + LATER, policies(policy))
    if policy.limit is None:
        return
    for who in ("account:li", "account:wang"):
        for critical in (False, True):
            times = [
                at for at, b in made if b.recipient == who and b.notices[0].critical is critical
            ]
            for at in times:
                within = [t for t in times if at <= t < at + policy.limit.per]
                assert len(within) <= policy.limit.messages


@settings(max_examples=60)
@given(_NOTICES, _POLICIES)
def test_the_first_of_a_thread_is_never_delayed(notices: list[Notice], policy: Policy) -> None:
    free = policies(replace(policy, limit=None))
    first: dict[tuple[str, str, bool], Notice] = {}
    for n in notices:
        if n.at_once:
            first.setdefault((n.recipient, n.site, n.critical), n)
    instants = sorted({n.at for n in notices})
    gone = {n.id: at for at, b in run(notices, instants + LATER, free) for n in b.notices}
    alone = {
        (n.recipient, n.site, n.critical) for n in notices if not n.at_once
    }  # a digest-only notice before it makes it the second
    assert all(gone[n.id] == n.at for thread, n in first.items() if thread not in alone)


@settings(max_examples=60)
@given(_NOTICES, _INSTANTS, st.integers(1, 120).map(lambda n: n * MINUTE))
def test_however_the_instants_are_split_no_wait_is_longer_than_one_digest(
    notices: list[Notice], instants: list[datetime], digest_every: timedelta
) -> None:
    planned = sorted({*instants, *LATER})
    by = policies(Policy(digest_every))
    gone = {n.id: at for at, b in run(notices, planned, by) for n in b.notices}
    for n in notices:
        # At the latest at the first plan that is ``digest_every`` after the first plan that sees it.
        seen = next(at for at in planned if at >= n.at)
        assert gone[n.id] <= next(at for at in planned if at >= seen + digest_every)


@settings(max_examples=60)
@given(_NOTICES, _POLICIES)
def test_the_same_notices_make_the_same_messages(notices: list[Notice], policy: Policy) -> None:
    by = policies(policy)
    now = T0 + timedelta(hours=6)
    once = bundle(notices, [], by, now)
    again = bundle(list(reversed(notices)), [], by, now)
    assert {b.key for b in once.bundles} == {b.key for b in again.bundles}
    assert once.held == again.held
