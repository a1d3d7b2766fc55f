"""What lines of a file of readings are checked by, and what is wrong with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.register.exempt import Stretch

PROBLEMS_SHOWN = 20
"""So many wrong lines are told; of the others only the number."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line of a file (of Parquet: a row), counted from 1."""

    line: int
    message: str


@dataclass(frozen=True)
class Rules:
    """What lines are checked by.

    assets
        Codes of the register.
    zone
        Of times without an offset from UTC; None: they are refused.
    now
        Arrival of what says none.
    clock_from, clock_ahead_limit_s
        See ``plausibility.implausible``.
    horizon
        Readings from before it are not taken; None: all are.
    exempt
        Devices whose positions are not taken, with the times; see ``register.exempt``.
    """

    assets: Collection[str]
    zone: ZoneInfo | None
    now: datetime
    clock_from: date
    clock_ahead_limit_s: float
    horizon: datetime | None = None
    exempt: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)


@dataclass
class Problems:
    """Wrong lines: the first of them, and how many there are."""

    count: int = 0
    first: list[LineProblem] = field(default_factory=list)

    def add(self, lines: Collection[int], message: str, got: Collection[Any]) -> None:
        """Take the lines that break a rule, each with its value."""
        self.count += len(lines)
        room = max(0, PROBLEMS_SHOWN - len(self.first))
        for line, value in list(zip(lines, got, strict=True))[:room]:
            self.first.append(LineProblem(line, f"{message}, got {value!r}"))
