"""Supply contracts in the record store: read, added, changed, withdrawn.

Every function works within the caller's transaction. The ledger has each change with before and after.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from quotawatt.errors import NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.money.contracts import Draft, SupplyContract, require_sound
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.money_tables import supply_contracts

_VERSION = "supply_contracts"
"""The fact that counts changes of the contracts; whoever writes holds it."""

_FIELDS = tuple(field.name for field in fields(SupplyContract))


def contracts_version(conn: Connection) -> int:
    """A number that grows with each change of a contract; 0: there were none."""
    return int(read_fact(conn, _VERSION, 0))


def read_contracts(conn: Connection) -> list[SupplyContract]:
    """All contracts that stand, by subject, measure and first day."""
    t = supply_contracts.c
    query = select(*(t[name] for name in _FIELDS)).where(~t.withdrawn)
    query = query.order_by(t.subject, t.measure, t.valid_from)
    return [SupplyContract(**row) for row in conn.execute(query).mappings()]


def read_contract(conn: Connection, number: int) -> SupplyContract:
    """A contract that stands. Raises NotFoundError where there is none of this number."""
    t = supply_contracts.c
    query = select(*(t[name] for name in _FIELDS)).where(~t.withdrawn, t.number == number)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a supply contract must exist by its number, got {number}")
    return SupplyContract(**row)


class ContractBook:
    """Writes contracts, each with its entry in the ledger."""

    def __init__(self, engine: Engine, register: Register, rulebook: Rulebook) -> None:
        self._engine = engine
        self._register = register
        self._rulebook = rulebook

    def add(self, drafts: Sequence[Draft], actor: str, at: datetime) -> list[SupplyContract]:
        """Keep new contracts, all or none. Raises RegisterError with all that stands against them."""
        with self._engine.begin() as conn:
            self._lock(conn)
            require_sound(drafts, read_contracts(conn), self._register, self._rulebook)
            kept = [self._insert(conn, draft.contract, actor, at) for draft in drafts]
            for contract in kept:
                self._tell(conn, "contract_added", actor, at, None, contract)
        return kept

    def change(self, draft: Draft, actor: str, at: datetime) -> SupplyContract:
        """Another content for the contract of the draft's number. Raises like ``add``, and NotFoundError."""
        with self._engine.begin() as conn:
            self._lock(conn)
            before = read_contract(conn, draft.contract.number)
            require_sound([draft], read_contracts(conn), self._register, self._rulebook)
            self._update(conn, draft.contract, actor, at)
            self._tell(conn, "contract_changed", actor, at, before, draft.contract)
        return draft.contract

    def end(self, number: int, day: date, actor: str, at: datetime) -> SupplyContract:
        """End a contract before a day. Raises StateError where it does not reach that day."""
        with self._engine.begin() as conn:
            self._lock(conn)
            before = read_contract(conn, number)
            if day <= before.valid_from or (before.valid_until or date.max) < day:
                raise StateError(f"a contract must end within its time, got {number} on {day}")
            after = replace(before, valid_until=day)
            self._update(conn, after, actor, at)
            self._tell(conn, "contract_changed", actor, at, before, after)
        return after

    def withdraw(self, number: int, actor: str, at: datetime) -> SupplyContract:
        """Take a contract back that was entered by mistake."""
        with self._engine.begin() as conn:
            self._lock(conn)
            before = read_contract(conn, number)
            t = supply_contracts.c
            gone = {"withdrawn": True, "changed_by": actor, "changed_at": at}
            conn.execute(update(supply_contracts).where(t.number == number).values(gone))
            self._tell(conn, "contract_withdrawn", actor, at, before, None)
        return before

    def _lock(self, conn: Connection) -> None:
        put_fact(conn, _VERSION, int(lock_fact(conn, _VERSION, 0)) + 1)

    def _insert(
        self, conn: Connection, contract: SupplyContract, actor: str, at: datetime
    ) -> SupplyContract:
        highest = conn.execute(select(func.max(supply_contracts.c.number))).scalar() or 0
        kept = replace(contract, number=highest + 1)
        row = {**asdict(kept), "withdrawn": False, "changed_by": actor, "changed_at": at}
        conn.execute(insert(supply_contracts), [row])
        return kept

    def _update(self, conn: Connection, contract: SupplyContract, actor: str, at: datetime) -> None:
        row = {**asdict(contract), "changed_by": actor, "changed_at": at}
        where = supply_contracts.c.number == contract.number
        conn.execute(update(supply_contracts).where(where).values(row))

    def _tell(
        self,
        conn: Connection,
        action: str,
        actor: str,
        at: datetime,
        before: SupplyContract | None,
        after: SupplyContract | None,
    ) -> None:
        one = after or before
        assert one is not None
        Ledger(self._engine).append(
            conn,
            at=at,
            actor=actor,
            action=action,
            subject=f"contract {one.number}",
            detail={"tariff": one.tariff},
            before=_plain(before),
            after=_plain(after),
            mentions=[one.subject],
        )


def _plain(contract: SupplyContract | None) -> dict[str, Any] | None:
    if contract is None:
        return None
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(contract).items()}
