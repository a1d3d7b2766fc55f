"""Whether somebody may make a change of the register: all that it touches must be within their reach."""

from collections.abc import Iterator, Mapping

from api.access import Permit
from api.register_keys import owner_of
from quotawatt.errors import NotFoundError
from quotawatt.register.changes import KindChange, changes_between
from quotawatt.register.formulas import codes_in
from quotawatt.register.kinds import FormerValue, VirtualMeter
from quotawatt.register.model import Organisation, Register
from quotawatt.register.rows import Record, kind_of
from quotawatt.register.rules import REFERENCES

Changes = Mapping[str, KindChange[Record]]


def require_reach(
    permit: Permit, before: Register, after: Register, changes: Changes | None = None
) -> None:
    """Raise NotFoundError, with the codes, where the change touches what is out of reach.

    Within reach must be what was there, whoever answers for what is there then, and every code that a record
    names anew, but for sites: they belong to nobody. What is itself added by the change is judged by its own
    record. To add or change a site, or an organisation without a parent, takes a permit for the whole
    installation. ``changes`` is what tells the two apart, where that is known already.
    """
    if permit.everywhere:
        return
    known = changes_between(before, after) if changes is None else changes
    touched = {code for kind, change in known.items() for code in _touched(after, kind, change)}
    beyond = sorted(c for c in touched if not _is_new(c, before, after) and not permit.sees(c))
    alone = sorted(c for kind, change in known.items() for c in _belonging_to_nobody(kind, change))
    if beyond or alone:
        rule = "a change must touch only what is within reach"
        raise NotFoundError(f"{rule}, got {', '.join([*beyond, *alone])}")


def _is_new(code: str, before: Register, after: Register) -> bool:
    return code in after.assets and code not in before.assets


def _touched(after: Register, kind: str, change: KindChange[Record]) -> Iterator[str]:
    for old, new in _steps(change):
        if old is not None:
            yield owner_of(kind, old)
        if new is not None:
            if (organisation := after.organisation_of(owner_of(kind, new))) is not None:
                yield organisation
            named_before = set() if old is None else _named(after, kind, old)
            yield from (code for _, code in _named(after, kind, new) - named_before)


def _steps(change: KindChange[Record]) -> Iterator[tuple[Record | None, Record | None]]:
    yield from ((None, record) for record in change.added)
    yield from change.changed
    yield from ((record, None) for record in change.removed)


def _named(register: Register, kind: str, record: Record) -> set[tuple[str, str]]:
    """The columns in which a record names other assets, with their codes; of sites none."""
    if isinstance(record, FormerValue):
        if record.attribute == "formula":
            return {("formula", c) for c in codes_in(record.value) if c in register.assets}
        asset = register.assets.get(record.asset)
        place = ("" if asset is None else kind_of(asset), record.attribute)
        refers = REFERENCES.get(place, ("sites",)) != ("sites",) and record.value
        return {(record.attribute, record.value)} if refers else set()
    columns = [c for (of, c), targets in REFERENCES.items() if of == kind and targets != ("sites",)]
    named = {(column, code) for column in columns if (code := getattr(record, column))}
    formula = record.formula if isinstance(record, VirtualMeter) else ""
    return named | {("formula", code) for code in codes_in(formula) if code in register.assets}


def _belonging_to_nobody(kind: str, change: KindChange[Record]) -> Iterator[str]:
    """Codes of sites, and of organisations that lose a parent or never had one."""
    if kind == "sites":
        yield from (owner_of(kind, record) for step in _steps(change) for record in step if record)
    for old, new in _steps(change):
        if isinstance(new, Organisation) and _loses_parent(old, new):
            yield new.code


def _loses_parent(old: Record | None, new: Organisation) -> bool:
    if not isinstance(old, Organisation):
        return new.region_parent is None and new.system_parent is None
    return (old.region_parent is not None and new.region_parent is None) or (
        old.system_parent is not None and new.system_parent is None
    )
