"""Baselines in the record store: each fit is a version, and one version of a subject is current.

A version is learnt from what came before its ``as_of``. Once written it is never changed but for its state:

- ``current``: the newest of its subject, measure and interval;
- ``superseded``: it is of an earlier month than the newest;
- ``dropped``: what it was learnt from has changed since; it comes back where the same data are found again;
- ``insufficient``: no version (0) but the newest attempt, which had too little to learn from.

Here they are read; ``baseline_keeping`` writes them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    and_,
    exists,
    select,
    true,
)

from quotawatt.storage.analytics_tables import baselines

CURRENT, SUPERSEDED, DROPPED, INSUFFICIENT = "current", "superseded", "dropped", "insufficient"
"""States of a version."""

SCHEDULE, CHANGED, ASKED = "schedule", "changed", "asked"
"""Why a version was made: its month began, older data changed, somebody asked for it."""

_LIVE = (CURRENT, SUPERSEDED, INSUFFICIENT)
_TOGETHER = 500  # subjects of one statement
_LIGHT = tuple(column for column in baselines.c if column.name != "document")


class BaselineKey(NamedTuple):
    """What has one current version: a subject's measure at an interval (``hour``)."""

    subject: str
    measure: str
    interval: str = "hour"


@dataclass(frozen=True)
class BaselineVersion:
    """One version; see the table ``baselines``.

    version, state
        0 and empty before it is kept; 0 too where there was too little to learn from.
    kind, document
        None where there was too little to learn from; ``document`` also where it was not asked for.
    """

    key: BaselineKey
    as_of: datetime
    fitted_at: datetime
    reason: str
    kind: str | None = None
    document: Mapping[str, Any] | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    saw: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()
    libraries: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    state: str = ""


_FIELDS = tuple(f.name for f in fields(BaselineVersion) if f.name != "key")


def standing_at(
    conn: Connection, as_of: datetime, keys: Collection[BaselineKey]
) -> dict[BaselineKey, BaselineVersion]:
    """What stands for the month that begins at ``as_of``, insufficient attempts included."""
    live = baselines.c.state.in_(_LIVE)
    return {one.key: one for one in read(conn, keys, baselines.c.as_of == as_of, live)}


def keys_standing_at(conn: Connection, as_of: datetime) -> set[BaselineKey]:
    """Of what anything stands for the month that begins at ``as_of``, insufficient attempts included."""
    b = baselines.c
    chosen = select(b.subject, b.measure, b.interval)
    rows = conn.execute(chosen.where(b.as_of == as_of, b.state.in_(_LIVE)))
    return {BaselineKey(*row) for row in rows}


def current_keys(conn: Connection) -> list[BaselineKey]:
    """Of what there is a current version, by subject and measure."""
    b = baselines.c
    chosen = select(b.subject, b.measure, b.interval).where(b.state == CURRENT)
    return [BaselineKey(*row) for row in conn.execute(chosen.order_by(b.subject, b.measure))]


def current(
    conn: Connection, keys: Collection[BaselineKey] | None = None
) -> dict[BaselineKey, BaselineVersion]:
    """The current versions of these, or of all, with what predicts."""
    return {one.key: one for one in read(conn, keys, baselines.c.state == CURRENT)}


def newest(conn: Connection) -> list[BaselineVersion]:
    """The newest version or attempt of everything, by subject and measure; without documents."""
    later = baselines.alias()
    is_last = ~exists().where(same_key(later), later.c.as_of > baselines.c.as_of, lives(later))
    chosen = select(*_LIGHT).where(lives(baselines), is_last)
    order = (baselines.c.subject, baselines.c.measure, baselines.c.interval)
    return [_version(row._mapping) for row in conn.execute(chosen.order_by(*order))]


def versions_of(conn: Connection, key: BaselineKey) -> list[BaselineVersion]:
    """All versions of one, newest first; without documents."""
    b = baselines.c
    chosen = select(*_LIGHT).where(is_of(key)).order_by(b.as_of.desc(), b.version.desc())
    return [_version(row._mapping) for row in conn.execute(chosen)]


def version_at(conn: Connection, key: BaselineKey, version: int) -> BaselineVersion | None:
    """One version, whatever its state, with what predicts; None: it is not kept any more."""
    return next(read(conn, [key], baselines.c.version == version), None)


def read(
    conn: Connection, keys: Collection[BaselineKey] | None, *terms: ColumnElement[bool]
) -> Iterator[BaselineVersion]:
    """Those of the keys (None: of all) that meet the terms, with their documents."""
    wanted = None if keys is None else set(keys)
    for mine in of_subjects(keys):
        for row in conn.execute(select(baselines).where(mine, *terms)):
            one = _version(row._mapping)
            if wanted is None or one.key in wanted:
                yield one


def of_subjects(keys: Collection[BaselineKey] | None) -> Iterator[ColumnElement[bool]]:
    """Terms that together hold the subjects of the keys, as many as go into one statement (None: all)."""
    if keys is None:
        yield true()
        return
    ordered = sorted({key.subject for key in keys})
    for first in range(0, len(ordered), _TOGETHER):
        yield baselines.c.subject.in_(ordered[first : first + _TOGETHER])


def is_of(key: BaselineKey) -> ColumnElement[bool]:
    """That a row is a version of this."""
    b = baselines.c
    return and_(b.subject == key.subject, b.measure == key.measure, b.interval == key.interval)


def same_key(other: FromClause) -> ColumnElement[bool]:
    """That a row of another instance of the table is of the same subject, measure and interval."""
    return and_(*(other.c[name] == baselines.c[name] for name in BaselineKey._fields))


def lives(table: FromClause) -> ColumnElement[bool]:
    """That a row was not dropped."""
    return table.c.state.in_(_LIVE)


def _version(row: RowMapping) -> BaselineVersion:
    key = BaselineKey(*(row[name] for name in BaselineKey._fields))
    return BaselineVersion(key, **{name: row[name] for name in _FIELDS if name in row})
