"""Assets by their names: people write 市档案馆 where the register has a code.

A name counts where exactly one asset goes by it, in Chinese or English, among those that may stand there;
of meters and rooms, which are called the same in every building, among those of the same building. A code
goes before a name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from quotawatt.register.found import Found, Note
from quotawatt.register.headings import headings, spelled
from quotawatt.register.problems import CellError, Problem, Rule, Where
from quotawatt.register.rows import CODED, Row
from quotawatt.register.rules import REFERENCES

Tables = Mapping[str, Sequence[Row]]

BY_NAME = Rule(
    "by_name",
    "{count} names of assets in {column} were taken for their codes",
    "{column}中的 {count} 个名称已按资产名称对应为编码",
)
SEVERAL = Rule(
    "several_of_a_name",
    "must be a code, for several assets go by this name: {codes}",
    "须为编码，因为有多项资产同名：{codes}",
)
_CODES_SHOWN = 5
_OF_THE_BUILDING = (
    ("meters", "parent"),
    ("meters", "serves"),
    ("virtual_meters", "serves"),
    ("equipment", "space"),
)
"""References that lead to an asset of the same building."""
_OTHERS = tuple(place for place in REFERENCES if place not in _OF_THE_BUILDING)


class Names:
    """The assets of some rows by their codes and names. Names are looked at when one is asked for."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._codes = {kind: {*_codes(tables.get(kind, ()))} for kind in CODED}

    def is_code(self, kinds: Sequence[str], code: str) -> bool:
        """Whether an asset of these kinds has the code."""
        return any(code in self._codes[kind] for kind in kinds)

    def of(self, kinds: Sequence[str], name: str, building: str = "") -> list[str]:
        """The codes of the assets of these kinds that go by a name; of several those in the building."""
        plain = spelled(name)
        found = [code for kind in kinds for code in self._named[kind].get(plain, ())]
        within = [code for code in found if building and self._buildings.get(code) == building]
        return within if len(found) > 1 and within else found

    @cached_property
    def _named(self) -> Mapping[str, Mapping[str, list[str]]]:
        named: dict[str, dict[str, list[str]]] = {kind: {} for kind in CODED}
        for kind in CODED:
            for row in self._tables.get(kind, ()):
                if code := row.cells.get("code"):
                    names = (row.cells.get("name_zh"), row.cells.get("name_en"))
                    for name in {spelled(name) for name in names if name}:
                        named[kind].setdefault(name, []).append(code)
        return named

    @cached_property
    def _buildings(self) -> Mapping[str, str]:
        rows = (row.cells for kind in CODED for row in self._tables.get(kind, ()))
        return {cells["code"]: cells.get("building") or "" for cells in rows if cells.get("code")}


@dataclass
class Named:
    """What became of names.

    tables
        The rows with codes in the place of names. What several are called is left out, as a cell is that
        could not be read.
    """

    tables: dict[str, Sequence[Row]]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def with_codes(tables: Tables, found: Found) -> Named:
    """The rows with codes where ``found`` has names, names that several have, and what was understood."""
    named = Named(dict(tables))
    for places in (_OTHERS, _OF_THE_BUILDING):  # the second kind looks at codes of buildings
        names = Names(named.tables)
        for kind, column in places:
            if kind in found.rows:
                _take(named, names, kind, column, found.sheets[kind])
    return named


def code_for(names: Names, kinds: Sequence[str], said: str, building: str = "") -> str:
    """The code of the one asset that goes by what is said; that itself where it is a code or no name.

    Raises CellError where several go by it.
    """
    if names.is_code(kinds, said):
        return said
    codes = names.of(kinds, said, building)
    if len(codes) > 1:
        more = " …" if len(codes) > _CODES_SHOWN else ""
        raise CellError(SEVERAL.of(codes=", ".join(sorted(codes)[:_CODES_SHOWN]) + more))
    return codes[0] if codes else said


def _codes(rows: Sequence[Row]) -> Iterator[str]:
    return (code for row in rows if (code := row.cells.get("code")))


def _take(named: Named, names: Names, kind: str, column: str, sheet: str) -> None:
    """Put codes in the place of names in one column."""
    kinds = REFERENCES[kind, column]
    rows = list(named.tables[kind])
    count = 0
    for position, row in enumerate(rows):
        said = row.cells.get(column)
        if not said or names.is_code(kinds, said):
            continue
        building = row.cells.get("building") if (kind, column) in _OF_THE_BUILDING else ""
        try:
            code = code_for(names, kinds, said, building or "")
        except CellError as error:
            named.problems.append(Problem(row.where.at(column), error.rule, said))
            others = {name: value for name, value in row.cells.items() if name != column}
            rows[position] = replace(row, cells=others)
            continue
        if code != said:
            rows[position] = replace(row, cells={**row.cells, column: code})
            count += 1
    named.tables[kind] = rows
    if count:
        heading = headings(kind)[column]
        rule = BY_NAME.of(count=count, column=(heading.en, heading.zh))
        named.notes.append(Note(Where(sheet), rule))
