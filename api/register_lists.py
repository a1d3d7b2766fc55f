"""Which records of a kind a listing shows, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from api.access import Permit
from api.contact_views import seen
from api.register_keys import owner_of
from api.register_schemas import ListQuery
from quotawatt.errors import InputError, NotFoundError
from quotawatt.register.belonging import Tree
from quotawatt.register.model import Register
from quotawatt.register.rows import CODED, Record, column_of, columns, parse_cell


def listed(register: Register, permit: Permit, kind: str, query: ListQuery) -> list[Record]:
    """The records of a kind within reach that a query asks for, on all pages, in its order.

    Raises InputError for a text that is no value of its column and NotFoundError for an organisation that
    there is not within reach.
    """
    held = getattr(register, kind)
    records: list[Record] = list(held.values() if kind in CODED else held)
    if kind == "duties":
        records = seen(permit, records)  # first: who may not see an address may not find by it
    names = {column.name for column in columns(kind)}
    given = query.model_dump(exclude_none=True, exclude_unset=True)
    records = records_with(kind, records, {n: v for n, v in given.items() if n in names})
    if query.search:
        records = records_naming(records, query.search)
    if query.under is not None:
        require_organisation(register, permit, query.under)
        records = records_under(kind, records, register, query.under, query.tree)
    if not permit.everywhere:
        records = [record for record in records if permit.sees(owner_of(kind, record))]
    return records if query.sort is None else in_order(records, query.sort)


def require_organisation(register: Register, permit: Permit, code: str) -> None:
    """Raise NotFoundError where no organisation within reach goes by this code."""
    if code not in register.organisations or not permit.sees(code):
        raise NotFoundError(f"a code must be one of an organisation, got {code!r}")


def records_with(kind: str, records: Iterable[Record], wanted: Mapping[str, str]) -> list[Record]:
    """The records whose columns hold these values, given as the text of a cell; empty text: none.

    Raises InputError for a text that is no value of its column.
    """
    values = {name: _value(kind, name, text) for name, text in wanted.items()}
    return [r for r in records if all(getattr(r, name) == v for name, v in values.items())]


def records_naming(records: Iterable[Record], part: str) -> list[Record]:
    """The records of which any text has this part in it, whatever the case."""
    needle = part.casefold()
    return [r for r in records if any(needle in text.casefold() for text in _texts(r))]


def records_under(
    kind: str,
    records: Iterable[Record],
    register: Register,
    organisation: str,
    tree: Tree,
) -> list[Record]:
    """The records that the organisation, or one below it, answers for."""
    codes = set(register.sub_organisations(organisation, tree))
    return [r for r in records if register.organisation_of(owner_of(kind, r)) in codes]


def in_order(records: Sequence[Record], order: str) -> list[Record]:
    """The records by a column; ``-`` before it: backwards. Those without a value come last both ways."""
    name = order.removeprefix("-")
    known = [r for r in records if getattr(r, name) is not None]
    known.sort(key=attrgetter(name), reverse=order.startswith("-"))
    return known + [r for r in records if getattr(r, name) is None]


def parse_day(text: str, name: str) -> date:
    """A day in ISO 8601. Raises InputError for anything else."""
    try:
        if len(text) == len("2024-01-01"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(f"{name} must be a day, YYYY-MM-DD, got {text!r}")


def _value(kind: str, name: str, text: str) -> Any:
    column = column_of(kind, name)
    if not text.strip():
        return column.default
    try:
        return parse_cell(column, text)
    except ValueError as error:
        raise InputError(f"{name} {error}, got {text!r}") from None


def _texts(record: Record) -> Iterable[str]:
    values = (getattr(record, name) for name in record.__dataclass_fields__)
    return (value for value in values if isinstance(value, str))
