"""What entries would do beside those that are kept: which are new, which correct one, what forbids it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quotawatt.hand import rules
from quotawatt.hand.checks import (
    Placed,
    notes_alone,
    notes_together,
    problems_alone,
    problems_together,
)
from quotawatt.hand.entries import READING, Entry, EntryKey, Stored
from quotawatt.hand.setting import Draft, Setting
from quotawatt.register.found import Note
from quotawatt.register.problems import Problem


@dataclass(frozen=True)
class Plan:
    """What is to be done; nothing where there are problems.

    added
        New entries.
    corrected
        Kept entries and what they become.
    unchanged
        Kept entries that were handed in again as they are.
    """

    added: tuple[Entry, ...] = ()
    corrected: tuple[tuple[Stored, Entry], ...] = ()
    unchanged: tuple[Stored, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


def make_plan(
    drafts: Sequence[Draft],
    known: Iterable[Stored],
    setting: Setting,
    correcting: Stored | None = None,
    wrong: Sequence[Problem] = (),
) -> Plan:
    """What the drafts do.

    known
        Kept entries of the drafts' points, those withdrawn left out.
    correcting
        The kept entry in whose place the one draft is to stand; None: whichever has its key.
    wrong
        What was found before, of what could not become a draft.
    """
    own = None if correcting is None else correcting.number
    standing = {stored.entry.key: stored for stored in known if stored.number != own}
    single, twice = _each_once(drafts)
    problems = [*wrong, *twice]
    if correcting is not None:
        problems += _taken(single, standing)
    placed = _placed(single, standing)
    for draft in single.values():
        problems += problems_alone(draft, setting)
    for of_point in placed:
        problems += problems_together(of_point, setting)
    if problems:
        return Plan(problems=tuple(problems))
    return _sorted_out(single, standing, correcting, tuple(_notes(single, placed, setting)))


def _each_once(drafts: Sequence[Draft]) -> tuple[dict[EntryKey, Draft], list[Problem]]:
    single: dict[EntryKey, Draft] = {}
    problems = []
    for draft in drafts:
        first = single.setdefault(draft.entry.key, draft)
        if first.entry != draft.entry:
            rule = rules.ENTERED_TWICE.of(other=str(first.where))
            problems.append(Problem(draft.where, rule, draft.entry.asset))
    return single, problems


def _taken(drafts: Mapping[EntryKey, Draft], standing: Mapping[EntryKey, Stored]) -> list[Problem]:
    """A correction must not take the place of another entry."""
    return [
        Problem(draft.where, rules.ENTERED_ALREADY.of(number=standing[key].number), key.asset)
        for key, draft in drafts.items()
        if key in standing
    ]


def _placed(
    drafts: Mapping[EntryKey, Draft], standing: Mapping[EntryKey, Stored]
) -> list[list[Placed]]:
    """Drafts and kept entries by point, readings and amounts apart, in order of time."""
    groups: dict[tuple[str, str, bool], list[Placed]] = {}
    kept = [Placed(s.entry, None) for key, s in standing.items() if key not in drafts]
    for one in (*kept, *(Placed(draft.entry, draft.where) for draft in drafts.values())):
        entry = one.entry
        groups.setdefault((entry.asset, entry.quantity, entry.kind == READING), []).append(one)
    return [sorted(group, key=lambda one: one.entry.start) for group in groups.values()]


def _notes(
    drafts: Mapping[EntryKey, Draft], placed: Sequence[Sequence[Placed]], setting: Setting
) -> Iterable[Note]:
    for draft in drafts.values():
        yield from notes_alone(draft, setting)
    for of_point in placed:
        yield from notes_together(of_point)


def _sorted_out(
    drafts: Mapping[EntryKey, Draft],
    standing: Mapping[EntryKey, Stored],
    correcting: Stored | None,
    notes: tuple[Note, ...],
) -> Plan:
    added, corrected, unchanged = [], [], []
    for key, draft in drafts.items():
        kept = correcting or standing.get(key)
        if kept is None:
            added.append(draft.entry)
            continue
        # A sheet has no document; that of the entry stays.
        entry = replace(draft.entry, document=draft.entry.document or kept.entry.document)
        if entry == kept.entry:
            unchanged.append(kept)
        else:
            corrected.append((kept, entry))
    return Plan(tuple(added), tuple(corrected), tuple(unchanged), (), notes)
