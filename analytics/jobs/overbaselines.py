"""The stored baselines that a span is judged by: the last ones learnt before it began."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from analytics.baselines.fitted import FittedBaseline
from analytics.grid import Key
from quotawatt.errors import InputError
from quotawatt.storage.analytics_tables import baselines
from quotawatt.storage.baselines import DROPPED, INSUFFICIENT


class Stored(NamedTuple):
    """A baseline, and the number of its stored version; None: it is not stored."""

    fitted: FittedBaseline
    version: int | None


def stored_baselines(conn: Connection, keys: Sequence[Key], start: datetime) -> dict[Key, Stored]:
    """By series the newest version that had seen nothing from ``start`` on and can still predict."""
    b = baselines.c
    usable = (
        b.subject.in_({key.subject for key in keys})
        & b.measure.in_({key.measure for key in keys})
        & (b.interval == "hour")
        & (b.as_of <= start)
        & b.state.not_in((DROPPED, INSUFFICIENT))
        & b.document.is_not(None)
    )
    newest = (
        select(b.subject, b.measure, func.max(b.as_of).label("as_of"))
        .where(usable)
        .group_by(b.subject, b.measure)
        .subquery()
    )
    same = (
        (b.subject == newest.c.subject)
        & (b.measure == newest.c.measure)
        & (b.as_of == newest.c.as_of)
    )
    chosen = select(b.subject, b.measure, b.version, b.document).join(newest, same).where(usable)
    found = {}
    for row in conn.execute(chosen.order_by(b.version)):
        key = Key(row.subject, row.measure)
        try:
            found[key] = Stored(FittedBaseline.from_document(row.document), row.version)
        except InputError:
            continue  # written in another form: learnt anew
    return {key: one for key, one in found.items() if key in keys}
