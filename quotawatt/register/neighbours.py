"""What of a register has to be looked at to judge a change of some of its records.

The rules speak of a record by itself, of what it names, of those that name it, and of its rivals. All of
these, and whatever they name in turn, are judged without the rest as they are with it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from quotawatt.register.changes import Changes, codes_of_changed
from quotawatt.register.mentions import REFERRING, plates_in
from quotawatt.register.model import BaseValue, Binding, FormerValue, Headcount, Register
from quotawatt.register.rows import CODED, KINDS, Record

Records = Mapping[str, Sequence[Record]]
"""Records by kind."""


def neighbours(before: Register, after: Register, changes: Changes) -> tuple[Records, Records]:
    """Of two versions of a register those records by which ``changes`` between them are judged."""
    return _around(before, changes), _around(after, changes)


def _around(register: Register, changes: Changes) -> Records:
    core = codes_of_changed(changes)
    wanted = set(core)
    for code in core:
        wanted |= register.mentioning(code)
    found = _Found()
    for code in core:
        found.add("bindings", register.bindings_of(code))
        found.add("headcounts", register.headcounts_of(code))
        found.add("base_values", register.base_values_of(code))
    for kind, change in changes.items():
        for record in change.records():
            wanted.update(_named(kind, record))
            if isinstance(record, FormerValue):
                wanted.add(record.value)
            _add_rivals(found, register, record)
        for plate, _ in plates_in(change.records()):
            wanted |= register.bearing(plate)
    return _with_what_they_name(register, wanted, found)


class _Found:
    """Records by kind, each once."""

    def __init__(self) -> None:
        self._by_kind: dict[str, dict[int, Record]] = {kind: {} for kind in KINDS}

    def add(self, kind: str, records: Iterable[Record]) -> None:
        self._by_kind[kind].update((id(record), record) for record in records)

    def records(self) -> dict[str, list[Record]]:
        return {kind: list(records.values()) for kind, records in self._by_kind.items()}


def _add_rivals(found: _Found, register: Register, record: Record) -> None:
    """What must not stand beside a record at one time is on the same channel, or of the same asset."""
    if isinstance(record, Binding):
        found.add("bindings", register.bindings_on(record.device, record.channel))
    elif isinstance(record, Headcount):
        found.add("headcounts", register.headcounts_of(record.organisation))
    elif isinstance(record, BaseValue):
        found.add("base_values", register.base_values_of(record.asset))


def _with_what_they_name(register: Register, wanted: Collection[str], found: _Found) -> Records:
    """The records of these codes with their former values, and of all codes that they name in turn."""
    records = found.records()
    named = (code for kind, of_kind in records.items() for r in of_kind for code in _named(kind, r))
    seen = {*wanted, *named}
    waiting = list(seen)
    for code in waiting:  # grows while it is walked
        formers = register.formers_of(code)
        records["former_values"] += formers
        more = {former.value for former in formers}
        for kind in CODED:
            if (record := getattr(register, kind).get(code)) is not None:
                records[kind].append(record)
                more.update(_named(kind, record))
        waiting.extend(more - seen)
        seen |= more
    return records


def _named(kind: str, record: Record) -> Iterator[str]:
    return (code for column in REFERRING[kind] if (code := getattr(record, column)))
