"""A plate must not be that of two vehicles that are held on the same day, now or before."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from quotawatt.register import rules
from quotawatt.register.problems import Problem
from quotawatt.register.timeline import NOW, Past, Timeline


@dataclass(frozen=True, slots=True)
class _Borne:
    """A plate that a held vehicle bears over ``[start, end)``, and where that stands."""

    plate: str
    start: date
    end: date
    problem: Problem


def check_plates(timeline: Timeline) -> Iterator[Problem]:
    """The problems of plates. One goes on to another vehicle once the one before it is no longer held."""
    borne: dict[str, list[_Borne]] = defaultdict(list)
    pasts = _pasts_by_vehicle(timeline)
    for code, _ in timeline.assets("vehicles"):
        for one in _borne_by(timeline, code, pasts.get(code, ())):
            borne[plain_plate(one.plate)].append(one)
    for rivals in borne.values():
        yield from _overlaps(rivals)


def plain_plate(plate: str) -> str:
    """A plate without the dots and blanks between its signs, by which one is told from another."""
    return "".join(sign for sign in plate if sign.isalnum()).upper()


def _pasts_by_vehicle(timeline: Timeline) -> dict[str, list[Past]]:
    found: dict[str, list[Past]] = defaultdict(list)
    for past in timeline.pasts:
        if past.kind == "vehicles" and past.column in ("plate", "status"):
            insort(found[past.code], past, key=lambda p: p.until)
    return found


def _borne_by(timeline: Timeline, code: str, pasts: Sequence[Past]) -> Iterator[_Borne]:
    start = date.min
    for past in pasts:
        plate = _held_plate(timeline, code, past.last_day)
        if plate and start < past.until:
            told = rules.until(rules.PLATE_TWICE, past.until)
            yield _Borne(plate, start, past.until, Problem(past.row.where.at("value"), told, plate))
        start = past.until
    if plate := _held_plate(timeline, code, NOW):
        where = timeline.row(code).where.at("plate")
        yield _Borne(plate, start, NOW, Problem(where, rules.PLATE_TWICE, plate))


def _held_plate(timeline: Timeline, code: str, day: date) -> str | None:
    """What a vehicle bears on a day; None where it is not held then."""
    held = timeline.value(code, "status", day) in rules.HELD
    plate: str | None = timeline.value(code, "plate", day) if held else None
    return plate


def _overlaps(rivals: list[_Borne]) -> Iterator[Problem]:
    latest: _Borne | None = None
    for one in sorted(rivals, key=lambda borne: borne.start):
        if latest is not None and one.start < latest.end:
            told = one.problem
            yield Problem(told.where, told.rule.of(other=latest.problem.where), told.value)
        if latest is None or one.end > latest.end:
            latest = one
