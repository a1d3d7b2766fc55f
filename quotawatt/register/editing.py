"""A register with other bindings, and what its rules say of new ones."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from quotawatt.register.changes import key_of
from quotawatt.register.check import check_rows
from quotawatt.register.model import Binding, Register
from quotawatt.register.rows import Row, records_of


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


def problems_with(register: Register, new: Mapping[str, Binding]) -> list[str]:
    """What the register's rules say against new bindings, by where each is said to stand."""
    tables = {
        kind: [Row(f"{kind}:{number}", asdict(record)) for number, record in enumerate(records, 1)]
        for kind, records in records_of(register).items()
    }
    before = set(check_rows(tables))
    mine = [Row(where, asdict(binding)) for where, binding in new.items()]
    tables["bindings"] = [*tables["bindings"], *mine]
    return [problem for problem in check_rows(tables) if problem not in before]


def _others(bindings: Sequence[Binding], keys: set[tuple[Any, ...]]) -> list[Binding]:
    return [binding for binding in bindings if key_of("bindings", binding) not in keys]
