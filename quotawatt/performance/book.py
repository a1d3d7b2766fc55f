"""Energy-performance contracts and their non-routine events in the record store.

Every function works within the caller's transaction. The ledger has each change with before and after.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from quotawatt.errors import NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.performance.values import (
    ContractKind,
    EventKind,
    NonRoutineEvent,
    PerformanceContract,
    YearTerms,
    require_contract,
    require_event,
)
from quotawatt.storage.facts import lock_fact
from quotawatt.storage.performance_tables import (
    non_routine_events,
    performance_contracts,
    verified_savings,
)

LOCK = "performance_contracts"
"""The fact that whoever writes contracts, events or verifications holds."""

_FIELDS = tuple(field.name for field in fields(PerformanceContract))


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event in the book, under its number; ``withdrawn_at`` where it was entered wrongly."""

    id: int
    contract: int
    event: NonRoutineEvent
    entered_by: str
    entered_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


def read_contracts(conn: Connection) -> list[PerformanceContract]:
    """All contracts that stand, by number."""
    t = performance_contracts.c
    query = select(*(t[name] for name in _FIELDS)).where(~t.withdrawn).order_by(t.number)
    return [_contract(row) for row in conn.execute(query).mappings()]


def read_contract(conn: Connection, number: int) -> PerformanceContract:
    """A contract that stands. Raises NotFoundError where there is none of this number."""
    t = performance_contracts.c
    query = select(*(t[name] for name in _FIELDS)).where(~t.withdrawn, t.number == number)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a performance contract must exist by its number, got {number}")
    return _contract(row)


def add_contract(
    conn: Connection, given: PerformanceContract, actor: str, at: datetime
) -> PerformanceContract:
    """Keep a new contract under the next number. Raises InputError for one that breaks a rule."""
    require_contract(given)
    lock_fact(conn, LOCK, 0)
    highest = conn.execute(select(func.max(performance_contracts.c.number))).scalar() or 0
    kept = replace(given, number=highest + 1)
    row = {**_row(kept), "withdrawn": False, "changed_by": actor, "changed_at": at}
    conn.execute(insert(performance_contracts), [row])
    _tell_contract(conn, "performance_contract_added", actor, at, None, kept)
    return kept


def change_contract(
    conn: Connection, given: PerformanceContract, actor: str, at: datetime
) -> PerformanceContract:
    """Another content for the contract of this number.

    Raises InputError like ``add_contract``, NotFoundError, and StateError once savings of it were verified:
    what they rest on stays.
    """
    require_contract(given)
    before = _open(conn, given.number)
    row = {**_row(given), "changed_by": actor, "changed_at": at}
    _update(conn, given.number, row)
    _tell_contract(conn, "performance_contract_changed", actor, at, before, given)
    return given


def withdraw_contract(
    conn: Connection, number: int, actor: str, at: datetime
) -> PerformanceContract:
    """Take a contract back that was entered by mistake. Raises like ``change_contract``."""
    before = _open(conn, number)
    _update(conn, number, {"withdrawn": True, "changed_by": actor, "changed_at": at})
    _tell_contract(conn, "performance_contract_withdrawn", actor, at, before, None)
    return before


def read_events(conn: Connection, contract: int, *, withdrawn: bool = False) -> list[EventEntry]:
    """The non-routine events of a contract by their first day; withdrawn ones only where asked for."""
    t = non_routine_events.c
    query = select(non_routine_events).where(t.contract == contract)
    if not withdrawn:
        query = query.where(t.withdrawn_at.is_(None))
    return [_event(row) for row in conn.execute(query.order_by(t.first_day, t.id)).mappings()]


def read_event(conn: Connection, number: int) -> EventEntry:
    """The event of this number. Raises NotFoundError where there is none."""
    query = select(non_routine_events).where(non_routine_events.c.id == number)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a non-routine event must exist by its number, got {number}")
    return _event(row)


def add_event(
    conn: Connection, contract: int, event: NonRoutineEvent, actor: str, at: datetime
) -> EventEntry:
    """Record a non-routine event of a contract.

    Raises InputError for one that breaks a rule, NotFoundError where there is no such contract.
    """
    require_event(event)
    lock_fact(conn, LOCK, 0)
    of = read_contract(conn, contract)
    row = {**asdict(event), "contract": contract, "entered_by": actor, "entered_at": at}
    made = conn.execute(insert(non_routine_events).values(row)).inserted_primary_key
    entry = read_event(conn, int(made[0]) if made else 0)
    _tell_event(conn, "non_routine_event_added", actor, at, entry, of)
    return entry


def withdraw_event(conn: Connection, number: int, actor: str, at: datetime) -> EventEntry:
    """Take an event back. Raises NotFoundError, and StateError where it was withdrawn before."""
    lock_fact(conn, LOCK, 0)
    before = read_event(conn, number)
    if before.withdrawn_at is not None:
        raise StateError(f"a non-routine event must not have been withdrawn, got {number}")
    gone = {"withdrawn_by": actor, "withdrawn_at": at}
    one = non_routine_events.c.id == number
    conn.execute(update(non_routine_events).where(one).values(gone))
    of = read_contract(conn, before.contract)
    _tell_event(conn, "non_routine_event_withdrawn", actor, at, before, of)
    return read_event(conn, number)


def _open(conn: Connection, number: int) -> PerformanceContract:
    """The contract, locked; StateError where savings of it stand verified or wait to be."""
    lock_fact(conn, LOCK, 0)
    t = verified_savings.c
    closed = select(t.id).where(t.contract == number, t.state != "sent_back").limit(1)
    contract = read_contract(conn, number)
    if conn.execute(closed).one_or_none() is not None:
        raise StateError(
            f"a contract must not change once savings of it were proposed or verified, got {number}"
        )
    return contract


def _update(conn: Connection, number: int, row: Mapping[str, Any]) -> None:
    where = performance_contracts.c.number == number
    conn.execute(update(performance_contracts).where(where).values(row))


def _contract(row: RowMapping) -> PerformanceContract:
    terms = tuple(YearTerms(**term) for term in row["terms"])
    return PerformanceContract(**{**row, "kind": ContractKind(row["kind"]), "terms": terms})


def _row(contract: PerformanceContract) -> dict[str, Any]:
    terms = [asdict(term) for term in contract.terms]
    return {**asdict(contract), "kind": contract.kind.value, "terms": terms}


def _event(row: RowMapping) -> EventEntry:
    names = [field.name for field in fields(NonRoutineEvent)]
    event = NonRoutineEvent(**{**{n: row[n] for n in names}, "kind": EventKind(row["kind"])})
    others = ("id", "contract", "entered_by", "entered_at", "withdrawn_by", "withdrawn_at")
    return EventEntry(event=event, **{name: row[name] for name in others})


def _tell_contract(
    conn: Connection,
    action: str,
    actor: str,
    at: datetime,
    before: PerformanceContract | None,
    after: PerformanceContract | None,
) -> None:
    one = after or before
    assert one is not None
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action=action,
        subject=one.subject,
        detail={"contract": one.number},
        before=None if before is None else _plain(_row(before)),
        after=None if after is None else _plain(_row(after)),
    )


def _tell_event(
    conn: Connection,
    action: str,
    actor: str,
    at: datetime,
    entry: EventEntry,
    contract: PerformanceContract,
) -> None:
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action=action,
        subject=contract.subject,
        detail={"contract": contract.number, "event": entry.id, **_plain(asdict(entry.event))},
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
