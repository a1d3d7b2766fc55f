"""Rows of a register over time: what each column of an asset held on a day, as far as it could be read."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from quotawatt.register.rows import CODED, Row

NOW = date.max
"""The day after all changes: what the assets' rows say."""


@dataclass(frozen=True, slots=True)
class Past:
    """A former value that could be read: of an asset's column, until a day, and the row it stands in."""

    kind: str
    code: str
    column: str
    value: Any
    until: date
    row: Row

    @property
    def last_day(self) -> date:
        """The last day on which it held."""
        return self.until - timedelta(days=1)


class Timeline:
    """The assets of a register with what their columns held."""

    def __init__(self, tables: Mapping[str, Sequence[Row]], pasts: Sequence[Past]) -> None:
        self._assets: dict[str, tuple[str, Row]] = {}
        for kind in CODED:
            for row in tables.get(kind, ()):
                if code := row.cells.get("code"):
                    self._assets.setdefault(code, (kind, row))
        self.pasts = pasts
        self._held: dict[str, dict[str, list[Past]]] = defaultdict(dict)
        for past in sorted(pasts, key=_until):
            self._held[past.code].setdefault(past.column, []).append(past)

    def assets(self, kind: str) -> Iterator[tuple[str, Row]]:
        """The assets of a kind, each with its row."""
        return ((code, row) for code, (found, row) in self._assets.items() if found == kind)

    def row(self, code: str) -> Row:
        """The row of an asset. Raises KeyError for an unknown code."""
        return self._assets[code][1]

    def value(self, code: str, column: str, day: date) -> Any:
        """What a column held on a day; None too where it could not be read or is not known."""
        found = self._assets.get(code)
        held = self._held[code].get(column, ()) if code in self._held else ()
        position = bisect_right(held, day, key=_until)
        if position < len(held):
            return held[position].value
        return None if found is None else found[1].cells.get(column)

    def cells(self, code: str, day: date) -> dict[str, Any]:
        """What all columns of an asset held on a day; those that could not be read are missing."""
        if code not in self._assets:
            return {}
        cells = dict(self._assets[code][1].cells)
        if code in self._held:
            cells.update({name: self.value(code, name, day) for name in self._held[code]})
        return cells


def _until(past: Past) -> date:
    return past.until
