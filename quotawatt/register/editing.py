"""A register as rows, with other bindings, and what its rules say of what is new."""

from collections.abc import Mapping, Sequence
from typing import Any

from quotawatt.errors import RegisterError
from quotawatt.register.changes import changes_between, key_of
from quotawatt.register.check import check_rows
from quotawatt.register.heritage import inherit
from quotawatt.register.known_codes import Rows
from quotawatt.register.model import Binding, Register
from quotawatt.register.neighbours import neighbours
from quotawatt.register.problems import Problem, Where
from quotawatt.register.rows import KINDS, Record, Row, columns, format_cell, records_of

_NAMES = {record: tuple(c.name for c in columns(kind)) for kind, record in KINDS.items()}


def with_adopted(register: Register, bindings: Sequence[Binding]) -> Register:
    """The register with these bindings, marked as adopted; each takes the place of one of its key."""
    keys = {key_of("bindings", binding) for binding in bindings}
    return with_bindings(
        register,
        [*_others(register.bindings, keys), *bindings],
        [*_others(register.adopted, keys), *bindings],
    )


def with_bindings(
    register: Register, bindings: Sequence[Binding], adopted: Sequence[Binding]
) -> Register:
    """The register with these bindings and no other ones."""
    records: dict[str, Any] = {**records_of(register), "bindings": bindings}
    return Register(**records, adopted=adopted)


def problems_with(register: Register, new: Mapping[str, Binding]) -> list[Problem]:
    """What the register's rules say against new bindings, by where each is said to stand."""
    after = with_bindings(register, [*register.bindings, *new.values()], register.adopted)
    tables = _rows(neighbours(register, after, changes_between(register, after))[0])
    mine = [Row(Where(where), cells_of(binding)) for where, binding in new.items()]
    return problems_added(tables, {**tables, "bindings": [*tables["bindings"], *mine]})


def problems_added(before: Rows, after: Rows) -> list[Problem]:
    """What is wrong with ``after`` and was not with ``before``.

    What was stored under the rules of an older version stays, and stands in nobody's way.
    """
    found = check_rows(after)
    if not found:
        return []
    known = set(check_rows(before))
    return [problem for problem in found if problem not in known]


def judged(before: Register, after: Register) -> Register:
    """``after``, as an edit has to return it. Raises RegisterError with every rule that it newly breaks."""
    if problems := problems_between(before, after):
        raise RegisterError(problems)
    return after


def problems_between(before: Register, after: Register) -> list[Problem]:
    """What is wrong with ``after`` and was not with ``before``; quick where little differs."""
    changes = changes_between(before, after)
    inherit(after, before, changes)
    old, new = neighbours(before, after, changes)
    return problems_added(_rows(old), _rows(new))


def rows_of(register: Register) -> dict[str, list[Row]]:
    """The register's records as rows; each stands at its kind and key."""
    return _rows(records_of(register))


def _rows(records: Mapping[str, Sequence[Record]]) -> dict[str, list[Row]]:
    return {
        kind: [Row(where_of(kind, record), cells_of(record)) for record in of_kind]
        for kind, of_kind in records.items()
    }


def where_of(kind: str, record: Record) -> Where:
    """The place of a stored record: its kind and key."""
    return Where(f"{kind} {'/'.join(format_cell(part) for part in key_of(kind, record))}")


def cells_of(record: Record) -> dict[str, Any]:
    """The values of a record by column."""
    return {name: getattr(record, name) for name in _NAMES[type(record)]}


def _others(bindings: Sequence[Binding], keys: set[tuple[Any, ...]]) -> list[Binding]:
    return [binding for binding in bindings if key_of("bindings", binding) not in keys]
