"""Coal equivalent beside figures of energy, and the lines that say by which factors it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from quotawatt.app.console import NONE, Row, number
from quotawatt.app.texts_quota import quota_text
from quotawatt.settings import Language


@dataclass
class CoalNotes:
    """The factor sets by which rows are converted, in the order in which they are first met."""

    language: Language
    met: list[str] = field(default_factory=list)

    def cell(self, row: Row) -> str:
        """Tons of coal equivalent with the letter of the factors.

        A dash for what is no energy, and where no factors convert it.
        """
        if row["tce"] is None:
            return NONE
        by = coal_by(row, self.language)
        if by not in self.met:
            self.met.append(by)
        return f"{number(row['tce'], 2)} [{_letter(self.met.index(by))}]"

    def lines(self) -> Iterator[str]:
        """A line for each letter: the factor set, and how it counts electricity."""
        for index, by in enumerate(self.met):
            yield quota_text("coal_note", self.language, letter=_letter(index), by=by)


def coal_words(row: Row, language: Language) -> str:
    """An amount in kgce and tce with its factor set and basis; empty where nothing converts it."""
    if row["kgce"] is None:
        return ""
    figures = {"kgce": number(row["kgce"], 1), "tce": number(row["tce"], 2)}
    return quota_text("coal", language, **figures, by=coal_by(row, language))


def coal_by(row: Row, language: Language) -> str:
    """The factor set of a row, and whether it counts electricity 当量 or 等价."""
    if not row["basis"]:
        return str(row["factor_set"])
    basis = quota_text(f"basis_{row['basis']}", language)
    return quota_text("coal_by", language, factor_set=row["factor_set"], basis=basis)


def _letter(index: int) -> str:
    return chr(ord("a") + index)
