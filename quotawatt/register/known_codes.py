"""The codes of a register's rows, and whether a reference to one holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quotawatt.register import rules
from quotawatt.register.headings import sheet_name
from quotawatt.register.problems import Rule
from quotawatt.register.rows import CODED, Row

Rows = Mapping[str, Sequence[Row]]


def each(tables: Rows, kind: str, column: str) -> Iterator[tuple[Row, Any]]:
    """Rows of the kind that have a value in the column, with it."""
    for row in tables.get(kind, ()):
        if (value := row.cells.get(column)) is not None:
            yield row, value


class KnownCodes:
    """The codes of some rows, and whether one that is missing may be one that could not be read.

    kinds
        The kind of each code.
    """

    def __init__(self, tables: Rows) -> None:
        self.kinds: dict[str, str] = {}
        self._codes: dict[str, set[str]] = {}
        self._unread: dict[str, int] = {}
        for kind in CODED:
            rows = tables.get(kind, ())
            right = {code for _, code in each(tables, kind, "code") if rules.CODE.fullmatch(code)}
            self._codes[kind] = right
            self._unread[kind] = sum(row.cells.get("code") not in right for row in rows)
            self.kinds.update(dict.fromkeys(right, kind))
        self._absent = frozenset(CODED) - set(tables)
        self._excused = self._excusable(tables)

    def of(self, kind: str) -> set[str]:
        """The codes of a kind."""
        return self._codes[kind]

    def broken_by(self, kind: str, column: str, code: Any) -> Rule | None:
        """The rule that a reference breaks; None: none, or the column is no reference."""
        kinds = rules.REFERENCES.get((kind, column))
        if kinds is None or any(code in self._codes[target] for target in kinds):
            return None
        if code in self._excused.get(kinds, ()):
            return None
        return rules.REFERENCE.of(kinds=_kinds_in_words(kinds))

    def may_be_unread(self, kinds: Sequence[str]) -> bool:
        """Whether a code of these kinds that is missing may be one that could not be read."""
        return not self._absent.isdisjoint(kinds) or any(self._unread[kind] for kind in kinds)

    def _excusable(self, tables: Rows) -> Mapping[tuple[str, ...], set[str]]:
        """By kinds referred to the codes that nobody has, where rows that could not be read may have them."""
        missing: dict[tuple[str, ...], set[str]] = {}
        for (kind, column), kinds in rules.REFERENCES.items():
            unknown = {code for _, code in each(tables, kind, column) if code not in self.kinds}
            missing.setdefault(kinds, set()).update(unknown)
        return {kinds: codes for kinds, codes in missing.items() if self._may_have(kinds, codes)}

    def _may_have(self, kinds: tuple[str, ...], codes: set[str]) -> bool:
        unread = sum(self._unread[kind] for kind in kinds)
        return not self._absent.isdisjoint(kinds) or len(codes) <= unread


def _kinds_in_words(kinds: Sequence[str]) -> tuple[str, str]:
    """In English by their identifiers, as the API and files name them, in Chinese by their sheets."""
    if len(kinds) == len(CODED):
        return " or ".join(kinds), "任一类资产"
    return " or ".join(kinds), "或".join(f"“{sheet_name(kind, 'zh')}”" for kind in kinds)
