"""A case of a message as plain JSON, for receivers that are programs."""

from datetime import datetime
from typing import Any

from alerts.messages.summary import Named
from alerts.messages.viewing import Entry


def case_json(entry: Entry, language: str, *, brief: bool) -> dict[str, Any]:
    """A case with names in one language. Instants are ISO 8601 UTC; None: not known, or not so.

    ``impact`` holds what is known of it (``Impact``). ``brief``: without clauses and advice, which a digest
    has once for each rule in its text.
    """
    case = entry.summary
    found = {
        "number": case.number,
        "rule": case.rule,
        "title": case.title.in_language(language),
        "severity": case.severity,
        "state": case.state,
        "firing": case.firing,
        "events": list(entry.events),
        "subject": case.subject,
        "asset": _named(case.asset, language),
        "building": _named(case.building, language),
        "site": _named(case.site, language),
        "organisation": _named(case.organisation, language),
        "owner": case.owner.in_language(language),
        "value": case.value,
        "threshold": case.threshold,
        "unit": case.unit.in_language(language),
        "figures": case.figures.in_language(language),
        "impact": case.impact.as_json(),
        "note": case.note.in_language(language),
        "since": case.began_at.isoformat(),
        "until": _iso(case.ended_at),
        "zone": case.zone,
        "due": case.due_on.isoformat() if case.due_on else None,
        "link": case.link,
    }
    if brief:
        return found
    clauses = [clause.in_language(language) for clause in case.clauses]
    return {**found, "clauses": clauses, "advice": case.advice.in_language(language)}


def _named(named: Named | None, language: str) -> dict[str, str] | None:
    return None if named is None else {"code": named.code, "name": named.name.in_language(language)}


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
