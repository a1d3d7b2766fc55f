"""What an import of the register does, or would do: in words, and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.texts_register import register_text
from quotawatt.register.changes import KindChange, key_of
from quotawatt.register.found import Found
from quotawatt.register.headings import headings, sheet_name
from quotawatt.register.model import Binding
from quotawatt.register.planning import ColumnChange, Plan
from quotawatt.register.problems import Problem
from quotawatt.register.rows import CODED, Record, format_cell
from quotawatt.settings import Language, Settings

SHOWN_OF_A_KIND = 20
SHOWN_PROBLEMS = 200
_SHOWN_NOTES = 20


def plan_lines(plan: Plan, settings: Settings) -> Iterator[str]:
    """The difference by kind, what is kept, what is to be known, and what is computed anew."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    for kind, change in plan.difference.items():
        yield _counts(kind, change, language)
        yield from _first(list(_changes(kind, change, plan.columns, settings)), language)
    if not plan.difference:
        yield register_text("none", language)
    for binding in plan.kept:
        key = "kept" if binding.valid_until is None else "kept_end"
        yield register_text(key, language, record=record_name("bindings", binding, zone))
    yield from note_lines(plan.found, language)
    if plan.difference and plan.recomputation is not None:
        yield plan.recomputation.text(language, zone)


def note_lines(found: Found, language: Language) -> Iterator[str]:
    """What was not read, and how something was understood."""
    lines = [register_text("note", language, note=note.text(language)) for note in found.notes]
    yield from _first(lines, language, _SHOWN_NOTES)


def problem_texts(found: Found, problems: Sequence[Problem], language: Language) -> list[str]:
    """The problems in the language, the first of many with the number of the others."""
    shown = [
        found.placed(problem, language).text(language) for problem in problems[:SHOWN_PROBLEMS]
    ]
    rest = len(problems) - len(shown)
    return [*shown, register_text("more_problems", language, count=rest)] if rest else shown


def plan_json(plan: Plan, settings: Settings, *, applied: bool) -> dict[str, Any]:
    """All of it for programs: every problem, every record by its key."""
    zone = ZoneInfo(settings.timezone)
    anew = plan.recomputation
    return {
        "applied": applied,
        "problems": [plan.found.plain(problem, settings.language) for problem in plan.problems],
        "notes": [note.text(settings.language) for note in plan.notes],
        "difference": {
            kind: {
                "added": [record_name(kind, record, zone) for record in change.added],
                "changed": [record_name(kind, record, zone) for _, record in change.changed],
                "removed": [record_name(kind, record, zone) for record in change.removed],
            }
            for kind, change in plan.difference.items()
        },
        "columns": [asdict(column) for column in plan.columns],
        "kept": [record_name("bindings", binding, zone) for binding in plan.kept],
        "recomputation": None
        if anew is None
        else {
            "from": anew.start and anew.start.isoformat(),
            "assets": anew.assets,
            "totals": anew.totals,
        },
    }


def record_name(kind: str, record: Record, zone: ZoneInfo) -> str:
    """What tells the record from others of its kind; times in ``zone``."""
    if not isinstance(record, Binding):
        return " ".join(format_cell(part) for part in key_of(kind, record))
    source = " ".join(filter(None, (record.device, record.channel, record.quantity)))
    times = (record.valid_from, record.valid_until)
    shown = ["" if t is None else f"{t.astimezone(zone):%Y-%m-%d %H:%M}" for t in times]
    return f"{source} -> {record.asset} ({' – '.join(shown).rstrip()} {zone.key})"


def _counts(kind: str, change: KindChange[Record], language: Language) -> str:
    counts = [
        register_text(what, language, count=count)
        for what, count in change.counts().items()
        if count
    ]
    between = "，" if language == "zh" else ", "
    name = sheet_name(kind, language)
    return register_text("kind", language, kind=name, counts=between.join(counts))


def _changes(
    kind: str, change: KindChange[Record], columns: Sequence[ColumnChange], settings: Settings
) -> Iterator[str]:
    """A line each: removed ones first, for they matter most, then changed and added ones."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    for record in change.removed:
        name = record_name(kind, record, zone)
        yield register_text("one_removed", language, record=name)
    if kind in CODED:
        yield from (_column(c, language) for c in columns if c.kind == kind)
    else:
        for old, new in change.changed:
            yield from _fields(kind, old, new, settings)
    for record in change.added:
        name = record_name(kind, record, zone)
        yield register_text("one_added", language, record=name)


def _fields(kind: str, old: Record, new: Record, settings: Settings) -> Iterator[str]:
    record = record_name(kind, new, ZoneInfo(settings.timezone))
    for name in headings(kind):
        before, after = format_cell(getattr(old, name)), format_cell(getattr(new, name))
        if before != after:
            yield _changed(kind, name, record, before, after, settings.language)


def _column(change: ColumnChange, language: Language) -> str:
    line = _changed(change.kind, change.column, change.code, change.before, change.after, language)
    return line + register_text("dated" if change.dated else "correction", language)


def _changed(
    kind: str, column: str, record: str, before: str, after: str, language: Language
) -> str:
    heading = headings(kind)[column]
    return register_text(
        "one_changed",
        language,
        record=record,
        column=heading.zh if language == "zh" else column,
        before=before or "–",
        after=after or "–",
    )


def _first(lines: Sequence[str], language: Language, count: int = SHOWN_OF_A_KIND) -> Iterator[str]:
    yield from lines[:count]
    if len(lines) > count:
        yield register_text("more", language, count=len(lines) - count)
