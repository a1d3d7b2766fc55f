"""What the ledger keeps of a change of the register: every record that differs, before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from quotawatt.register.changes import KindChange
from quotawatt.register.contact_privacy import masked
from quotawatt.register.rows import Record

Rows = Mapping[str, list[dict[str, Any]]]
"""Records by kind, as plain values; what is not set is left out."""

# The column of a record that holds the code of the asset it is of, the first that it has.
_CODES = ("code", "asset", "organisation")


@dataclass(frozen=True, slots=True)
class Account:
    """A change as the ledger keeps it.

    before
        The records that were changed or removed, as they were.
    after
        The records that were changed or added, as they are.
    codes
        Of the assets that these are of.
    """

    before: Rows
    after: Rows
    codes: frozenset[str]


def account_of(changes: Mapping[str, KindChange[Record]]) -> Account:
    """The account of a change."""
    before = {kind: [_plain(record) for record in _old(change)] for kind, change in changes.items()}
    after = {kind: [_plain(record) for record in _new(change)] for kind, change in changes.items()}
    records = (r for change in changes.values() for r in (*_old(change), *_new(change)))
    codes = frozenset(code for record in records if (code := _code_of(record)))
    return Account(_filled(before), _filled(after), codes)


def _old(change: KindChange[Record]) -> Iterator[Record]:
    yield from (old for old, _ in change.changed)
    yield from change.removed


def _new(change: KindChange[Record]) -> Iterator[Record]:
    yield from (new for _, new in change.changed)
    yield from change.added


def _filled(rows: Rows) -> Rows:
    return {kind: records for kind, records in rows.items() if records}


def _plain(record: Record) -> dict[str, Any]:
    # A record holds plain values only: asdict, which copies them all, takes ten times as long.
    # The ledger is never erased: addresses of people are cut in it.
    kept = masked(record)
    values = ((field.name, getattr(kept, field.name)) for field in fields(kept))
    return {name: value for name, value in values if value not in (None, "")}


def _code_of(record: Record) -> str:
    found = (getattr(record, name, "") for name in _CODES)
    return next((code for code in found if code), "")
