"""What of a register has to be looked at to judge a change of some of its records.

The rules speak of a record by itself, of what it names, of those that name it, and of its rivals. All of
these, and whatever they name in turn, are judged without the rest as they are with it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from quotawatt.register.changes import Changes, codes_of_changed
from quotawatt.register.formulas import codes_in
from quotawatt.register.mentions import REFERRING, plates_in
from quotawatt.register.model import (
    BaseValue,
    Binding,
    Duty,
    FormerValue,
    Headcount,
    Register,
    VirtualMeter,
)
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
        found.add("duties", register.duties_of(code))
    for kind, change in changes.items():
        for record in change.records():
            wanted.update(_named(kind, record))
            if isinstance(record, FormerValue):
                wanted.update(_told(record))
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
    elif isinstance(record, Duty):
        found.add("duties", register.duties_of(record.asset))


def _with_what_they_name(register: Register, wanted: Collection[str], found: _Found) -> Records:
    """The records of these codes with their former values, and of all codes that they name in turn."""
    records = found.records()
    named = (code for kind, of_kind in records.items() for r in of_kind for code in _named(kind, r))
    seen = {*wanted, *named}
    waiting = list(seen)
    for code in waiting:  # grows while it is walked
        formers = register.formers_of(code)
        records["former_values"] += formers
        more = {told for former in formers for told in _told(former)}
        for kind in CODED:
            if (record := getattr(register, kind).get(code)) is not None:
                records[kind].append(record)
                more.update(_named(kind, record))
                if isinstance(record, VirtualMeter):
                    more.update(_where_they_are(register, record))
        waiting.extend(more - seen)
        seen |= more
    return records


def _named(kind: str, record: Record) -> Iterator[str]:
    yield from (code for column in REFERRING[kind] if (code := getattr(record, column)))
    if isinstance(record, VirtualMeter):
        yield from codes_in(record.formula)


def _told(former: FormerValue) -> Iterator[str]:
    """What a former value may name."""
    yield former.value
    if former.attribute == "formula":
        yield from codes_in(former.value)


def _where_they_are(register: Register, meter: VirtualMeter) -> Iterator[str]:
    """A space of the building by each organisation with a share: that is what puts it there."""
    for code in codes_in(meter.formula):
        if code in register.organisations:
            spaces = (s for s in register.spaces_occupied(code) if s.building == meter.building)
            yield from (space.code for space in islice(spaces, 1))
