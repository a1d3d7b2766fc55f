"""What of a register has to be looked at to judge a change of some of its records.

The rules speak of a record by itself, of what it names, of those that name it, and of its rivals. All of
these, and whatever they name in turn, are judged without the rest as they are with it.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

from quotawatt.register import rules
from quotawatt.register.changes import changes_between
from quotawatt.register.check_periods import plain_plate
from quotawatt.register.model import FormerValue, Register, Vehicle
from quotawatt.register.rows import CODED, KEYS, KINDS, Record, records_of

Records = Mapping[str, Sequence[Record]]
"""Records by kind."""

_NAMED: Mapping[str, tuple[str, ...]] = {
    kind: tuple(column for named, column in rules.REFERENCES if named == kind) for kind in KINDS
}
_RIVALS: Mapping[str, tuple[str, ...]] = {**rules.EXCLUSIVE, "base_values": KEYS["base_values"]}


def neighbours(before: Register, after: Register) -> tuple[Records, Records]:
    """Of two versions of a register those records by which what differs is judged."""
    differing = {
        kind: [*change.added, *change.removed, *(r for pair in change.changed for r in pair)]
        for kind, change in changes_between(before, after).items()
    }
    return _around(before, differing), _around(after, differing)


def _around(register: Register, differing: Records) -> Records:
    core = {code for kind in CODED for r in differing.get(kind, ()) for code in [_code(r)]}
    core |= {former.asset for former in _formers(differing.get("former_values", ()))}
    rivals = {kind: {_rival(kind, r) for r in records} for kind, records in differing.items()}
    found: dict[str, list[Record]] = {kind: [] for kind in KINDS}
    wanted = core | {code for k, rs in differing.items() for r in rs for code in _named(k, r)}
    for kind, records in records_of(register).items():
        if kind == "former_values":
            continue
        for record in records:
            if _touches(kind, record, core, rivals.get(kind, ())):
                if kind in CODED:
                    wanted.add(_code(record))
                else:
                    found[kind].append(record)
                    wanted.update(_named(kind, record))
    wanted |= {former.value for former in _formers(differing.get("former_values", ()))}
    wanted |= {former.asset for former in register.former_values if former.value in core}
    return _with_what_they_name(register, wanted, found)


def _with_what_they_name(
    register: Register, wanted: Collection[str], found: dict[str, list[Record]]
) -> Records:
    """The records of these codes with their former values, and of all codes that they name in turn."""
    formers: dict[str, list[FormerValue]] = defaultdict(list)
    for former in register.former_values:
        formers[former.asset].append(former)
    seen = set(wanted)
    waiting = list(wanted)
    for code in waiting:  # grows while it is walked
        found["former_values"] += formers.get(code, ())
        named = {former.value for former in formers.get(code, ())}
        for kind in CODED:
            if (record := getattr(register, kind).get(code)) is not None:
                found[kind].append(record)
                named.update(_named(kind, record))
        waiting.extend(named - seen)
        seen |= named
    return found


def _touches(kind: str, record: Record, core: set[str], rivals: Collection[Hashable]) -> bool:
    """Whether it is one of the core, names one, or is a rival of what differs."""
    if kind in CODED and _code(record) in core:
        return True
    if rivals and _rival(kind, record) in rivals and _rival(kind, record) is not None:
        return True
    return not core.isdisjoint(_named(kind, record))


def _code(record: Record) -> str:
    code: str = getattr(record, "code", "")
    return code


def _named(kind: str, record: Record) -> Iterator[str]:
    return (code for column in _NAMED[kind] if (code := getattr(record, column)))


def _rival(kind: str, record: Record) -> Hashable:
    """What records must not have in common with another at one time; None: nothing."""
    if isinstance(record, Vehicle):
        return plain_plate(record.plate)
    if kind in _RIVALS:
        return tuple(getattr(record, column) for column in _RIVALS[kind])
    return None


def _formers(records: Sequence[Record]) -> Iterator[FormerValue]:
    return (record for record in records if isinstance(record, FormerValue))
