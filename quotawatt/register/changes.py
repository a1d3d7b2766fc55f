"""What tells two versions of a register apart, and what of its results has to be computed anew."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from operator import is_
from typing import Any, Generic, TypeVar

from quotawatt.register.effects import ALWAYS, FED_COLUMNS, begins, changed_assets, first_fed
from quotawatt.register.model import Asset, Binding, FormerValue, Headcount, Register
from quotawatt.register.rows import CODED, KEYS, KINDS, Record, kind_of, records_of
from quotawatt.register.share_effects import changed_shares

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class KindChange(Generic[R]):
    """Records of one kind that were added, removed, or changed (before, after)."""

    added: tuple[R, ...]
    changed: tuple[tuple[R, R], ...]
    removed: tuple[R, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def records(self) -> tuple[R, ...]:
        """All of them, of those that changed both versions."""
        return (*self.added, *self.removed, *(r for pair in self.changed for r in pair))

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
        }


Changes = Mapping[str, KindChange[Record]]
"""What two registers differ in: the kinds that do, each with its records that do."""


def changes_between(before: Register, after: Register) -> dict[str, KindChange[Record]]:
    """The kinds that differ, each with its records that do."""
    old, new = records_of(before), records_of(after)
    found = {kind: _kind_change(kind, old[kind], new[kind]) for kind in KINDS}
    return {kind: change for kind, change in found.items() if change}


def _kind_change(kind: str, before: Sequence[R], after: Sequence[R]) -> KindChange[R]:
    left, right = _differing(before, after)
    old = {key_of(kind, record): record for record in left}
    new = {key_of(kind, record): record for record in right}
    return KindChange(
        added=tuple(record for key, record in new.items() if key not in old),
        changed=tuple((old[k], new[k]) for k in new if k in old and old[k] != new[k]),
        removed=tuple(record for key, record in old.items() if key not in new),
    )


def _differing(before: Sequence[R], after: Sequence[R]) -> tuple[list[R], list[R]]:
    """The records of each that the other does not have as the very same object: mostly none or one."""
    start = _agree(before, after)
    # What agrees at both ends must not be counted twice where one is the beginning of the other.
    rest = min(len(before), len(after)) - start
    end = _agree(islice(reversed(before), rest), islice(reversed(after), rest))
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    kept = {id(record) for record in left} & {id(record) for record in right}
    return [r for r in left if id(r) not in kept], [r for r in right if id(r) not in kept]


def _agree(one: Iterable[R], other: Iterable[R]) -> int:
    """How many at the beginning are the very same objects."""
    same = list(map(is_, one, other))
    return same.index(False) if False in same else len(same)


def key_of(kind: str, record: Record) -> tuple[Any, ...]:
    """What tells a record from the others of its kind."""
    return tuple(getattr(record, name) for name in KEYS[kind])


def affected(before: Register, after: Register) -> Iterator[tuple[str, str, datetime]]:
    """Devices and channels whose results no longer follow the register, each with its earliest instant.

    A total that is made of others by now stands as ``asset:CODE`` without a channel. One may come several
    times. What changes from a day on is computed anew from that day only.
    """
    bindings = _kind_change("bindings", before.bindings, after.bindings)
    for binding in (*bindings.added, *bindings.removed):
        yield binding.device, binding.channel, binding.valid_from
    for old, new in bindings.changed:
        yield new.device, new.channel, _differ_from(old, new)
    changes = changes_between(before, after)
    codes = codes_of_changed(changes)
    for code, day in changed_assets(before, after, codes):
        yield from _of_asset(code, day, before, after)
    rooms = (code for code in codes if code in before.spaces or code in after.spaces)
    for code, day in changed_shares(before, after, rooms, _headcounts(changes)):
        yield from _of_asset(code, day, before, after)


def codes_of_changed(changes: Changes) -> Collection[str]:
    """The codes of assets of which something differs, now or on another day, in the order of changes."""
    told = [kind for kind in (*CODED, "former_values") if kind in changes]
    return dict.fromkeys(code for kind in told for code in _codes(changes[kind]))


def _headcounts(changes: Changes) -> Iterator[Headcount]:
    change = changes.get("headcounts")
    records = () if change is None else change.records()
    return (record for record in records if isinstance(record, Headcount))


def _codes(change: KindChange[Record]) -> Iterator[str]:
    for record in change.records():
        if isinstance(record, FormerValue):
            yield record.asset
        elif isinstance(record, Asset):
            yield record.code


def _of_asset(
    code: str, day: date, before: Register, after: Register
) -> Iterator[tuple[str, str, datetime]]:
    """What a change of an asset from a day on asks to be computed anew, from no earlier than it is fed."""
    start = None if day == ALWAYS else begins(after, code, day)
    asset = after.assets.get(code) or before.assets[code]
    if kind_of(asset) in FED_COLUMNS:
        for b in (*before.bindings_of(code), *after.bindings_of(code)):
            if start is None or b.valid_until is None or b.valid_until > start:
                yield b.device, b.channel, max(b.valid_from, start or b.valid_from)
    elif (fed := first_fed(code, (before, after))) is not None:
        yield f"asset:{code}", "", max(fed, start or fed)


def _differ_from(old: Binding, new: Binding) -> datetime:
    """The first instant at which two versions of a binding say different things."""
    if replace(old, valid_until=new.valid_until) != new:
        return new.valid_from
    return min(end for end in (old.valid_until, new.valid_until) if end is not None)
