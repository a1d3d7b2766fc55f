"""Targets, revised quotas and budgets of months in the record store: read, and added version by version."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from quotawatt.assigned import rules
from quotawatt.assigned.values import AssignedTarget, Decision, MonthBudgets, QuotaRevision
from quotawatt.assigned.wishes import (
    MONTHS,
    REVISION,
    TARGET,
    Setting,
    Wish,
    problems_alone,
    problems_beside,
)
from quotawatt.errors import RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.problems import Problem
from quotawatt.storage.assigned_tables import assigned_figures
from quotawatt.storage.facts import lock_fact, put_fact

Version = AssignedTarget | QuotaRevision | MonthBudgets

_LOCK = "assigned_figures"
"""The fact that counts what was ever added; whoever adds holds it."""

_ACTIONS = {TARGET: "target_assigned", REVISION: "quota_revised", MONTHS: "month_budgets_set"}


def assigned_targets(conn: Connection, year: int) -> list[AssignedTarget]:
    """All versions of the targets of a year, sorted by asset, indicator and version.

    ``values.in_force`` picks those that count on a day.
    """
    return [_target(row) for row in _rows(conn, TARGET, year)]


def target_years(conn: Connection) -> list[int]:
    """The years for which any target was ever assigned, in order."""
    t = assigned_figures.c
    query = select(t.year).where(t.kind == TARGET).distinct().order_by(t.year)
    return list(conn.execute(query).scalars())


def quota_revisions(conn: Connection, year: int) -> list[QuotaRevision]:
    """All versions of the revised quotas of a year, sorted by asset, quota and version."""
    return [_revision(row) for row in _rows(conn, REVISION, year)]


def month_budgets_set(conn: Connection, year: int) -> list[MonthBudgets]:
    """All versions of the budgets of months of a year, sorted by asset, quota and version."""
    return [_months(row) for row in _rows(conn, MONTHS, year)]


def problems_of(conn: Connection, wishes: Sequence[Wish], setting: Setting) -> list[Problem]:
    """Everything that stands against adding these wishes, in their order."""
    return list(_problems(wishes, setting, _latest(conn, wishes)))


def add_versions(
    conn: Connection, wishes: Sequence[Wish], setting: Setting, actor: str, at: datetime
) -> list[Version]:
    """Add a version for each wish, all or none, with one entry of the ledger for each.

    Works within the caller's transaction (``engine.begin()``); append nothing after it that takes locks.
    Raises RegisterError with everything that stands against it.
    """
    count = int(lock_fact(conn, _LOCK, 0))
    latest = _latest(conn, wishes)
    problems = list(_problems(wishes, setting, latest))
    if problems:
        raise RegisterError(problems)
    before = [latest.get((wish.kind, *wish.key)) for wish in wishes]
    rows = [_row(wish, old, actor, at) for wish, old in zip(wishes, before, strict=True)]
    if rows:
        conn.execute(insert(assigned_figures), rows)
    put_fact(conn, _LOCK, count + len(rows))
    added = [_version(row) for row in rows]
    for row, old in zip(rows, before, strict=True):
        _tell(conn, row, old, actor, at)
    return added


def _problems(
    wishes: Sequence[Wish], setting: Setting, latest: Mapping[tuple[Any, ...], Version]
) -> Iterator[Problem]:
    seen: set[tuple[object, ...]] = set()
    for wish in wishes:
        alone = list(problems_alone(wish, setting))
        yield from alone
        key = (wish.kind, *wish.key)
        if key in seen:
            yield Problem(wish.where.at("asset"), rules.TWICE, wish.asset)
        seen.add(key)
        if not alone:
            yield from problems_beside(wish, latest.get(key), setting)


def _latest(conn: Connection, wishes: Sequence[Wish]) -> dict[tuple[Any, ...], Version]:
    """The latest version of each key that a wish is of."""
    found: dict[tuple[Any, ...], Version] = {}
    for kind, year in sorted({(wish.kind, wish.year) for wish in wishes}):
        for row in _rows(conn, kind, year):
            version = _version(row)
            found[(kind, *version.key)] = version
    return found


def _rows(conn: Connection, kind: str, year: int) -> list[dict[str, Any]]:
    t = assigned_figures.c
    query = select(assigned_figures).where(t.kind == kind, t.year == year)
    ordered = query.order_by(t.asset, t.name, t.version)
    return [dict(row) for row in conn.execute(ordered).mappings()]


def _row(wish: Wish, latest: Version | None, actor: str, at: datetime) -> dict[str, Any]:
    kept = amounts_of(latest) if wish.lifted and latest is not None else wish.amounts
    return {
        "kind": wish.kind,
        "asset": wish.asset,
        "name": wish.name,
        "year": wish.year,
        "version": 1 if latest is None else latest.version + 1,
        "effective_from": wish.effective_from or date(wish.year, 1, 1),
        "amounts": list(kept),
        "lifted": wish.lifted,
        "assigner": wish.assigner,
        "tree": wish.tree,
        "document": wish.document.strip(),
        "decided_on": wish.decided_on,
        "approved_by": wish.approved_by.strip(),
        "note": wish.note.strip(),
        "entered_by": actor,
        "entered_at": at,
    }


def amounts_of(version: Version) -> tuple[float, ...]:
    """The figures of a version: one, of months twelve."""
    if isinstance(version, MonthBudgets):
        return version.months
    return (version.amount if isinstance(version, AssignedTarget) else version.value,)


def _version(row: dict[str, Any]) -> Version:
    if row["kind"] == TARGET:
        return _target(row)
    return _revision(row) if row["kind"] == REVISION else _months(row)


def _target(row: dict[str, Any]) -> AssignedTarget:
    (amount,) = row["amounts"]
    return AssignedTarget(
        row["asset"], row["name"], row["year"], amount, row["assigner"], row["tree"], *_dates(row)
    )


def _revision(row: dict[str, Any]) -> QuotaRevision:
    (value,) = row["amounts"]
    return QuotaRevision(row["asset"], row["name"], row["year"], value, *_dates(row))


def _months(row: dict[str, Any]) -> MonthBudgets:
    return MonthBudgets(row["asset"], row["name"], row["year"], tuple(row["amounts"]), *_dates(row))


def _dates(row: dict[str, Any]) -> tuple[int, date, bool, Decision]:
    decision = Decision(
        row["document"],
        row["decided_on"],
        row["approved_by"],
        row["note"],
        row["entered_by"],
        row["entered_at"],
    )
    return row["version"], row["effective_from"], row["lifted"], decision


def _tell(
    conn: Connection, row: dict[str, Any], old: Version | None, actor: str, at: datetime
) -> None:
    names = ("name", "year", "version", "document", "approved_by", "note", "assigner", "tree")
    detail = {name: row[name] for name in names} | {"decided_on": row["decided_on"].isoformat()}
    after = None if row["lifted"] else _figures(row["amounts"], row["effective_from"])
    standing = old is not None and not old.lifted
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action=_ACTIONS[row["kind"]],
        subject=row["asset"],
        detail=detail,
        rule=row["document"],
        before=_figures(amounts_of(old), old.effective_from) if old and standing else None,
        after=after,
        mentions=[row["assigner"]] if row["assigner"] else [],
    )


def _figures(amounts: Sequence[float], day: date) -> dict[str, object]:
    return {"amounts": list(amounts), "effective_from": day.isoformat()}
