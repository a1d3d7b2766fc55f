"""What statistics of cases are made from: one row a case, read in one statement."""

from collections.abc import Sequence

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, func, select

from alerts.cases.model import CaseEvent
from quotawatt.spans import Span
from quotawatt.storage.case_tables import case_steps, cases

_UTC = pa.timestamp("us", tz="UTC")

_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("id", pa.int64()),
    ("rule", pa.string()),
    ("organisation", pa.string()),
    ("state", pa.string()),
    ("firing", pa.bool_()),
    ("opened_at", _UTC),
    ("closed_at", _UTC),
    ("closed_how", pa.string()),
    ("due_on", pa.date32()),
    ("reopened", pa.int64()),
    ("first_acknowledged_at", _UTC),
]

FACTS = pa.schema(_COLUMNS)
"""``first_acknowledged_at``: when it was taken up for the first time, whatever came after; null: never."""


def facts_between(
    conn: Connection, span: Span, conditions: Sequence[ColumnElement[bool]] = ()
) -> pa.Table:
    """The cases that were opened in the span and meet the conditions, by number; see ``FACTS``."""
    taken_up = (
        select(func.min(case_steps.c.at))
        .where(case_steps.c.case == cases.c.id, case_steps.c.action == CaseEvent.ACKNOWLEDGED.value)
        .scalar_subquery()
    )
    columns = [cases.c[name] for name in FACTS.names[:-1]]
    query = (
        select(*columns, taken_up.label(FACTS.names[-1]))
        .where(cases.c.opened_at >= span.start, cases.c.opened_at < span.end, *conditions)
        .order_by(cases.c.id)
    )
    rows = [dict(row) for row in conn.execute(query).mappings()]
    return pa.Table.from_pylist(rows, schema=FACTS)
