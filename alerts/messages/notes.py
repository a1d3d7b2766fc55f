"""What was said with a case's newest step: a comment, or which data came late or were corrected."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from alerts.cases.rows import in_chunks
from alerts.messages.bundled import Bundled
from alerts.messages.figures import UNKNOWN, instant_of
from alerts.wording import both, local_time
from quotawatt.formatting import percent, significant
from quotawatt.rulebook.basics import Text
from quotawatt.storage.case_tables import case_steps

NAMED_AT_MOST = 3
"""Corrected inputs that a message names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A step with what was said: by whom, in which words, on which data."""

    actor: str
    comment: str
    note: Mapping[str, Any]


def read_notes(conn: Connection, told: Mapping[int, Collection[str]]) -> dict[int, Noted]:
    """By number of the case the newest step of the events told of it, where anything was said with it."""
    found: dict[int, Noted] = {}
    columns = (case_steps.c.case, case_steps.c.action, case_steps.c.actor)
    events = sorted({event for of_case in told.values() for event in of_case})
    for some in in_chunks(sorted(told)):
        statement = (
            select(*columns, case_steps.c.comment, case_steps.c.detail)
            .where(case_steps.c.case.in_(some), case_steps.c.action.in_(events))
            .order_by(case_steps.c.id)
        )
        for row in conn.execute(statement):
            if row.action in told[row.case]:
                found[row.case] = Noted(row.actor, row.comment, row.detail.get("note") or {})
    return {case: noted for case, noted in found.items() if noted.comment or noted.note}


def events_told(bundles: Iterable[Bundled]) -> dict[int, set[str]]:
    """The events of each case, by its number, that these bundles tell of."""
    told: dict[int, set[str]] = {}
    for bundle in bundles:
        for notice in bundle.notices:
            told.setdefault(notice.case, set()).add(notice.event)
    return told


def note_text(noted: Noted, zone: ZoneInfo, unit: Text) -> Text:
    """What was said, in a line; times are those of ``zone``, ``unit`` that of the rule's input."""
    corrected = noted.note.get("corrected") or []

    def said(lang: str) -> str:
        parts = [
            _correction(one, zone, unit.in_language(lang), lang)
            for one in corrected[:NAMED_AT_MOST]
        ]
        more = len(corrected) - len(parts)
        if more:
            parts.append(f"等共 {len(corrected)} 项" if lang == "zh" else f"and {more} more")
        if "late" in noted.note:
            parts.append("依据补报的数据" if lang == "zh" else "by data that came late")
        if noted.comment:
            colon = "：" if lang == "zh" else ": "
            parts.append(f"{noted.actor}{colon}{noted.comment}")
        return ("；" if lang == "zh" else "; ").join(parts)

    return both(said)


def _correction(one: Mapping[str, Any], zone: ZoneInfo, unit: str, lang: str) -> str:
    """An input that reads differently now."""
    at = instant_of(one.get("time"))
    when = local_time(at, zone) if at else UNKNOWN.in_language(lang)
    was, now_is = (_number(one.get(name), unit, lang) for name in ("was", "is"))
    if lang == "zh":
        return f"{when} 的数据由 {was} 更正为 {now_is}"
    return f"{when}: corrected from {was} to {now_is}"


def _number(value: object, unit: str, lang: str) -> str:
    if not isinstance(value, float | int):
        return UNKNOWN.in_language(lang)
    return percent(value) if unit == "%" else f"{significant(value)} {unit}".rstrip()
