"""What an import would do: all of it worked out beforehand, so that it can be shown and then done at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.register.changes import KindChange, changes_between, key_of
from quotawatt.register.check import check_rows
from quotawatt.register.editing import rows_of
from quotawatt.register.found import Found, Note
from quotawatt.register.merging import kept_bindings, lacking, register_of, with_history, with_kept
from quotawatt.register.model import Binding, FormerValue, Register
from quotawatt.register.naming import Tables
from quotawatt.register.own_dates import changed_in_place
from quotawatt.register.placing import whole_tables
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.recomputation import Recomputation, describe_recomputation
from quotawatt.register.retired import Retired, reused_codes
from quotawatt.register.rows import CODED, Record, columns, format_cell, records_of

CHANGED_LATER = Rule(
    "changed_later",
    "a change from {day} on must not be before the column's last one, of {last}",
    "自 {day} 起的变更不得早于该列上一次变更（{last}）",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is meant.

    remove
        Whether records that a sheet lacks are removed; otherwise each is a problem.
    prune
        Whether adopted bindings that the sheet lacks are removed too; otherwise they are kept.
    changed_from
        The day from which changed columns of assets hold; None: it was always so, a correction. With a
        day the rows that have their own dates must not change but for their end.
    """

    remove: bool = False
    prune: bool = False
    changed_from: date | None = None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column of an asset that differs, and whether the change has a day (else it is a correction)."""

    kind: str
    code: str
    column: str
    before: str
    after: str
    dated: bool


@dataclass(frozen=True)
class Plan:
    """What an import would do to what is stored.

    problems
        What stands against it; where there are any ``after`` is None and nothing else is worked out.
    difference
        The kinds that differ, each with its records that are added, changed and removed.
    columns
        The columns of assets that change, in the order of kinds and rows.
    kept
        Adopted bindings that stay though the sheet does not say them.
    """

    found: Found
    problems: tuple[Problem, ...]
    stored: Register
    after: Register | None = None
    difference: Mapping[str, KindChange[Record]] = field(default_factory=dict)
    columns: tuple[ColumnChange, ...] = ()
    kept: tuple[Binding, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is to be known besides."""
        return self.found.notes

    @cached_property
    def recomputation(self) -> Recomputation | None:
        """What is computed anew once it is done; None where it cannot be."""
        return None if self.after is None else describe_recomputation(self.stored, self.after)


def plan_import(
    stored: Register,
    found: Found,
    options: Options,
    zone: ZoneInfo,
    retired: Retired = MappingProxyType({}),
) -> Plan:
    """Work out an import without doing it.

    stored
        The register as it is.
    found
        What was read; kinds whose sheet is absent stay as they are stored, and so do columns.
    zone
        Of instants that name none, for assets at no site.
    retired
        The codes of assets that were removed: they are for no other.
    """
    whole = whole_tables(stored, found, zone)
    tables = whole.tables
    found = replace(found, notes=(*found.notes, *whole.notes))
    kept: tuple[Binding, ...] = ()
    adopted = stored.adopted
    if "bindings" in found.rows:
        kept = adopted = () if options.prune else kept_bindings(stored, tables["bindings"])
        tables["bindings"] = with_kept(tables["bindings"], kept)
    if "former_values" in found.rows and not options.remove:
        tables["former_values"] = with_history(stored, tables["former_values"])
    problems = [*found.problems, *whole.problems, *_broken(stored, tables)]
    problems += reused_codes(tables, stored, retired)
    if not options.remove:
        problems += lacking(stored, found, tables)
    if options.changed_from is not None and not problems:
        problems += changed_in_place(stored, tables)
    if problems:
        return Plan(found, found.in_order(problems), stored)
    return _plan_of(stored, found, register_of(tables, adopted), options, kept)


def _broken(stored: Register, tables: Tables) -> list[Problem]:
    """The rules that the rows break, but for those that what is stored breaks already."""
    problems = check_rows(tables)
    if not problems:
        return []
    known = set(check_rows(rows_of(stored)))
    return [problem for problem in problems if problem not in known]


def _plan_of(
    stored: Register, found: Found, after: Register, options: Options, kept: tuple[Binding, ...]
) -> Plan:
    """The plan; where a day is given changes without one get it."""
    changed = tuple(_column_changes(stored, after))
    undated = [change for change in changed if not change.dated]
    day = options.changed_from
    if day is not None and undated:
        last = _last_changes(after)
        if problems := tuple(_changed_later(undated, last, day)):
            return Plan(found, problems, stored)
        # A column that changed on this very day changes to the new value instead.
        formers = [
            FormerValue(c.code, c.column, c.before, day)
            for c in undated
            if last.get((c.code, c.column)) != day
        ]
        records: dict[str, Any] = {**records_of(after)}
        records["former_values"] = [*after.former_values, *formers]
        after = Register(**records, adopted=after.adopted)
        if broken := _broken(stored, rows_of(after)):
            return Plan(found, tuple(broken), stored)
        changed = tuple(replace(change, dated=True) for change in changed)
    return Plan(found, (), stored, after, changes_between(stored, after), changed, kept)


def _column_changes(stored: Register, after: Register) -> Iterator[ColumnChange]:
    """Dated is what has other former values than before."""
    differs = set(after.former_values) ^ set(stored.former_values)
    dated = {(former.asset, former.attribute) for former in differs}
    old, new = records_of(stored), records_of(after)
    for kind in CODED:
        before = {key_of(kind, record): record for record in old[kind]}
        for record in new[kind]:
            known = before.get(key_of(kind, record))
            if known is not None and known != record:
                yield from _of_record(kind, known, record, dated)


def _of_record(
    kind: str, old: Record, new: Record, dated: Collection[tuple[str, str]]
) -> Iterator[ColumnChange]:
    (code,) = key_of(kind, new)
    for column in columns(kind):
        before, after = getattr(old, column.name), getattr(new, column.name)
        if before != after:
            name = column.name
            has_day = (code, name) in dated
            yield ColumnChange(kind, code, name, format_cell(before), format_cell(after), has_day)


def _last_changes(register: Register) -> Mapping[tuple[str, str], date]:
    """The day of the last change of each column of an asset that has former values."""
    last: dict[tuple[str, str], date] = {}
    for former in register.former_values:
        key = (former.asset, former.attribute)
        last[key] = max(former.valid_until, last.get(key, former.valid_until))
    return last


def _changed_later(
    undated: Sequence[ColumnChange], last: Mapping[tuple[str, str], date], day: date
) -> Iterator[Problem]:
    for change in undated:
        known = last.get((change.code, change.column))
        if known is not None and known > day:
            where = Where(f"{change.kind} {change.code}", None, change.column)
            yield Problem(where, CHANGED_LATER.of(day=day, last=known), change.after)
