"""Codes of assets that were removed: each may come back for the same asset, and never for another."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from quotawatt.errors import RegisterError
from quotawatt.register import rules
from quotawatt.register.changes import KindChange
from quotawatt.register.kinds import Asset
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.rows import CODED, Record, kind_of
from quotawatt.storage.records import upsert
from quotawatt.storage.register_tables import retired_codes

_CHUNK = 500


def settle_codes(conn: Connection, changes: Mapping[str, KindChange[Record]], at: datetime) -> None:
    """Retire the codes of assets that are removed, and give them back to those that return.

    Raises RegisterError, with every one, where a code comes back for another kind or another name.
    """
    coded = [changes[kind] for kind in CODED if kind in changes]
    added: dict[str, Asset] = {a.code: a for change in coded for a in _assets(change.added)}
    removed = [asset for change in coded for asset in _assets(change.removed)]
    retired = _retired(conn, added)
    problems = [
        Problem(Where(kind_of(asset), None, "code"), _reused(retired[code]), code)
        for code, asset in added.items()
        if code in retired and retired[code] != (kind_of(asset), asset.name_zh, asset.name_en)
    ]
    # Within one change too a code must not go from one asset to another.
    for asset in removed:
        other = added.get(asset.code)
        if other is not None:
            was = (kind_of(asset), asset.name_zh, asset.name_en)
            problems.append(Problem(Where(kind_of(other), None, "code"), _reused(was), asset.code))
    if problems:
        raise RegisterError(problems)
    for chunk in _chunks(list(retired)):
        conn.execute(delete(retired_codes).where(retired_codes.c.code.in_(chunk)))
    rows = [_row(asset, at) for asset in removed]
    upsert(conn, retired_codes, rows, keys=["code"], update=["kind", "name_zh", "name_en"])


def _assets(records: Collection[Record]) -> Iterator[Asset]:
    return (record for record in records if isinstance(record, Asset))


def _retired(conn: Connection, codes: Collection[str]) -> dict[str, tuple[str, str, str]]:
    """Of these codes those that are retired, with kind and names of what they were."""
    found: dict[str, tuple[str, str, str]] = {}
    columns = retired_codes.c
    for chunk in _chunks(list(codes)):
        query = select(columns.code, columns.kind, columns.name_zh, columns.name_en)
        for code, *was in conn.execute(query.where(columns.code.in_(chunk))):
            found[code] = (was[0], was[1], was[2])
    return found


def _chunks(codes: list[str]) -> Iterator[list[str]]:
    return (codes[n : n + _CHUNK] for n in range(0, len(codes), _CHUNK))


def _reused(was: tuple[str, str, str]) -> Rule:
    kind, name_zh, name_en = was
    return rules.CODE_RETIRED.of(kind=kind, name=(name_en, name_zh))


def _row(asset: Asset, at: datetime) -> dict[str, object]:
    return {
        "code": asset.code,
        "kind": kind_of(asset),
        "name_zh": asset.name_zh,
        "name_en": asset.name_en,
        "retired_at": at,
    }
