"""When a vehicle goes out and comes back, day by day, and what it does that asks for an explanation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np

from simulators.streams import Floats, stream
from simulators.timeline import STEPS_PER_DAY, Flags, Ints, Timeline, midnight_s

SPARSE_EVERY_S = 300
DENSE_EVERY_S = 30
DENSE_FROM = date(2023, 11, 27)
"""From this local day on terminals tell every half-minute of a way, before it every five minutes."""

_OUTING_STARTS_S = (int(8.5 * 3600), int(13.75 * 3600))
_LIKELY_ON_DAYS_OFF = 0.02
_DAY_S = 86_400


class DeedKind(StrEnum):
    """What a vehicle did that somebody will have to explain."""

    EVENING = "evening"
    """The afternoon's outing is driven in the evening, and nobody ordered it."""
    OVERNIGHT = "overnight"
    """It does not come back from the afternoon's outing before the next morning."""
    IDLING = "idling"
    """The engine runs on while the driver waits."""
    HOLIDAY = "holiday"
    """It drives on a holiday on which it stands sealed; the draw has it so, nothing is moved."""
    CARD = "card"
    """Its fuel card pays at a filling station while it stands elsewhere."""


@dataclass(frozen=True)
class Deed:
    """One deed of a vehicle: its label, for a check to be held against.

    slot
        Which outing of the day it concerns: 0 in the morning, 1 in the afternoon.
    at
        When that outing starts (evening), comes back (overnight), or the card pays; None: as drawn.
    """

    kind: DeedKind
    vehicle: str
    day: date
    slot: int
    at: datetime | None
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class Legs:
    """Ways out and back in order of time, one value each; ``day`` indexes the timeline's days.

    drive_s, every_s
        How long it drives, and how often it tells where it is, in seconds.
    idle_s
        How long the engine runs on after the way.
    outing
        Number of the outing, the same for its way out and its way back.
    """

    day: Ints
    start_s: Ints
    drive_s: Ints
    every_s: Ints
    idle_s: Ints
    km: Floats
    bearing: Floats
    outward: Flags
    outing: Ints


def legs_of(
    timeline: Timeline,
    seed: int,
    code: str,
    outings: float,
    typical_km: float,
    deeds: Sequence[Deed] = (),
) -> Legs:
    """The legs of vehicle ``code`` over the timeline; deeds move outings, and add none.

    outings
        Probability of each of the two outings on a working day.
    """
    days = len(timeline.days)
    # One row a day, so that a longer timeline begins with the same draws.
    draws = stream(seed, "vehicle", code).random((days, len(_OUTING_STARTS_S), 5))
    chance, start, distance, stay, bearing = np.moveaxis(draws, 2, 0)
    likely = np.where(timeline.working_days, outings, _LIKELY_ON_DAYS_OFF)[:, None]
    day, slot = np.nonzero(chance < likely)
    km = np.clip(typical_km * np.exp(1.1 * (distance[day, slot] - 0.5)), 2.0, 42.0)
    drive_s = SPARSE_EVERY_S * np.ceil(km / (28 + 0.4 * km) * 3600 / SPARSE_EVERY_S)
    midnights = timeline.marks_s[:-1:STEPS_PER_DAY]
    out_s = midnights[day] + np.array(_OUTING_STARTS_S)[slot]
    out_s += (start[day, slot] * 3600).astype(np.int64)
    stay_s = 1200 + (stay[day, slot] * 2400).astype(np.int64)
    back_s = out_s + drive_s.astype(np.int64) + stay_s
    idle_s = np.zeros(len(day), np.int64)
    for deed in deeds:
        which = np.flatnonzero((day == _index(timeline, deed.day)) & (slot == deed.slot))
        _do(deed, which, out_s, back_s, idle_s)
    return _in_order(
        timeline,
        starts=np.column_stack([out_s, back_s]).ravel(),
        drive_s=np.repeat(drive_s.astype(np.int64), 2),
        idle_s=np.column_stack([idle_s, np.zeros_like(idle_s)]).ravel(),
        km=np.repeat(km, 2),
        bearing=np.repeat(2 * np.pi * bearing[day, slot], 2),
    )


def _do(deed: Deed, which: Ints, out_s: Ints, back_s: Ints, idle_s: Ints) -> None:
    """Change when the outing of a deed starts, returns or idles; ``which`` may be none."""
    at_s = int(deed.at.timestamp()) if deed.at else 0
    if deed.kind is DeedKind.EVENING:
        back_s[which] += at_s - out_s[which]
        out_s[which] = at_s
    elif deed.kind is DeedKind.OVERNIGHT:
        back_s[which] = at_s
    elif deed.kind is DeedKind.IDLING:
        idle_s[which] = 1080  # less than the shortest stay


def _in_order(
    timeline: Timeline, starts: Ints, drive_s: Ints, idle_s: Ints, km: Floats, bearing: Floats
) -> Legs:
    order = np.argsort(starts, kind="stable")
    start_s = starts[order]
    dense = start_s >= midnight_s(DENSE_FROM)
    return Legs(
        day=(start_s - timeline.marks_s[0]) // _DAY_S,
        start_s=start_s,
        drive_s=drive_s[order],
        every_s=np.where(dense, DENSE_EVERY_S, SPARSE_EVERY_S),
        idle_s=idle_s[order],
        km=km[order],
        bearing=bearing[order],
        outward=order % 2 == 0,
        outing=order // 2,
    )


def _index(timeline: Timeline, day: date) -> int:
    return (day - timeline.first).days
