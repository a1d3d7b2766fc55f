"""What packs hold before it is checked against each other: values with place and period."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A value and the ``file:line`` it was written at.

    effective_from, effective_until
        When it is in force: what the entry itself says, later that of the instrument it cites as well.
    """

    value: T
    place: str
    effective_from: date | None = None
    effective_until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on ``day``, as far as its dates are known."""
        return _start(self) <= day < _end(self)

    def overlaps(self, other: "Located[Any]") -> bool:
        """Whether there is a day on which both are in force."""
        return max(_start(self), _start(other)) < min(_end(self), _end(other))

    @property
    def never(self) -> bool:
        """Whether it is in force on no day at all, as where it was superseded before it began."""
        return _end(self) <= _start(self)


@dataclass
class Draft:
    """What the packs hold by section, before it is checked against each other."""

    entries: dict[str, list[Located[Any]]] = field(default_factory=dict)

    def add(self, section: str, found: Iterable[Located[Any]]) -> None:
        """Add entries to a section."""
        self.entries.setdefault(section, []).extend(found)

    def of(self, section: str) -> list[Located[Any]]:
        """The entries of a section in the order of reading."""
        return self.entries.get(section, [])

    def ids(self, section: str) -> set[str]:
        """The ids that a section has at any time."""
        return {entry.value.id for entry in self.of(section)}


def _start(entry: Located[Any]) -> date:
    return entry.effective_from or date.min


def _end(entry: Located[Any]) -> date:
    return entry.effective_until or date.max
