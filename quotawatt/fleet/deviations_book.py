"""What rules for vehicles found, in the record store: found, retracted, explained, decided.

A deviation goes by (rule, vehicle, start) and keeps its number for good. What people say of it stands beside
the figures and never changes them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from quotawatt.errors import InputError, StateError
from quotawatt.explanations.values import Act
from quotawatt.fleet import deviation_states as states
from quotawatt.fleet.deviations_kept import KeptDeviation, read
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.fleet.trips import Deviation
from quotawatt.ledger import Ledger
from quotawatt.rulebook.proposal import person_of
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_deviations

LONGEST_TEXT = 4000
"""Characters of an explanation or a comment."""

_FIGURES = ("end", "trip", "value", "limit", "unit", "detail")
_UNDECIDED = {"decided_by": None, "decided_at": None, "decision_note": ""}
_Key = tuple[str, datetime]
_BY_NUMBER = update(vehicle_deviations).where(vehicle_deviations.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class Entered:
    """What a check changed: deviations that are new, stand again, went on, or were retracted."""

    new: int = 0
    again: int = 0
    standing: int = 0
    retracted: int = 0


def enter(
    conn: Connection,
    vehicle: str,
    span: Span,
    rules: Collection[str],
    found: Iterable[Deviation],
    at: datetime,
) -> Entered:
    """Make the vehicle's deviations from these rules that start within the span those found.

    ``conn`` comes from ``engine.begin()``. What was found and is not any more is retracted, whatever people
    said of it; what is found again stands again.
    """
    known = _known(conn, vehicle, span, rules)
    by_key = {(one.rule, one.start): one for one in found}
    new = [_new_row(one, at) for key, one in sorted(by_key.items()) if key not in known]
    again = 0
    changed: list[dict[str, Any]] = []
    for key in by_key.keys() & known.keys():
        row, figures = known[key], _figures(by_key[key])
        back = not _stands(row)
        state = _state_again(row) if back else row["state"]
        again += back
        if back or any(row[name] != figures[name] for name in _FIGURES):
            changed.append({"number": row["id"], "state": state, **figures})
    gone = [row["id"] for key, row in known.items() if key not in by_key and _stands(row)]
    if new:
        conn.execute(insert(vehicle_deviations), new)
    if changed:
        conn.execute(_BY_NUMBER, changed)
    if gone:
        rows = [{"number": number, "state": states.RETRACTED} for number in gone]
        conn.execute(_BY_NUMBER, rows)
    standing = len(by_key) - len(new) - again
    return Entered(len(new), again, standing, len(gone))


def retract_all(conn: Connection, vehicle: str) -> int:
    """Retract every deviation of a vehicle that is not to be followed any more; how many there were."""
    t = vehicle_deviations.c
    own = update(vehicle_deviations).where(t.vehicle == vehicle, t.state != states.RETRACTED)
    return int(conn.execute(own.values(state=states.RETRACTED)).rowcount)


def explain(conn: Connection, number: int, act: Act) -> KeptDeviation:
    """Say why it was; the ledger keeps it. ``act.comment`` is the explanation.

    Raises NotFoundError, StateError where it is accepted or retracted, and InputError without words.
    """
    words = _words(act.comment, "an explanation")
    kept = read(conn, number, lock=True)
    said = {"explanation": words, "explained_by": act.actor, "explained_at": act.at}
    values = {**said, **_UNDECIDED}
    return _move(conn, kept, states.EXPLAIN, act, values)


def decide(conn: Connection, number: int, *, accept: bool, act: Act) -> KeptDeviation:
    """Accept or reject the explanation; the ledger keeps it. Rejected with a comment only.

    One that is accepted touches its vehicle: the finding, and with it the case, ends at the next turn.

    Raises NotFoundError, StateError where it is not explained, or whoever decides explained it, and
    InputError without the comment.
    """
    note = act.comment.strip() if accept else _words(act.comment, "a rejection")
    kept = read(conn, number, lock=True)
    if kept.explained_by is not None and person_of(kept.explained_by) == person_of(act.actor):
        rule = "a deviation must be decided by somebody who did not explain it"
        raise StateError(f"{rule}, got {act.actor}")
    values = {
        "decided_by": act.actor,
        "decided_at": act.at,
        "decision_note": note[:LONGEST_TEXT],
    }
    if accept:
        touch_vehicles(conn, {kept.deviation.vehicle: act.at})
    action = states.ACCEPT if accept else states.REJECT
    return _move(conn, kept, action, act, values)


def _move(
    conn: Connection, kept: KeptDeviation, action: str, act: Act, values: Mapping[str, Any]
) -> KeptDeviation:
    state = states.moved(kept.state, action)
    conn.execute(_BY_NUMBER, {"number": kept.number, "state": state, **values})
    after = read(conn, kept.number)
    Ledger(conn.engine).append(
        conn,
        at=act.at,
        actor=act.actor,
        action=f"deviation_{action}",
        subject=kept.deviation.vehicle,
        detail={
            "deviation": kept.number,
            "start": kept.deviation.start.isoformat(),
            "comment": act.comment.strip(),
        },
        rule=kept.deviation.rule,
        before={"state": kept.state, "explanation": kept.explanation},
        after={"state": after.state, "explanation": after.explanation},
    )
    return after


def _known(
    conn: Connection, vehicle: str, span: Span, rules: Collection[str]
) -> dict[_Key, dict[str, Any]]:
    t = vehicle_deviations.c
    query = select(vehicle_deviations).where(
        t.vehicle == vehicle,
        t.rule.in_(sorted(rules)),
        t.start >= span.start,
        t.start < span.end,
    )
    rows = map(dict, conn.execute(query.with_for_update()).mappings())
    return {(row["rule"], row["start"]): row for row in rows}


def _new_row(one: Deviation, at: datetime) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "vehicle": one.vehicle,
        "start": one.start,
        **_figures(one),
        "state": states.OPEN,
        "found_at": at,
        "explanation": "",
        "decision_note": "",
    }


def _figures(one: Deviation) -> dict[str, Any]:
    values = asdict(one)
    return {name: values[name] for name in _FIGURES} | {"detail": dict(one.detail)}


def _stands(row: Mapping[str, Any]) -> bool:
    return bool(row["state"] != states.RETRACTED)


def _state_again(row: Mapping[str, Any]) -> str:
    return states.EXPLAINED if row["explanation"] else states.OPEN


def _words(text: str, what: str) -> str:
    words = text.strip()
    if not 0 < len(words) <= LONGEST_TEXT:
        raise InputError(f"{what} must be 1 to {LONGEST_TEXT} characters, got {len(words)}")
    return words
