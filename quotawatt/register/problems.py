"""What is wrong with rows of a register, as values: where it stands, which rule it breaks, what stands there.

Whoever reads rows gives each its place; whoever shows problems picks the language, or the cell to mark.
"""

from dataclasses import dataclass, replace
from datetime import date

from quotawatt.settings import Language

_SHOWN = 120
"""Signs of a value that a message shows."""
_WHOLE = 1e15


@dataclass(frozen=True, slots=True)
class Where:
    """A place in what was handed in.

    sheet
        The file or sheet as people know it (``meters.csv``), or what else the row came by.
    row
        From 1, the header included; None: the sheet as a whole.
    column
        The column by its name in ``rows``; empty: the row as a whole.
    """

    sheet: str
    row: int | None = None
    column: str = ""

    def at(self, column: str) -> "Where":
        """The cell of the row in this column."""
        return replace(self, column=column)

    def __str__(self) -> str:
        row = "" if self.row is None else f":{self.row}"
        return f"{self.sheet}{row} {self.column}".rstrip()


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, with a stable identifier and a text in each language.

    Texts may name terms in braces, which ``of`` fills in.
    """

    code: str
    en: str
    zh: str

    def of(self, **terms: object) -> "Rule":
        """The rule with its terms filled in; a pair is the term in English and in Chinese."""
        both = {n: t if isinstance(t, tuple) else (t, t) for n, t in terms.items()}
        english = {name: pair[0] for name, pair in both.items()}
        chinese = {name: pair[1] for name, pair in both.items()}
        return Rule(self.code, self.en.format(**english), self.zh.format(**chinese))


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that is broken, where, and the value that breaks it; None: there is none."""

    where: Where
    rule: Rule
    value: object = None

    def text(self, language: Language = "en") -> str:
        """``where: rule, got value``, in one line."""
        shown = _shown(self.value)
        if language == "zh":
            return f"{self.where}：{self.rule.zh}，{_got_zh(self.value, shown)}"
        return f"{self.where}: {self.rule.en}, got {'none' if shown is None else shown}"

    def __str__(self) -> str:
        return self.text("en")


class CellError(ValueError):
    """The text of a cell breaks a rule of its column; ``str`` is the rule in English."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.en)
        self.rule = rule


def _shown(value: object) -> str | None:
    if value is None:
        return None
    text = repr(value.isoformat() if isinstance(value, date) else value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _got_zh(value: object, shown: str | None) -> str:
    if shown is None:
        return "此处没有"
    if value == "":
        return "此处为空"
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return f"此处为 {int(value)}"  # as people wrote it
    return f"此处为“{shown[1:].removesuffix(shown[0])}”" if shown[0] in "'\"" else f"此处为 {shown}"
