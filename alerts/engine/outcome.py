"""What an evaluation came to, and the turn that it takes when it is stored.

Everything is read and decided before the transaction that stores it. That transaction takes the next turn of
its lane: where another evaluator took it meanwhile nothing is stored, and the look is taken again. So any
number of evaluators may run at once, and none holds the store while it reads. Rules over readings have a lane
of their own: they are looked at several times a second, and never wait for a look at everything.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine

from alerts.engine.deciding import decide
from alerts.engine.looking import Empty, Found
from alerts.engine.repository import Alert, Change, Pair, load_pairs
from alerts.engine.samples import Seen, Zones
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.storage import result_marks
from quotawatt.storage.facts import lock_fact, put_fact, read_fact


class Lane(StrEnum):
    """What takes turns; each a fact of the record store, which counts what was stored."""

    RESULTS = "alerts_turn_results"
    """Results, silence and findings."""
    READINGS = "alerts_turn_readings"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation came to, before it is stored.

    turn
        How many were stored in its lane when it began to look.
    day
        The local day, whose rules these are.
    counts
        Whether the effects of the rules count it: a watch between two evaluations does not.
    generation
        Of the result marks that it rests on; None: on none.
    empty
        Denominators that are empty; None: it did not look at all of them.
    pairs_read
        Rule-subject pairs whose inputs were read.
    """

    lane: Lane
    turn: int
    register: Register
    day: date
    rules: Mapping[str, Rule]
    seen: Mapping[str, Seen]
    changes: Sequence[Change]
    counts: bool = True
    generation: int | None = None
    empty: frozenset[Empty] | None = None
    pairs_read: int = 0


Store = Callable[[Outcome], bool]
"""Stores an outcome in a transaction that takes its turn; says whether the turn was still free."""


def turn_of(conn: Connection, lane: Lane) -> int:
    """How many outcomes of a lane were stored."""
    return int(read_fact(conn, lane.value, 0))


def take_turn(conn: Connection, outcome: Outcome) -> bool:
    """Whether an outcome still counts, in the transaction that stores it; then no other takes its turn."""
    if lock_fact(conn, outcome.lane.value, 0) != outcome.turn:
        return False
    put_fact(conn, outcome.lane.value, outcome.turn + 1)
    if outcome.generation is not None:
        result_marks.clear(conn, outcome.generation)
    return True


def changes_of(
    records: Engine,
    found: Found,
    known: Mapping[Pair, Alert],
    rules: Mapping[str, Rule],
    zones: Zones,
    now: datetime,
    is_left: Callable[[Alert], bool] = lambda _alert: False,
) -> list[Change]:
    """What a look changes. Alerts that are not among the ``known`` are read where a sample needs them.

    is_left
        Whether an alert stays as it is, whatever was seen of it.
    """
    sampled = {(rule, s.subject) for rule, seen in found.seen.items() for s in seen.samples}
    asked = sampled | found.asked | found.revised.keys()
    held = {pair: known[pair] for pair in asked if pair in known}
    missing = sampled - held.keys()
    if missing:
        with records.connect() as conn:
            held |= {alert.pair: alert for alert in load_pairs(conn, missing)}
    for pair, again in found.revised.items():
        held.setdefault(pair, again.alert)
    left = {pair for pair, alert in held.items() if is_left(alert)}
    held = {pair: alert for pair, alert in held.items() if pair not in left}
    seen = (
        {rule: _without(one, rule, left) for rule, one in found.seen.items()}
        if left
        else found.seen
    )
    return list(decide(held, seen, rules, zones, now, found.revised))


def _without(seen: Seen, rule: str, left: Collection[Pair]) -> Seen:
    return replace(seen, samples=[s for s in seen.samples if (rule, s.subject) not in left])
