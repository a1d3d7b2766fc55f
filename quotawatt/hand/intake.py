"""The way in of entries by hand: judged, kept with the ledger, marked, and written to the series store.

What is kept is kept in one transaction. Readings then go to the series store; a row says so once they are
there, so that what stopped in between is written at the next occasion (``settle``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from quotawatt.errors import RegisterError, StateError
from quotawatt.hand import book
from quotawatt.hand.documents import Document, keep_document
from quotawatt.hand.drafting import drafted
from quotawatt.hand.entries import BILL_CHANNEL, BY_HAND, READING, Entry, Stored, subject_of
from quotawatt.hand.planning import Plan, make_plan
from quotawatt.hand.setting import Draft, Setting
from quotawatt.hand.settling import settle
from quotawatt.ledger import Ledger
from quotawatt.register.found import Found
from quotawatt.register.model import Register
from quotawatt.register.problems import Problem
from quotawatt.spans import INSTANT, floor_hour
from quotawatt.storage.horizon import RAW_EXPIRED, raw_horizon
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.touched import Touched, mark


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when (UTC), and what the ledger is to say beside."""

    actor: str
    at: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Done:
    """What was done, and the entries as they are kept now: those added, corrected and left as they were."""

    plan: Plan
    entries: tuple[Stored, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What is to be entered, and what is wrong with what could not become an entry."""

    drafts: Sequence[Draft]
    problems: Sequence[Problem] = ()


def wish_of(found: Found, setting: Setting) -> Wish:
    """What was read of a workbook, as what is to be entered."""
    drafts, problems = drafted(found.rows, setting)
    return Wish(drafts, (*found.problems, *problems))


def plan_within(
    conn: Connection, wish: Wish, setting: Setting, correcting: Stored | None = None
) -> Plan:
    """What a wish would do to what is kept now. The horizon is the record store's."""
    points = {(draft.entry.asset, draft.entry.quantity) for draft in wish.drafts}
    known = book.standing_entries(conn, points)
    judged = replace(setting, horizon=raw_horizon(conn))
    return make_plan(wish.drafts, known, judged, correcting, wish.problems)


def enter(
    series: SeriesStore,
    records: Engine,
    wish: Wish,
    setting: Setting,
    act: Act,
    planned: Callable[[Plan], None] = lambda _: None,
) -> Done:
    """Keep new entries; one of the key of a kept one corrects it. All of it or nothing.

    planned
        Is told the plan before anything is written; what it raises undoes everything.

    Raises RegisterError with everything that stands against it, and StoreError where a store fails: it is
    safe to repeat then.
    """
    with records.begin() as conn:
        book.lock_book(conn)
        plan = plan_within(conn, wish, setting)
        planned(plan)
        done = _carry_out(conn, plan, setting.register, act)
    settle(series, records)
    return done


def require_no_correction(plan: Plan) -> None:
    """Raise StateError where a plan would correct what is kept: one corrects by the entry's number."""
    for kept, entry in plan.corrected:
        rule = (
            "an entry must be new, or the same as the one that is kept (correct that by its number)"
        )
        raise StateError(
            f"{rule}, got {entry.asset} {entry.quantity}, which is number {kept.number}"
        )


def correct(
    series: SeriesStore,
    records: Engine,
    number: int,
    wish: Wish,
    setting: Setting,
    act: Act,
) -> Stored:
    """Keep another revision of an entry, which the wish's one draft says; returns it.

    Raises NotFoundError where there is no such entry, StateError where it was withdrawn, and like ``enter``.
    """
    with records.begin() as conn:
        kept = _standing(conn, number)
        plan = plan_within(conn, wish, setting, kept)
        done = _carry_out(conn, plan, setting.register, act)
    settle(series, records)
    return done.entries[0]


def attach(records: Engine, number: int, document: Document, act: Act) -> Stored:
    """Keep a photograph or scan, and another revision of the entry that names it; returns that.

    Raises NotFoundError where there is no such entry, StateError where it was withdrawn.
    """
    with records.begin() as conn:
        kept = _standing(conn, number)
        if kept.entry.document == document.sha256:
            return kept
        keep_document(conn, document, act.actor, act.at)
        entry = replace(kept.entry, document=document.sha256)
        new = book.revise_entry(conn, kept, entry, kept.subject, act.actor, act.at)
        _tell(conn, "hand_document", [(kept, new)], act)
    return new


def withdraw(series: SeriesStore, records: Engine, number: int, act: Act) -> Stored:
    """Say that an entry does not count; it stays listed with its revisions. Returns the last one.

    Raises NotFoundError where there is no such entry, and StateError where it was withdrawn already.
    """
    with records.begin() as conn:
        kept = _standing(conn, number)
        _require_after_horizon(conn, [kept.entry])
        gone = book.revise_entry(
            conn, kept, kept.entry, kept.subject, act.actor, act.at, withdrawn=True
        )
        _mark_amounts(conn, [gone])
        _tell(conn, "hand_withdrawn", [(kept, gone)], act)
    settle(series, records)
    return gone


def _standing(conn: Connection, number: int) -> Stored:
    book.lock_book(conn)
    kept = book.revisions_of(conn, number)[-1]
    if kept.withdrawn:
        raise StateError(f"an entry by hand must stand, got {number} which was withdrawn")
    return kept


def _carry_out(conn: Connection, plan: Plan, register: Register, act: Act) -> Done:
    if plan.problems:
        raise RegisterError(plan.problems)
    _require_after_horizon(conn, [kept.entry for kept, _ in plan.corrected])
    new = [(entry, subject_of(entry.asset, register)) for entry in plan.added]
    added = book.add_entries(conn, new, act.actor, act.at)
    told: list[tuple[Stored | None, Stored]] = [(None, one) for one in added]
    for kept, entry in plan.corrected:
        subject = subject_of(entry.asset, register)
        told.append((kept, book.revise_entry(conn, kept, entry, subject, act.actor, act.at)))
    if told:
        _mark_amounts(conn, [one for pair in told for one in pair if one is not None])
        _tell(conn, "hand_corrected" if not plan.added else "hand_entered", told, act)
    return Done(plan, (*(new for _, new in told), *plan.unchanged))


def _require_after_horizon(conn: Connection, entries: Sequence[Entry]) -> None:
    """What lies before the horizon stays as it is, wrong or right."""
    horizon = raw_horizon(conn)
    early = [entry.start for entry in entries if horizon is not None and entry.start < horizon]
    if early:
        raise StateError(
            f"{RAW_EXPIRED}: an entry that is changed must lie after {horizon}, before which results are "
            f"frozen, got {min(early).isoformat()}"
        )


def _mark_amounts(conn: Connection, entries: Sequence[Stored]) -> None:
    """Have what bills and purchases touch computed anew: from their first hour to their last."""
    mark(
        conn,
        {
            Touched(
                f"{BY_HAND}{one.subject}", BILL_CHANNEL, one.entry.quantity, floor_hour(instant)
            )
            for one in entries
            if one.entry.kind != READING
            for instant in (one.entry.start, one.entry.end - INSTANT)
        },
    )


def _tell(
    conn: Connection, action: str, changes: Sequence[tuple[Stored | None, Stored]], act: Act
) -> None:
    assets = sorted({new.entry.asset for _, new in changes})
    Ledger(conn.engine).append(
        conn,
        at=act.at,
        actor=act.actor,
        action=action,
        subject=assets[0] if len(assets) == 1 else "hand",
        detail={"entries": len(changes), **act.detail},
        before=[None if old is None else _told(old) for old, _ in changes],
        after=[_told(new) for _, new in changes],
        mentions=assets,
    )


def _told(stored: Stored) -> dict[str, Any]:
    said = {name: value for name, value in asdict(stored.entry).items() if value not in (None, "")}
    named = {"number": stored.number, "revision": stored.revision}
    return {**named, **said, **({"withdrawn": True} if stored.withdrawn else {})}
