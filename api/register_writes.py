"""Changes of single records: an edit of the register, judged by its rules and by reach."""

from bisect import insort
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException

from api.access import Permit
from api.register_keys import address_key, has_record, matches, owner_of, record_at, record_etag
from api.register_reach import require_reach
from api.services import Services
from quotawatt.errors import InputError, RegisterError, StateError
from quotawatt.register.changes import key_of
from quotawatt.register.editing import judged, problems_between
from quotawatt.register.model import Register
from quotawatt.register.operations import change
from quotawatt.register.repository import Deed, change_register
from quotawatt.register.rows import (
    CODED,
    KEYS,
    KINDS,
    Record,
    columns,
    format_cell,
    parse_cell,
    records_of,
)

REFERRING_SHOWN = 20
"""So many of the records that stand in the way of a removal are named."""

Edit = Callable[[Register], Register]


@dataclass(frozen=True, slots=True)
class Target:
    """The record that a request is about, and the version of it that the request names (``If-Match``)."""

    kind: str
    key: str
    if_match: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The register before and after a change."""

    before: Register
    after: Register


def make_record(kind: str, cells: Mapping[str, Any]) -> Record:
    """A record from its columns, tidied like the cells of a file.

    Raises RegisterError with every cell that is no value of its column.
    """
    values: dict[str, Any] = {}
    broken: list[str] = []
    for column in columns(kind):
        try:
            text = format_cell(cells[column.name])
            values[column.name] = parse_cell(column, text)
        except ValueError as error:
            broken.append(f"{kind} {column.name}: {error}, got {cells[column.name]!r}")
    if broken:
        raise RegisterError(broken)
    return KINDS[kind](**values)


def with_record(register: Register, kind: str, old: Record | None, new: Record | None) -> Register:
    """The register with ``new`` in the place of ``old``; None: none was there, or none is."""
    records: dict[str, Any] = dict(records_of(register))
    records[kind] = _put(kind, list(records[kind]), old, new)
    return Register(**records, adopted=[b for b in register.adopted if b != old])


def _put(kind: str, records: list[Record], old: Record | None, new: Record | None) -> list[Record]:
    """The records with ``new`` in the place of ``old``, or where the store has one of its key."""
    if old is not None and new is not None:
        records[records.index(old)] = new
    elif old is not None:
        records.remove(old)
    elif new is not None:
        insort(records, new, key=partial(key_of, kind))
    return records


def created_record(
    services: Services, permit: Permit, kind: str, cells: Mapping[str, Any]
) -> Record:
    """Add a record to the register. Raises StateError where there is one of its key already."""
    new = make_record(kind, cells)
    key = address_key(kind, new)

    def edit(stored: Register) -> Register:
        if has_record(stored, kind, key):
            raise StateError(f"a key must be free, got {key!r}")
        return with_record(stored, kind, None, new)

    commit(services, permit, edit, Deed("record_added", key, {"kind": kind}))
    return new


def replaced_record(
    services: Services, permit: Permit, target: Target, cells: Mapping[str, Any]
) -> Record:
    """Put a record in the place of the one of its key: what that said was wrong."""
    new = make_record(target.kind, cells)
    if address_key(target.kind, new) != target.key:
        names = " and ".join(KEYS[target.kind])
        got = address_key(target.kind, new)
        raise InputError(f"{names} must be as in the address, {target.key!r}, got {got!r}")

    def edit(stored: Register) -> Register:
        return with_record(stored, target.kind, present(stored, permit, target), new)

    commit(services, permit, edit, Deed("record_changed", target.key, {"kind": target.kind}))
    return new


def changed_record(
    services: Services,
    permit: Permit,
    target: Target,
    cells: Mapping[str, Any],
    from_day: date | None,
) -> Record:
    """Change some columns of a record: from a day on, or, without one, since their last changes."""
    edit = change_edit(permit, target, cells, from_day)
    after = commit(services, permit, edit, change_deed(target)).after
    return record_at(after, target.kind, target.key)


def change_edit(
    permit: Permit, target: Target, cells: Mapping[str, Any], from_day: date | None
) -> Edit:
    """The edit of ``changed_record``, for ``commit``."""

    def edit(stored: Register) -> Register:
        old = present(stored, permit, target)
        new = make_record(target.kind, {**asdict(old), **cells})
        if from_day is None:
            return with_record(stored, target.kind, old, new)
        return change(stored, target.key, {name: getattr(new, name) for name in cells}, from_day)

    return edit


def change_deed(target: Target) -> Deed:
    """What the ledger says of a change of a record."""
    return Deed("record_changed", target.key, {"kind": target.kind})


def removed_record(services: Services, permit: Permit, target: Target) -> None:
    """Take a record out of the register, an asset with its former values.

    Raises StateError, with what they are, where others refer to it.
    """

    def edit(stored: Register) -> Register:
        old = present(stored, permit, target)
        after = with_record(stored, target.kind, old, None)
        if target.kind in CODED:
            after = _without_former_values(after, target.key)
        if broken := problems_between(stored, after):
            named = ", ".join(str(problem.where) for problem in broken[:REFERRING_SHOWN])
            rule = "what others refer to must stay (an asset that is gone is disposed of)"
            raise StateError(f"{rule}, got {len(broken)} that do: {named}")
        return after

    commit(services, permit, edit, Deed("record_removed", target.key, {"kind": target.kind}))


def commit(
    services: Services, permit: Permit, edit: Edit, deed: Deed, *, dry_run: bool = False
) -> Outcome:
    """Make of the stored register what ``edit`` makes of it, or, with ``dry_run``, only work it out.

    Raises NotFoundError where what changes is out of reach and RegisterError where the result breaks a rule
    of the register; then nothing is written.
    """
    outcomes: list[Outcome] = []

    def checked(stored: Register) -> Register:
        after = edit(stored)
        require_reach(permit, stored, after)
        outcomes.append(Outcome(stored, judged(stored, after)))
        return after

    if dry_run:
        checked(services.register_source())
    else:
        at = services.wall_clock()
        change_register(services.records, checked, permit.actor, at, deed, services.near)
        services.register_changed()
    return outcomes[-1]


def present(register: Register, permit: Permit, target: Target) -> Record:
    """The record that is to be changed, in the version that the request names.

    Raises NotFoundError where there is none within reach; answers 412 where it has changed since.
    """
    record = record_at(register, target.kind, target.key)
    permit.require(owner_of(target.kind, record))
    etag = record_etag(record)
    if not matches(target.if_match, etag):
        raise HTTPException(
            412, f"If-Match must name the present version, {etag}, got {target.if_match}"
        )
    return record


def _without_former_values(register: Register, code: str) -> Register:
    records: dict[str, Any] = dict(records_of(register))
    records["former_values"] = [f for f in register.former_values if f.asset != code]
    return Register(**records, adopted=register.adopted)
