"""Rows that say themselves from when they hold: what an import with a day must not change of them."""

from collections.abc import Iterator

from quotawatt.register.changes import key_of
from quotawatt.register.merging import key_of_row
from quotawatt.register.model import Register
from quotawatt.register.naming import Tables
from quotawatt.register.problems import Problem, Rule
from quotawatt.register.rows import CODED, KINDS, Record, Row, columns, format_cell, records_of

OWN_DATES = Rule(
    "own_dates",
    "a row with its own dates must be closed and a new one added to change it from a day on (without --from"
    " this is a correction of the whole past), where it said {before}",
    "自带起止日期或年份的行不能用 --from 变更：请结束该行并另加一行（不带 --from 则视为对全部历史的更正）；"
    "原值为“{before}”",
)

_KINDS = tuple(kind for kind in KINDS if kind not in CODED and kind != "former_values")
_END = "valid_until"


def changed_in_place(stored: Register, tables: Tables) -> Iterator[Problem]:
    """Columns of stored head-counts, bindings and base values that the rows say otherwise.

    They have no former values: such a change would hold for all the time of the row. The end of a row is
    not among them, for it says its day itself.
    """
    records = records_of(stored)
    for kind in _KINDS:
        known = {key_of_row(kind, row): row for row in tables[kind]}
        for record in records[kind]:
            row = known.get(key_of(kind, record))
            if row is not None:
                yield from _changed_cells(kind, record, row)


def _changed_cells(kind: str, record: Record, row: Row) -> Iterator[Problem]:
    for name in (column.name for column in columns(kind) if column.name != _END):
        before, after = getattr(record, name), row.cells[name]
        if before != after:
            yield Problem(row.where.at(name), OWN_DATES.of(before=format_cell(before)), after)
