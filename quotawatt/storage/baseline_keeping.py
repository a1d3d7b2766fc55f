"""Writing baselines: new versions, those that come back, those that go. One process writes at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from quotawatt.storage.analytics_tables import baselines
from quotawatt.storage.baselines import (
    CHANGED,
    CURRENT,
    DROPPED,
    INSUFFICIENT,
    SUPERSEDED,
    BaselineKey,
    BaselineVersion,
    is_of,
    lives,
    of_subjects,
    read,
    same_key,
    standing_at,
)
from quotawatt.storage.facts import lock_fact

_LOCK = "baselines_written"
_NAMES = (baselines.c.subject, baselines.c.measure, baselines.c.interval)


def keep(conn: Connection, made: Sequence[BaselineVersion]) -> list[BaselineVersion]:
    """Write versions of one ``as_of`` and return them as they are kept, in their order.

    Where another process has made one from the same data meanwhile, that one is returned. One from other
    data takes the place of what stood for the same ``as_of``, which is dropped. Of attempts without enough
    data only the newest of each key is written, where no later version stands.
    """
    if not made:
        return []
    lock_fact(conn, _LOCK, {})
    as_of, keys = made[0].as_of, [one.key for one in made]
    standing = standing_at(conn, as_of, keys)
    new = [one for one in made if not _is_same(one, standing.get(one.key))]
    _make_room(conn, as_of, [one.key for one in new])
    _insert(conn, as_of, new)
    _settle(conn, keys)
    kept = standing_at(conn, as_of, keys)
    return [kept.get(one.key, replace(one, state=INSUFFICIENT)) for one in made]


def revive(conn: Connection, as_of: datetime, hashes: Mapping[BaselineKey, str]) -> None:
    """Let the dropped versions of ``as_of`` stand again that were learnt from data of these hashes.

    Where a version stands for a key, it stays.
    """
    lock_fact(conn, _LOCK, {})
    standing = standing_at(conn, as_of, hashes)
    same = {
        one.key: one.version
        for one in read(conn, hashes, baselines.c.as_of == as_of, baselines.c.state == DROPPED)
        if one.key not in standing
        and one.document is not None
        and one.saw.get("data_hash") == hashes[one.key]
    }
    for key, version in same.items():
        chosen = is_of(key) & (baselines.c.version == version)
        conn.execute(update(baselines).where(chosen).values(state=SUPERSEDED))
    _settle(conn, same)


def drop_after(conn: Connection, start: datetime) -> None:
    """Drop what was learnt from anything from ``start`` on; what came before it is current again."""
    lock_fact(conn, _LOCK, {})
    b = baselines.c
    after = (b.as_of > start) & lives(baselines)
    keys = {BaselineKey(*row) for row in conn.execute(select(*_NAMES).where(after).distinct())}
    conn.execute(delete(baselines).where(after, b.state == INSUFFICIENT))
    conn.execute(update(baselines).where(after).values(state=DROPPED))
    _settle(conn, keys)


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


def _make_room(conn: Connection, as_of: datetime, keys: Sequence[BaselineKey]) -> None:
    """Attempts up to ``as_of`` go, and versions of it are dropped."""
    b = baselines.c
    for key in keys:
        tried = (b.state == INSUFFICIENT) & (b.as_of <= as_of)
        conn.execute(delete(baselines).where(is_of(key), tried))
        stood = (b.as_of == as_of) & lives(baselines)
        conn.execute(update(baselines).where(is_of(key), stood).values(state=DROPPED))


def _insert(conn: Connection, as_of: datetime, new: Sequence[BaselineVersion]) -> None:
    keys = [one.key for one in new]
    versions = _figure(conn, keys, func.max(baselines.c.version))
    later = _figure(conn, keys, func.max(baselines.c.as_of), lives(baselines))
    dropped = {one.key for one in read(conn, keys, baselines.c.as_of == as_of)}
    rows = []
    for one in new:
        if one.document is not None:
            reason = CHANGED if one.key in dropped else one.reason
            number = versions.get(one.key, 0) + 1
            rows.append(_row(replace(one, reason=reason, version=number, state=SUPERSEDED)))
        elif one.key not in later or later[one.key] < as_of:
            rows.append(_row(replace(one, version=0, state=INSUFFICIENT)))
    if rows:
        conn.execute(insert(baselines), rows)


def _settle(conn: Connection, keys: Collection[BaselineKey]) -> None:
    """Of each key the newest that lives is current, where it is a model; others are not."""
    later = baselines.alias()
    followed = exists().where(same_key(later), later.c.as_of > baselines.c.as_of, lives(later))
    b = baselines.c
    for mine in of_subjects(keys):
        no_more = (b.state == CURRENT) & followed & mine
        conn.execute(update(baselines).where(no_more).values(state=SUPERSEDED))
        at_last = (b.state == SUPERSEDED) & ~followed & mine
        conn.execute(update(baselines).where(at_last).values(state=CURRENT))


def _figure(
    conn: Connection, keys: Collection[BaselineKey], figure: Any, *terms: Any
) -> dict[BaselineKey, Any]:
    """One figure over the versions of each key that has any."""
    found: dict[BaselineKey, Any] = {}
    for mine in of_subjects(keys):
        counted = select(*_NAMES, figure).where(mine, *terms).group_by(*_NAMES)
        found |= {BaselineKey(*row[:3]): row[3] for row in conn.execute(counted)}
    return found


def _row(one: BaselineVersion) -> dict[str, Any]:
    columns = {f.name: getattr(one, f.name) for f in fields(one) if f.name != "key"}
    return {**one.key._asdict(), **columns, "findings": list(one.findings)}
