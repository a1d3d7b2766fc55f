"""When entries are in force: their own dates, those of what they cite, and what superseded it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from quotawatt.rulebook.basics import Instrument
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.instruments_parse import ENDED
from quotawatt.rulebook.sections import INSTRUMENTS, SECTIONS, Section


class Ending(NamedTuple):
    """That an instrument is superseded: from when, by which one, and where that is said."""

    day: date
    by: str
    place: str


def settle_periods(draft: Draft) -> list[str]:
    """Give every entry of the draft the period in which it is in force; what is wrong is answered.

    An instrument ends on the earliest day from which another supersedes it. An entry begins and ends
    with the instrument that it cites, unless it says something narrower by itself.
    """
    problems = [*_unknown(draft), *_circles(draft)]
    endings = {} if problems else _endings(draft)
    problems += [*_before_begin(draft, endings), *_gaps(draft)]
    draft.entries[INSTRUMENTS] = [_ended(x, endings) for x in draft.of(INSTRUMENTS)]
    problems += _ended_never(draft)
    spans = _spans(draft.of(INSTRUMENTS))
    for section in SECTIONS:
        if section.dated:
            entries = [_within(x, spans) for x in draft.of(section.name)]
            draft.entries[section.name] = entries
    return problems


def overlapping(draft: Draft) -> Iterator[str]:
    """Entries of one id of which there are two on some day, each with the place of the first."""
    for section in SECTIONS:
        for listed in by_key(section, draft).values():
            for number, entry in enumerate(listed):
                for first in listed[:number]:
                    if entry.overlaps(first):
                        yield _twice(section, entry, first)
                        break


def by_key(section: Section, draft: Draft) -> dict[str, list[Located[Any]]]:
    """The entries of a section by their key, in the order of reading; those never in force left out."""
    found: dict[str, list[Located[Any]]] = {}
    for entry in draft.of(section.name):
        if not entry.never:
            found.setdefault(section.key(entry.value), []).append(entry)
    return found


def _twice(section: Section, entry: Located[Any], first: Located[Any]) -> str:
    rule = "an id must be given once, or for times that do not overlap"
    key = section.key(entry.value)
    return f"{entry.place}: {rule}, got {key} again (first: {first.place})"


def _superseding(draft: Draft) -> Iterator[tuple[Located[Instrument], str, date]]:
    for entry in draft.of(INSTRUMENTS):
        for step in entry.value.supersedes:
            yield entry, step.instrument, step.from_


def _unknown(draft: Draft) -> Iterator[str]:
    known = draft.ids(INSTRUMENTS)
    for entry, name, _ in _superseding(draft):
        if name not in known:
            yield (f"{entry.place}: supersedes must name an instrument of the rulebook, got {name}")


def _circles(draft: Draft) -> Iterator[str]:
    edges: dict[str, set[str]] = {}
    for entry, name, _ in _superseding(draft):
        edges.setdefault(entry.value.id, set()).add(name)
    for entry in draft.of(INSTRUMENTS):
        if entry.value.supersedes and entry.value.id in _reached(entry.value.id, edges):
            yield f"{entry.place}: instruments must not supersede in a circle, got {entry.value.id}"


def _reached(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += edges.get(name, ())
    return reached


def _endings(draft: Draft) -> dict[str, Ending]:
    endings: dict[str, Ending] = {}
    for entry, name, day in _superseding(draft):
        ending = Ending(day, entry.value.id, entry.place)
        endings[name] = min(ending, endings.get(name, ending))
    return endings


def _before_begin(draft: Draft, endings: Mapping[str, Ending]) -> Iterator[str]:
    for entry in draft.of(INSTRUMENTS):
        ending, first = endings.get(entry.value.id), entry.value.effective_from
        if ending and first and ending.day <= first:
            yield (
                f"{ending.place}: supersedes must begin after the instrument that it ends, "
                f"got {entry.value.id} from {ending.day} (in force from {first}: {entry.place})"
            )


def _gaps(draft: Draft) -> Iterator[str]:
    """Days on which the old instrument would hold no more, and the new one not yet."""
    for entry, name, day in _superseding(draft):
        first = entry.value.effective_from
        if first is not None and day < first:
            yield (
                f"{entry.place}: an instrument must not supersede another before it is in force itself, "
                f"got {name} from {day} (in force from {first})"
            )


def _ended_never(draft: Draft) -> Iterator[str]:
    for entry in draft.of(INSTRUMENTS):
        if entry.value.status in ENDED and entry.value.effective_until is None:
            yield (
                f"{entry.place}: an instrument that is {entry.value.status} must have effective_until, "
                f"got null"
            )


def _ended(entry: Located[Instrument], endings: Mapping[str, Ending]) -> Located[Instrument]:
    value, ending = entry.value, endings.get(entry.value.id)
    if ending is not None:
        until = min(ending.day, value.effective_until or ending.day)
        value = replace(value, effective_until=until, superseded_by=ending.by)
    return replace(
        entry,
        value=value,
        effective_from=value.effective_from,
        effective_until=value.effective_until,
    )


def _spans(instruments: Sequence[Located[Instrument]]) -> dict[str, Located[Instrument]]:
    """By id one entry that holds from the first version's begin to the last one's end."""
    spans: dict[str, Located[Instrument]] = {}
    for entry in instruments:
        known = spans.get(entry.value.id, entry)
        spans[entry.value.id] = replace(
            entry,
            effective_from=_earliest((known.effective_from, entry.effective_from)),
            effective_until=_latest((known.effective_until, entry.effective_until)),
        )
    return spans


def _within(entry: Located[Any], spans: Mapping[str, Located[Instrument]]) -> Located[Any]:
    cites = getattr(entry.value, "cites", None)
    span = spans.get(cites.instrument) if cites is not None else None
    if span is None:
        return entry
    first = entry.effective_from or span.effective_from
    ends = [day for day in (entry.effective_until, span.effective_until) if day is not None]
    return replace(entry, effective_from=first, effective_until=min(ends, default=None))


def _earliest(days: Iterable[date | None]) -> date | None:
    known = list(days)
    return None if None in known else min(day for day in known if day is not None)


def _latest(days: Iterable[date | None]) -> date | None:
    known = list(days)
    return None if None in known else max(day for day in known if day is not None)
