"""Versions of entries in time: which one was in force on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotawatt.rulebook.model import Rulebook


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an entry.

    effective_from, effective_until
        First day on which it is in force, and first on which it no longer is; None: no such day is known.
    place
        ``file:line`` it was written at.
    """

    value: Any
    effective_from: date | None
    effective_until: date | None
    place: str

    def in_force(self, day: date) -> bool:
        """Whether it was in force on ``day``, as far as its dates are known."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day < self.effective_until
        )


Versions = Mapping[str, Mapping[str, Sequence[Version]]]
"""By section and id, the oldest first."""


def place_of(versions: Versions, section: str, key: str) -> str:
    """``file:line`` of the newest version of an entry; empty where that is not known."""
    listed = versions.get(section, {}).get(key, ())
    return listed[-1].place if listed else ""


def edges_of(versions: Versions) -> tuple[date, ...]:
    """The days on which anything begins or ends, in order."""
    days = {
        day
        for by_id in versions.values()
        for listed in by_id.values()
        for version in listed
        for day in (version.effective_from, version.effective_until)
        if day is not None
    }
    return tuple(sorted(days))


def snapshot(book: "Rulebook", day: date) -> "Rulebook":
    """The book as it was in force on ``day``; see ``Rulebook.as_of``."""
    # A grid factor is of its year, whenever it was announced: what it cites stays citable.
    needed = {factor.cites.instrument for factor in book.grid_factors}
    kept: dict[str, dict[str, Sequence[Version]]] = {}
    for section, by_id in book.versions.items():
        kept[section] = {}
        for key, listed in by_id.items():
            held = [version for version in listed if version.in_force(day)]
            if not held and section == "instruments" and key in needed:
                held = list(listed[-1:])
            if held:
                kept[section][key] = held
    values: dict[str, Any] = {
        name: {key: held[-1].value for key, held in by_id.items()} for name, by_id in kept.items()
    }
    return replace(book, **values, versions=kept)
