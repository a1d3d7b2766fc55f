"""Forms of statistics returns as values: sheets, rows, where each figure comes from, and what is checked.

Values of the pack section ``forms``. A version of a form is an entry of the same id; the one in force on
the last day of a period is that period's form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.basics import Citation, Text, Trust


class Origin(StrEnum):
    """Where the figure of a row comes from."""

    USE = "use"
    """Results of measures, added up over the column's time."""
    COST = "cost"
    """What the measures cost, in CNY."""
    REGISTER = "register"
    """A field of the register, one of ``REGISTER_FIELDS``."""
    SUM = "sum"
    """Other rows of the sheet, added up."""
    HAND = "hand"
    """Nothing but what people write in."""


REGISTER_FIELDS = (
    "name",
    "kind",
    "level",
    "gross_area_m2",
    "heated_area_m2",
    "data_centre_area_m2",
    "people",
    "charging_points",
    "vehicles",
    "new_energy_vehicles",
)
"""What a row can take from the register: areas, kinds and counts of the last day, people as a daily mean."""

TEXT_FIELDS = ("name", "kind", "level")
"""Those of them that are words."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a row is filled.

    names
        Measures, the one field of the register, or the rows that are added up; empty for ``hand``.
    per
        So many of the measure's unit make one of the row's: 1000 kg a tonne.
    item
        Of electricity: the sub-metered item that is meant (``D1``); empty: all.
    billed_by_heat
        Of heat: what was billed by area, and never measured, is left out.
    components
        Of people: who counts.
    """

    origin: Origin
    names: Sequence[str] = ()
    per: float = 1.0
    item: str = ""
    billed_by_heat: bool = False
    components: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a sheet.

    unit, decimals
        As it prints. A row of words has no unit and no decimals.
    required
        Whether a return must have it; a row that is not may stay empty, which is not zero.
    """

    id: str
    title: Text
    unit: str
    decimals: int
    source: Source
    required: bool
    trust: Trust

    @property
    def is_text(self) -> bool:
        """Whether it holds words."""
        return self.source.origin is Origin.REGISTER and self.source.names[0] in TEXT_FIELDS

    @property
    def adds_up(self) -> bool:
        """Whether the figures of several institutions can be added up."""
        return not self.is_text


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet. ``by_month``: a column for each month of the period beside that of the whole."""

    id: str
    title: Text
    by_month: bool
    rows: Sequence[FormRow]

    def row(self, name: str) -> FormRow | None:
        """The row of this id; None where there is none."""
        return next((row for row in self.rows if row.id == name), None)


class CheckKind(StrEnum):
    """What a check asks."""

    MISSING = "missing"
    """Every row that is required has a figure."""
    COVERAGE = "coverage"
    """What a figure rests on is measured for at least ``low`` (0..1) of the time."""
    SUMS = "sums"
    """A sum that somebody wrote is that of its parts, or months, to within ``high`` %."""
    JUMP = "jump"
    """Against the same period a year before it changes by at most ``high`` %."""
    RATIO = "ratio"
    """Row by row ``per`` lies in ``low`` to ``high``: prices, intensities, slips of a unit."""
    REGISTER = "register"
    """A figure written by hand is within ``high`` % of what the register says."""
    QUARTERS = "quarters"
    """The year is the sum of its accepted quarters, to within ``high`` %."""


@dataclass(frozen=True, slots=True)
class FormCheck:
    """A check of a filled return.

    rows
        ``SHEET.ROW``; empty: all of which it can be asked.
    per
        ``SHEET.ROW`` of what a ratio is divided by.
    blocks
        Whether a return cannot be submitted before it holds; otherwise it is said, and people decide.
    """

    id: str
    kind: CheckKind
    title: Text
    rows: Sequence[str]
    per: str
    low: float
    high: float
    blocks: bool
    trust: Trust


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a form.

    version
        As people call it: ``2022``, ``2025-11``.
    code
        Its number in the statistics system; empty: not known.
    quarter_due_days
        Days after a quarter's last by which its return must be in.
    year_due
        Month and day of the following year by which the year's must be in.
    """

    id: str
    version: str
    title: Text
    cites: Citation
    code: str
    quarter_due_days: int
    year_due: tuple[int, int]
    due_trust: Trust
    sheets: Sequence[FormSheet]
    checks: Sequence[FormCheck]
    trust: Trust

    def rows(self) -> Iterator[tuple[str, FormSheet, FormRow]]:
        """Each row as ``SHEET.ROW``, its sheet and itself, in order."""
        for sheet in self.sheets:
            for row in sheet.rows:
                yield f"{sheet.id}.{row.id}", sheet, row

    def row(self, name: str) -> tuple[FormSheet, FormRow]:
        """The sheet and row of ``SHEET.ROW``. Raises NotFoundError where there is none."""
        for key, sheet, row in self.rows():
            if key == name:
                return sheet, row
        raise NotFoundError(f"a row must be one of the form {self.id} {self.version}, got {name!r}")
