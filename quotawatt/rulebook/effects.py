"""What each rule did, by local day: how often it looked, fired, resolved, and what people made of it.

Kept for ever, by version of the rule, so that a review after three years has figures.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select

from quotawatt.rulebook.difference import plain
from quotawatt.rulebook.model import Rule, Rulebook
from quotawatt.storage.records import upsert
from quotawatt.storage.rules_tables import rule_effects

QUOTA_USED = "quota_share_pct"
"""Input of the rules that an overrun's explanation answers."""

_KEYS = ("rule", "version", "day")
_COUNTS = ("evaluated", "fired", "resolved", "acknowledged", "accepted", "closed")


@dataclass(frozen=True, slots=True)
class Effects:
    """Counts of one rule.

    evaluated
        Subjects that it looked at, once for each evaluation.
    fired, resolved
        Alerts that began and ended.
    acknowledged
        Alerts that somebody took up.
    accepted
        Explanations of overruns that were accepted.
    closed
        Cases that were closed, by telemetry or by a manager; not those that were retracted.
    """

    evaluated: int = 0
    fired: int = 0
    resolved: int = 0
    acknowledged: int = 0
    accepted: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class RuleEffects:
    """What one version of a rule did between its first and its last day with an entry, both included."""

    rule: str
    version: str
    first: date
    last: date
    effects: Effects


@lru_cache(maxsize=1024)
def version_of(rule: Rule) -> str:
    """What tells versions of a rule apart: the first 16 hex digits of the hash of its values."""
    written = json.dumps(plain(rule), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def add_evaluation(
    conn: Connection,
    rules: Mapping[str, Rule],
    counts: Mapping[str, Effects],
    day: date,
    at: datetime,
) -> None:
    """Add what one evaluation at ``at``, on local ``day``, did, by rule: one statement for all rules.

    ``evaluated`` counts once an instant: evaluating again at the same one, or at an earlier one, adds none.
    """
    seen = _seen(conn, day)
    rows = []
    for name, effects in counts.items():
        row = _row(rules[name], day, effects)
        before = seen.get((row["rule"], row["version"]))
        if before is None or before < at:
            rows.append({**row, "evaluated_at": at})
        else:
            rows.append({**row, "evaluated": 0, "evaluated_at": before})
    upsert(conn, rule_effects, rows, keys=_KEYS, add=_COUNTS, update=["evaluated_at"])


def add_effects(conn: Connection, rule: Rule, day: date, effects: Effects) -> None:
    """Add to what a rule did on a local day, as where somebody took its alert up."""
    upsert(conn, rule_effects, [_row(rule, day, effects)], keys=_KEYS, add=_COUNTS)


def note_accepted(conn: Connection, book: Rulebook, day: date) -> None:
    """Count an explanation of an overrun that was accepted, with the rules that say a quota is used up."""
    for rule in book.as_of(day).rules.values():
        if rule.input == QUOTA_USED:
            add_effects(conn, rule, day, Effects(accepted=1))


def effects_between(conn: Connection, first: date | None, until: date | None) -> list[RuleEffects]:
    """What each version of each rule did from ``first`` (None: ever) until before ``until``, by rule."""
    table = rule_effects.c
    sums = [func.sum(table[name]).label(name) for name in _COUNTS]
    days = [func.min(table.day).label("first"), func.max(table.day).label("last")]
    statement = select(table.rule, table.version, *days, *sums)
    if first is not None:
        statement = statement.where(table.day >= first)
    if until is not None:
        statement = statement.where(table.day < until)
    statement = statement.group_by(table.rule, table.version)
    found = [
        RuleEffects(
            rule=row["rule"],
            version=row["version"],
            first=row["first"],
            last=row["last"],
            effects=Effects(**{name: int(row[name]) for name in _COUNTS}),
        )
        for row in conn.execute(statement).mappings()
    ]
    return sorted(found, key=lambda x: (x.rule, x.first))


def _seen(conn: Connection, day: date) -> dict[tuple[str, str], datetime]:
    """When each version was evaluated last on a day."""
    table = rule_effects.c
    statement = select(table.rule, table.version, table.evaluated_at).where(
        table.day == day, table.evaluated_at.is_not(None)
    )
    return {(rule, version): at for rule, version, at in conn.execute(statement)}


def _row(rule: Rule, day: date, effects: Effects) -> dict[str, Any]:
    counts = {name: getattr(effects, name) for name in _COUNTS}
    return {"rule": rule.id, "version": version_of(rule), "day": day, **counts}
