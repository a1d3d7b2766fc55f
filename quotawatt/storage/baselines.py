"""Baselines in the record store: each fit is a version, and one version of a subject is current.

A version is learnt from what came before its ``as_of``. Once written it is never changed but for its state:

- ``current``: the newest of its subject, measure and interval;
- ``superseded``: it is of an earlier month than the newest;
- ``dropped``: what it was learnt from has changed since; it comes back where the same data are found again;
- ``insufficient``: there was too little to learn from; ``findings`` say what.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from quotawatt.storage.analytics_tables import baselines
from quotawatt.storage.facts import lock_fact

CURRENT, SUPERSEDED, DROPPED, INSUFFICIENT = "current", "superseded", "dropped", "insufficient"
"""States of a version."""

SCHEDULE, CHANGED, ASKED = "schedule", "changed", "asked"
"""Why a version was made: its month began, older data changed, somebody asked for it."""

_LIVE = (CURRENT, SUPERSEDED, INSUFFICIENT)
_LOCK = "baselines"
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
        0 and empty before it is kept.
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


def keep(conn: Connection, made: Sequence[BaselineVersion]) -> list[BaselineVersion]:
    """Write versions of one ``as_of`` and return them as they are kept, in their order.

    Where another process has made one from the same data meanwhile, that one is returned. One from other
    data takes the place of what stood for the same ``as_of``.
    """
    if not made:
        return []
    lock_fact(conn, _LOCK, {})
    keys, as_of = [one.key for one in made], made[0].as_of
    standing = standing_at(conn, as_of, keys)
    new = [one for one in made if not _is_same(one, standing.get(one.key))]
    _displace(conn, [standing[one.key] for one in new if one.key in standing])
    if new:
        versions = _newest_versions(conn, keys)
        conn.execute(insert(baselines), [_row(one, versions.get(one.key, 0) + 1) for one in new])
        _settle(conn, keys)
    kept = standing_at(conn, as_of, keys)
    return [kept[key] for key in keys]


def revive(conn: Connection, as_of: datetime, hashes: Mapping[BaselineKey, str]) -> None:
    """Let the dropped versions of ``as_of`` stand again that were learnt from data of these hashes.

    For keys for which nothing stands.
    """
    lock_fact(conn, _LOCK, {})
    same = {
        one.key: one.version
        for one in _read(conn, hashes, baselines.c.as_of == as_of, baselines.c.state == DROPPED)
        if one.document is not None and one.saw.get("data_hash") == hashes[one.key]
    }
    for key, version in same.items():
        chosen = _is(key) & (baselines.c.version == version)
        conn.execute(update(baselines).where(chosen).values(state=SUPERSEDED))
    _settle(conn, same)


def standing_at(
    conn: Connection, as_of: datetime, keys: Collection[BaselineKey]
) -> dict[BaselineKey, BaselineVersion]:
    """What stands for the month that begins at ``as_of``, insufficient attempts included."""
    live = baselines.c.state.in_(_LIVE)
    return {one.key: one for one in _read(conn, keys, baselines.c.as_of == as_of, live)}


def keys_standing_at(conn: Connection, as_of: datetime) -> set[BaselineKey]:
    """Of what anything stands for the month that begins at ``as_of``, insufficient attempts included."""
    b = baselines.c
    chosen = select(b.subject, b.measure, b.interval)
    rows = conn.execute(chosen.where(b.as_of == as_of, b.state.in_(_LIVE)))
    return {BaselineKey(*row) for row in rows}


def current(
    conn: Connection, keys: Collection[BaselineKey] | None = None
) -> dict[BaselineKey, BaselineVersion]:
    """The current versions of these, or of all, with what predicts."""
    return {one.key: one for one in _read(conn, keys, baselines.c.state == CURRENT)}


def newest(conn: Connection) -> list[BaselineVersion]:
    """The newest attempt of everything, by subject and measure; without documents."""
    later = baselines.alias()
    is_last = ~exists().where(_same_key(later), later.c.as_of > baselines.c.as_of, _lives(later))
    chosen = select(*_LIGHT).where(_lives(baselines), is_last)
    order = (baselines.c.subject, baselines.c.measure, baselines.c.interval)
    return [_version(row._mapping) for row in conn.execute(chosen.order_by(*order))]


def versions_of(conn: Connection, key: BaselineKey) -> list[BaselineVersion]:
    """All versions of one, newest first; without documents."""
    chosen = select(*_LIGHT).where(_is(key)).order_by(baselines.c.version.desc())
    return [_version(row._mapping) for row in conn.execute(chosen)]


def version_at(conn: Connection, key: BaselineKey, version: int) -> BaselineVersion | None:
    """One version, whatever its state, with what predicts; None: it is not kept any more."""
    return next(_read(conn, [key], baselines.c.version == version), None)


def drop_after(conn: Connection, start: datetime) -> None:
    """Drop what was learnt from anything from ``start`` on; what came before it is current again."""
    lock_fact(conn, _LOCK, {})
    b = baselines.c
    conn.execute(delete(baselines).where(b.as_of > start, b.state == INSUFFICIENT))
    learnt = (b.as_of > start) & b.state.in_(_LIVE)
    conn.execute(update(baselines).where(learnt).values(state=DROPPED))
    _settle(conn, None)


def forget(conn: Connection, versions_before: datetime, documents_before: datetime) -> None:
    """Delete versions of long ago, and of later ones what predicts; current ones stay whole."""
    b = baselines.c
    conn.execute(delete(baselines).where(b.as_of < versions_before, b.state != CURRENT))
    heavy = (b.as_of < documents_before) & (b.state != CURRENT) & b.kind.is_not(None)
    conn.execute(update(baselines).where(heavy).values(document=None))


def _is_same(made: BaselineVersion, standing: BaselineVersion | None) -> bool:
    return (
        standing is not None
        and standing.document is not None
        and made.document is not None
        and made.saw.get("data_hash") == standing.saw.get("data_hash")
    )


def _displace(conn: Connection, standing: Iterable[BaselineVersion]) -> None:
    """What stood makes room: insufficient attempts go, models are dropped."""
    for one in standing:
        chosen = _is(one.key) & (baselines.c.version == one.version)
        if one.state == INSUFFICIENT:
            conn.execute(delete(baselines).where(chosen))
        else:
            conn.execute(update(baselines).where(chosen).values(state=DROPPED))


def _settle(conn: Connection, keys: Collection[BaselineKey] | None) -> None:
    """Of each key (None: of all) the newest that lives is current, where it is a model; others are not."""
    later = baselines.alias()
    followed = exists().where(_same_key(later), later.c.as_of > baselines.c.as_of, _lives(later))
    b = baselines.c
    for mine in _of_subjects(keys):
        no_more = (b.state == CURRENT) & followed & mine
        conn.execute(update(baselines).where(no_more).values(state=SUPERSEDED))
        at_last = (b.state == SUPERSEDED) & ~followed & mine
        conn.execute(update(baselines).where(at_last).values(state=CURRENT))


def _newest_versions(conn: Connection, keys: Collection[BaselineKey]) -> dict[BaselineKey, int]:
    b = baselines.c
    names = (b.subject, b.measure, b.interval)
    found: dict[BaselineKey, int] = {}
    for part in _of_subjects(keys):
        counted = select(*names, func.max(b.version)).where(part).group_by(*names)
        found |= {BaselineKey(*row[:3]): int(row[3]) for row in conn.execute(counted)}
    return found


def _read(
    conn: Connection, keys: Collection[BaselineKey] | None, *terms: ColumnElement[bool]
) -> Iterator[BaselineVersion]:
    """Those of the keys (None: of all) that meet the terms, with their documents."""
    wanted = None if keys is None else set(keys)
    for mine in _of_subjects(keys):
        for row in conn.execute(select(baselines).where(mine, *terms)):
            one = _version(row._mapping)
            if wanted is None or one.key in wanted:
                yield one


def _of_subjects(keys: Collection[BaselineKey] | None) -> Iterator[ColumnElement[bool]]:
    """Terms that together hold the subjects of the keys, as many as go into one statement (None: all)."""
    if keys is None:
        yield true()
        return
    ordered = sorted({key.subject for key in keys})
    for first in range(0, len(ordered), _TOGETHER):
        yield baselines.c.subject.in_(ordered[first : first + _TOGETHER])


def _is(key: BaselineKey) -> ColumnElement[bool]:
    b = baselines.c
    return and_(b.subject == key.subject, b.measure == key.measure, b.interval == key.interval)


def _same_key(other: FromClause) -> ColumnElement[bool]:
    return and_(*(other.c[name] == baselines.c[name] for name in BaselineKey._fields))


def _lives(table: FromClause) -> ColumnElement[bool]:
    return table.c.state.in_(_LIVE)


def _row(one: BaselineVersion, version: int) -> dict[str, Any]:
    row = {**one.key._asdict(), **{name: getattr(one, name) for name in _FIELDS}}
    state = INSUFFICIENT if one.document is None else SUPERSEDED
    return {**row, "findings": list(one.findings), "version": version, "state": state}


def _version(row: RowMapping) -> BaselineVersion:
    key = BaselineKey(*(row[name] for name in BaselineKey._fields))
    return BaselineVersion(key, **{name: row[name] for name in _FIELDS if name in row})
