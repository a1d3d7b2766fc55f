"""What is wrong with entries: each by itself, and beside those before and after it at the same point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from quotawatt.hand import rules
from quotawatt.hand.entries import BY_HAND, READING, RESET, ROLLOVER, Entry, subject_of
from quotawatt.hand.setting import Draft, Setting
from quotawatt.quantities import quantity
from quotawatt.register.found import Note
from quotawatt.register.model import Binding
from quotawatt.register.problems import Problem, Where
from quotawatt.spans import DAY

HIGH_TIMES = 5.0
"""So many times the usual use of a day must be confirmed; our own choice."""
USUAL_LAST, USUAL_LEAST = 12, 2
"""Usual is the median of the last intervals, where there are enough of them."""

_AMOUNTS = ("value", "amount", "opening", "bought", "closing", "gj_per_m2", "cost_cny")


def problems_alone(draft: Draft, setting: Setting) -> Iterator[Problem]:
    """What is wrong with an entry whatever else is entered."""
    yield from _out_of_range(draft)
    column = "time" if draft.entry.kind == READING else "first_day"
    if setting.horizon is not None and draft.entry.start < setting.horizon:
        rule = rules.RAW_EXPIRED.of(horizon=f"{setting.horizon.astimezone(setting.zone):%F}")
        yield Problem(draft.where.at(column), rule, _local(draft.entry, setting))
    if draft.entry.kind == READING:
        yield from _of_register(draft, setting)


def _out_of_range(draft: Draft) -> Iterator[Problem]:
    line = quantity(draft.entry.quantity)
    for name in _AMOUNTS:
        figure: float | None = getattr(draft.entry, name)
        if figure is None:
            continue
        if figure < 0:
            yield Problem(draft.where.at(name), rules.NOT_NEGATIVE, figure)
        elif figure > line.high:
            rule = rules.RANGE.of(low=0, high=f"{line.high:g}", unit=line.unit)
            yield Problem(draft.where.at(name), rule, figure)


def _of_register(draft: Draft, setting: Setting) -> Iterator[Problem]:
    """What the register says against a reading: its time, and the size of the register that was read."""
    entry = draft.entry
    device = f"{BY_HAND}{subject_of(entry.asset, setting.register)}"
    bound = [
        b for b in setting.register.bindings_on(device, "") if b.quantity in ("", entry.quantity)
    ]
    holding = [b for b in bound if _holds(b, entry)]
    if bound and not holding:
        yield Problem(draft.where.at("time"), rules.NOT_BOUND, _local(entry, setting))
    sizes = [b.register_size for b in holding if b.register_size is not None]
    if sizes and entry.value is not None and entry.value >= min(sizes):
        rule = rules.REGISTER_SIZE.of(size=min(sizes))
        yield Problem(draft.where.at("value"), rule, entry.value)
    if entry.confirm == ROLLOVER and not (sizes or _sizes_of_devices(entry, setting)):
        yield Problem(draft.where.at("confirm"), rules.ROLLOVER_SIZE, entry.confirm)


def notes_alone(draft: Draft, setting: Setting) -> Iterator[Note]:
    """What whoever enters it should know: that a device feeds the point."""
    if any(_feeds(b, draft.entry) for b in _of_devices(draft.entry, setting)):
        yield Note(draft.where, rules.COMPARED)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in the order of its point; ``where`` is None for one that is stored."""

    entry: Entry
    where: Where | None


def problems_together(placed: Sequence[Placed], setting: Setting) -> Iterator[Problem]:
    """What is wrong with drafts beside their neighbours.

    placed
        Drafts and stored entries of one point, all of them readings or none, none twice, in order of time.
    """
    for position, (before, after) in enumerate(pairwise(placed), start=1):
        if before.where is None and after.where is None:
            continue
        wrong = _fall if after.entry.kind == READING else _overlap
        yield from wrong(before, after, setting)
        if after.where is not None:
            yield from _high(placed[:position], after)


def notes_together(placed: Sequence[Placed]) -> Iterator[Note]:
    """What is remarkable about drafts beside their neighbours: gaps, and stocks that do not go on."""
    for before, after in pairwise(placed):
        if after.where is None or after.entry.kind == READING:
            continue
        gap = (after.entry.start - before.entry.end) / DAY
        if gap > 0:
            yield Note(after.where, rules.GAP.of(days=gap))
        opening, closing = after.entry.opening, before.entry.closing
        if gap == 0 and None not in (opening, closing) and opening != closing:
            yield Note(after.where, rules.STOCK_DIFFERS.of(opening=opening, closing=closing))


def _fall(before: Placed, after: Placed, setting: Setting) -> Iterator[Problem]:
    old, new = before.entry, after.entry
    if old.value is None or new.value is None or new.value >= old.value:
        return
    if new.confirm in (RESET, ROLLOVER) or _swapped(old, new, setting):
        return
    if after.where is not None:
        rule = rules.FALLS.of(other=old.value, time=_local(old, setting))
        yield Problem(after.where.at("value"), rule, new.value)
    elif before.where is not None:
        rule = rules.ABOVE_NEXT.of(other=new.value, time=_local(new, setting))
        yield Problem(before.where.at("value"), rule, old.value)


def _overlap(before: Placed, after: Placed, setting: Setting) -> Iterator[Problem]:
    if before.entry.end <= after.entry.start:
        return
    where, other = (
        (after.where, before.entry) if after.where is not None else (before.where, after.entry)
    )
    assert where is not None
    zone = setting.zone_of(other.asset)
    first, last = other.start.astimezone(zone), (other.end - DAY / 2).astimezone(zone)
    rule = rules.OVERLAP.of(first=f"{first:%F}", last=f"{last:%F}")
    yield Problem(where.at("first_day"), rule, _local(after.entry, setting))


def _high(earlier: Sequence[Placed], draft: Placed) -> Iterator[Problem]:
    """Far above the usual: what a slipped decimal point looks like."""
    entry, where = draft.entry, draft.where
    entries = [one.entry for one in earlier[-USUAL_LAST - 1 :]]
    known = _rates(entries)
    rate = (_rates([entries[-1], entry]) if entry.kind == READING else _rates([entry]))[-1:]
    usual = median(known) if len(known) >= USUAL_LEAST else 0.0
    if where is None or entry.confirm or not rate or usual <= 0 or rate[0] <= HIGH_TIMES * usual:
        return
    rule = rules.HIGH_USE.of(times=rate[0] / usual, usual=usual)
    figure = "value" if entry.kind == READING else "bought" if entry.bought else "amount"
    yield Problem(where.at(figure), rule, getattr(entry, figure))


def _rates(entries: Sequence[Entry]) -> list[float]:
    """What was used a day: by each bill, or between two readings that did not fall."""
    found = [rate for entry in entries if (rate := entry.per_day) is not None]
    for old, new in pairwise(entries):
        if old.value is not None and new.value is not None and new.value >= old.value:
            found.append((new.value - old.value) / max((new.start - old.start) / DAY, 1.0))
    return found


def _swapped(old: Entry, new: Entry, setting: Setting) -> bool:
    """Whether the register has another meter since the reading before."""
    starts = {
        b.valid_from
        for b in setting.register.bindings_of(new.asset)
        if b.quantity in ("", new.quantity)
    }
    return any(old.start < start <= new.start for start in starts)


def _holds(binding: Binding, entry: Entry) -> bool:
    """Whether it binds the reading; the last stand of a meter is read at the very end."""
    until = binding.valid_until
    return binding.valid_from <= entry.start and (until is None or entry.start <= until)


def _feeds(binding: Binding, entry: Entry) -> bool:
    until = binding.valid_until
    return binding.valid_from < max(entry.end, entry.start + DAY) and (
        until is None or entry.start < until
    )


def _of_devices(entry: Entry, setting: Setting) -> list[Binding]:
    """Bindings by which devices feed the point, of all times."""
    return [
        b
        for b in setting.register.bindings_of(entry.asset)
        if not b.device.startswith(BY_HAND)
        and (b.point_quantity or b.quantity or entry.quantity) == entry.quantity
    ]


def _sizes_of_devices(entry: Entry, setting: Setting) -> list[float]:
    return [b.register_size for b in _of_devices(entry, setting) if b.register_size is not None]


def _local(entry: Entry, setting: Setting) -> str:
    """When an entry is of, as people at the place say it."""
    form = "%F %R" if entry.kind == READING else "%F"
    return f"{entry.start.astimezone(setting.zone_of(entry.asset)):{form}}"
