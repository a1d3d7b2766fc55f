"""Codes of assets that were removed: each may come back for the same asset, and never for another."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from quotawatt.errors import RegisterError
from quotawatt.register import rules
from quotawatt.register.changes import KindChange
from quotawatt.register.headings import sheet_name
from quotawatt.register.held_codes import held_codes
from quotawatt.register.kinds import Asset
from quotawatt.register.known_codes import Rows, each
from quotawatt.register.model import Register
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.rows import CODED, Record, kind_of
from quotawatt.storage.records import upsert
from quotawatt.storage.register_tables import retired_codes

Was = tuple[str, str, str]
"""What an asset was: its kind, its Chinese and its English name."""
Retired = Mapping[str, Was]
"""Codes of assets that were removed, each with what it was."""

_CHUNK = 500


def read_retired(conn: Connection) -> Retired:
    """All codes that are retired."""
    columns = retired_codes.c
    query = select(columns.code, columns.kind, columns.name_zh, columns.name_en)
    return {code: (was[0], was[1], was[2]) for code, *was in conn.execute(query)}


def reused_codes(tables: Rows, stored: Register, retired: Retired) -> Iterator[Problem]:
    """What ``settle_codes`` would refuse once these rows are stored, each where it stands."""
    codes = {kind: {code for _, code in each(tables, kind, "code")} for kind in CODED}
    for kind in CODED:
        for row, code in each(tables, kind, "code"):
            was = retired.get(code) or _moved(stored, code, kind, codes)
            now = (kind, row.cells.get("name_zh"), row.cells.get("name_en"))
            # A name that could not be read may be the right one.
            if was and any(n is not None and n != w for n, w in zip(now, was, strict=True)):
                yield Problem(row.where.at("code"), _reused(was), code)


def _moved(
    stored: Register, code: str, kind: str, codes: Mapping[str, Collection[str]]
) -> Was | None:
    """What the asset of this code is stored as, where it is of another kind and that lacks it now."""
    asset = stored.assets.get(code)
    if asset is None or kind_of(asset) == kind or code in codes[kind_of(asset)]:
        return None
    return _was(asset)


def settle_codes(conn: Connection, changes: Mapping[str, KindChange[Record]], at: datetime) -> None:
    """Retire the codes of assets that are removed, and give them back to those that return.

    Raises RegisterError, with every one, where a code comes back for another kind or another name, and
    where one that is removed is named by a target, contract or the like (``held_codes``).
    """
    coded = [changes[kind] for kind in CODED if kind in changes]
    added: dict[str, Asset] = {a.code: a for change in coded for a in _assets(change.added)}
    removed = [asset for change in coded for asset in _assets(change.removed)]
    retired = _retired(conn, added)
    problems = [
        Problem(Where(kind_of(asset), None, "code"), _reused(retired[code]), code)
        for code, asset in added.items()
        if code in retired and retired[code] != _was(asset)
    ]
    # Within one change too a code must not go from one asset to another.
    for asset in removed:
        other = added.get(asset.code)
        if other is not None:
            where = Where(kind_of(other), None, "code")
            problems.append(Problem(where, _reused(_was(asset)), asset.code))
    problems += _held(conn, removed)
    if problems:
        raise RegisterError(problems)
    for chunk in _chunks(list(retired)):
        conn.execute(delete(retired_codes).where(retired_codes.c.code.in_(chunk)))
    rows = [_row(asset, at) for asset in removed]
    upsert(conn, retired_codes, rows, keys=["code"], update=["kind", "name_zh", "name_en"])


def _held(conn: Connection, removed: Collection[Asset]) -> Iterator[Problem]:
    kinds = {asset.code: kind_of(asset) for asset in removed}
    for code, rows in held_codes(conn, kinds):
        yield Problem(Where(kinds[code], None, "code"), rules.CODE_HELD.of(rows=rows), code)


def _assets(records: Collection[Record]) -> Iterator[Asset]:
    return (record for record in records if isinstance(record, Asset))


def _retired(conn: Connection, codes: Collection[str]) -> dict[str, Was]:
    """Of these codes those that are retired, with kind and names of what they were."""
    found: dict[str, Was] = {}
    columns = retired_codes.c
    for chunk in _chunks(list(codes)):
        query = select(columns.code, columns.kind, columns.name_zh, columns.name_en)
        for code, *was in conn.execute(query.where(columns.code.in_(chunk))):
            found[code] = (was[0], was[1], was[2])
    return found


def _chunks(codes: list[str]) -> Iterator[list[str]]:
    return (codes[n : n + _CHUNK] for n in range(0, len(codes), _CHUNK))


def _was(asset: Asset) -> Was:
    return kind_of(asset), asset.name_zh, asset.name_en


def _reused(was: Was) -> Rule:
    kind, name_zh, name_en = was
    return rules.CODE_RETIRED.of(kind=(kind, sheet_name(kind, "zh")), name=(name_en, name_zh))


def _row(asset: Asset, at: datetime) -> dict[str, object]:
    return {
        "code": asset.code,
        "kind": kind_of(asset),
        "name_zh": asset.name_zh,
        "name_en": asset.name_en,
        "retired_at": at,
    }
