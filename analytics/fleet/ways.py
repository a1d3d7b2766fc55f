"""Which legs belong to one trip: halts and gaps bridged, departures and arrivals that nobody saw."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from analytics.fleet.arrays import runs
from analytics.fleet.motion import GAP, MOVING, STILL, Legs, Motion
from analytics.fleet.parameters import FleetParameters


@dataclass(frozen=True, slots=True)
class Way:
    """Legs of one trip, before anybody asked whether it is one.

    first, last
        Messages between which it lies; its kilometres are those between them.
    left_after
        The last message before an unseen departure; -1: the departure was seen.
    arrived_unseen
        Whether it arrived in a gap, which is its last leg.
    """

    first: int
    last: int
    left_after: int = -1
    arrived_unseen: bool = False

    @property
    def start(self) -> int:
        """The message at which it was under way or told to have moved."""
        return self.first if self.left_after < 0 else self.left_after + 1

    @property
    def end(self) -> int:
        """The message at which it was so last."""
        return max(self.start, self.last - 1) if self.arrived_unseen else self.last


class _Tie(IntEnum):
    """How a message beside a gap speaks for a trip that goes on through it."""

    NONE = 0  # stands: ignition off, or speed nought and nothing else
    LOOSE = 1  # may be a halt on the way
    FIRM = 2  # under way


@dataclass(frozen=True, slots=True)
class _Piece:
    """Legs ``first`` to ``last`` (exclusive) of one kind."""

    kind: int
    first: int
    last: int
    long: bool


def ways_of(motion: Motion, parameters: FleetParameters) -> list[Way]:
    """Runs of legs under way, in order of time; no two share a leg.

    A halt shorter than ``minimal_stop_s`` ends none. A gap with kilometres in it belongs to the trip before
    it, where the vehicle was under way as it began; else to that after it; else it is a way of its own.
    Both sides are one trip where those kilometres leave no time for a stop. A gap longer than
    ``longest_gap_s`` belongs to none.
    """
    if not len(motion.legs):
        return []
    return list(_Walk(motion, parameters).ways())


def without_halts(motion: Motion, parameters: FleetParameters) -> Legs:
    """The legs with halts between two of motion that are too short to end a trip counted as motion."""
    starts, ends = runs(motion.legs.astype(np.int64))
    still_s = motion.times_s[ends] - motion.times_s[starts]
    kinds = motion.legs[starts]
    halt = (kinds == STILL) & (still_s < parameters.minimal_stop_s)
    halt[1:] &= kinds[:-1] == MOVING
    halt[:-1] &= kinds[1:] == MOVING
    halt[[0, -1]] = False
    return np.where(np.repeat(halt, ends - starts), np.int8(MOVING), motion.legs)


class _Walk:
    """One pass over the pieces of a track."""

    def __init__(self, motion: Motion, parameters: FleetParameters) -> None:
        self._motion = motion
        self._parameters = parameters
        self._pieces = list(self._cut())
        self._open: Way | None = None

    def ways(self) -> Iterator[Way]:
        for place, piece in enumerate(self._pieces):
            if piece.kind == MOVING:
                self._drive(piece)
            elif piece.kind == GAP:
                yield from self._cross(place, piece.first)
            elif piece.long:
                yield from self._close()
        yield from self._close()

    def _cut(self) -> Iterator[_Piece]:
        """Runs of one kind; every gap for itself."""
        motion, stop_s = self._motion, self._parameters.minimal_stop_s
        legs = without_halts(motion, self._parameters)
        apart = np.where(legs == GAP, GAP + np.arange(len(legs)), legs)
        for first, last in zip(*(edge.tolist() for edge in runs(apart)), strict=True):
            length_s = motion.times_s[last] - motion.times_s[first]
            yield _Piece(int(legs[first]), first, last, bool(length_s >= stop_s))

    def _close(self) -> Iterator[Way]:
        if self._open is not None:
            yield self._open
        self._open = None

    def _drive(self, piece: _Piece) -> None:
        """Legs under way: of the trip that is open (a halt that ends it closes it), or of a new one."""
        if self._open is None:
            self._open = Way(piece.first, piece.last)
        else:
            self._open = replace(self._open, last=piece.last, arrived_unseen=False)

    def _cross(self, place: int, leg: int) -> Iterator[Way]:
        """A gap in which the vehicle moved. In weeks of silence it made nobody knows how many trips."""
        if self._motion.legs_s[leg] > self._parameters.longest_gap_s:
            yield from self._close()
            return
        left, right = self._tie(place, leg, -1), self._tie(place, leg, +1)
        goes_on = self._fills(leg)
        if self._open is not None and (left is _Tie.FIRM or (left and goes_on)):
            self._open = replace(self._open, last=leg + 1, arrived_unseen=True)
            if not (right and goes_on):
                yield from self._close()
                if right is _Tie.FIRM and self._moves_on(place):
                    self._open = Way(leg + 1, leg + 1, left_after=leg)
            return
        yield from self._close()
        self._open = Way(leg, leg + 1, left_after=leg, arrived_unseen=True)
        if not right:
            yield from self._close()

    def _fills(self, leg: int) -> bool:
        """Whether the gap's kilometres leave no time for a stop."""
        motion, parameters = self._motion, self._parameters
        driven_s = motion.gap_km[leg] / parameters.gap_kmh * 3600.0
        return bool(motion.legs_s[leg] - driven_s < parameters.minimal_stop_s)

    def _moves_on(self, place: int) -> bool:
        return place + 1 < len(self._pieces) and self._pieces[place + 1].kind == MOVING

    def _tie(self, place: int, leg: int, side: int) -> _Tie:
        """What the message at one end of a gap says; ``side`` is -1 before it, +1 after it."""
        message = leg if side < 0 else leg + 1
        speed, engine = self._motion.speed_kmh[message], self._motion.engine[message]
        if speed > self._parameters.motion_kmh:
            return _Tie.FIRM
        if engine == 0.0:
            return _Tie.NONE
        beside = place + side
        kind = self._pieces[beside].kind if 0 <= beside < len(self._pieces) else STILL
        if np.isnan(speed):
            return _Tie.FIRM if kind == MOVING else _Tie.LOOSE
        return _Tie.LOOSE if engine == 1.0 or kind == MOVING else _Tie.NONE
