"""A return as sheets of rows that a reader sees, in one language: for the workbook and for print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.register.finding_words import in_words
from quotawatt.returns.cells import BY_HAND, ESTIMATED, MISSING, Value, cell_id
from quotawatt.returns.periods import Period
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.forms import Form, FormRow, FormSheet, Origin
from quotawatt.rulebook.proposal import person_of
from quotawatt.settings import Language

_WORDS: Mapping[str, tuple[str, str]] = {
    "row": ("指标", "Row"),
    "unit": ("计量单位", "Unit"),
    "whole": ("合计", "Total"),
    "value": ("数值", "Value"),
    "note": ("说明", "Note"),
    "code_unknown": ("表号：未核实", "Form number: not verified"),
    "code": ("表号：{code}", "Form number: {code}"),
    "version": ("{version} 版", "version {version}"),
    "heading": ("填报单位：{name}　报告期：{period}", "Institution: {name}. Period: {period}"),
    "snapshot": ("编号：{number}", "Number: {number}"),
    "draft": ("未审核，仅供核对", "Not accepted; for checking only"),
    "head": ("单位负责人", "Head of the institution"),
    "statistician": ("统计负责人", "Responsible for statistics"),
    "filler": ("填表人", "Filled in by"),
    "phone": ("联系电话", "Telephone"),
    "day": ("填报日期", "Date"),
    "seal": ("（盖章）", "(seal)"),
    "quarter": ("{year} 年第 {quarter} 季度", "quarter {quarter} of {year}"),
    "year": ("{year} 年", "{year}"),
    MISSING: ("缺", "not known"),
    ESTIMATED: ("含估算，计量覆盖 {coverage:.0f}%", "partly estimated, {coverage:.0f} % measured"),
    BY_HAND: ("人工填写", "written by hand"),
    "trust": (
        "表式、计量单位未经原文核实。",
        "Layout and units of the form were not checked against the original.",
    ),
}
_IDENTIFIERS = ("kind", "level")
COLON = {"zh": "：", "en": ": "}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet: its title, unit, the values by column (the whole first) and what to say of it."""

    title: str
    unit: str
    decimals: int
    values: tuple[Value, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its column heads, the first two being row and unit, the last the note."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on a return beside its cells.

    issuer
        Name of the institution in the reader's language.
    number
        Of its snapshot; empty: it is not accepted.
    """

    issuer: str
    number: str
    submitted_by: str
    submitted_at: datetime | None


def word(key: str, language: Language, **values: Any) -> str:
    """A word of the form in a language."""
    return _WORDS[key][0 if language == "zh" else 1].format(**values)


def sheets_of(
    form: Form, period: Period, figures: Mapping[str, Mapping[str, Any]], language: Language
) -> list[Sheet]:
    """The sheets of a return. ``figures`` as ``cells.figures`` gives them and a snapshot holds them."""
    return [_sheet(sheet, period, figures, language) for sheet in form.sheets]


def title_of(form: Form, language: Language) -> str:
    """The form's title."""
    return form.title.in_language(language)


def lines_of(form: Form, period: Period, face: Face, language: Language) -> list[str]:
    """The lines under the title: number of the form, institution and period, number of the snapshot."""
    code = word("code", language, code=form.code) if form.code else word("code_unknown", language)
    version = word("version", language, version=form.version)
    said = period_words(period, language)
    standing = (
        word("snapshot", language, number=face.number) if face.number else word("draft", language)
    )
    return [
        f"{code}　{version}" if language == "zh" else f"{code}, {version}",
        word("heading", language, name=face.issuer, period=said),
        standing,
    ]


def signatures(face: Face, language: Language, zone: ZoneInfo) -> list[str]:
    """The labels of those who sign, with what is known of them."""
    day = "" if face.submitted_at is None else f"{face.submitted_at.astimezone(zone):%Y-%m-%d}"
    known = {"filler": person_of(face.submitted_by), "day": day}
    keys = ("head", "statistician", "filler", "phone", "day")
    return [word(key, language) + COLON[language] + known.get(key, "") for key in keys]


def period_words(period: Period, language: Language) -> str:
    """The period as people say it."""
    key = "quarter" if period.quarter else "year"
    return word(key, language, year=period.year, quarter=period.quarter)


def is_unverified(form: Form) -> bool:
    """Whether the form's layout was not read in its source."""
    return form.trust is not Trust.SOURCE


def shown(value: Value, decimals: int) -> str:
    """A value as it prints; empty where it is not known."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,.{decimals}f}"


def _sheet(
    sheet: FormSheet, period: Period, figures: Mapping[str, Mapping[str, Any]], language: Language
) -> Sheet:
    months: Sequence[str] = period.months if sheet.by_month else ()
    whole = "whole" if months else "value"
    ends = (word("row", language), word("unit", language), word(whole, language))
    return Sheet(
        title=sheet.title.in_language(language),
        heads=(*ends, *months, word("note", language)),
        rows=tuple(_row(sheet, row, months, figures, language) for row in sheet.rows),
    )


def _row(
    sheet: FormSheet,
    row: FormRow,
    months: Sequence[str],
    figures: Mapping[str, Mapping[str, Any]],
    language: Language,
) -> SheetRow:
    name = f"{sheet.id}.{row.id}"
    cells = [figures.get(cell_id(name, month), {}) for month in ("", *months)]
    return SheetRow(
        title=row.title.in_language(language),
        unit=row.unit,
        decimals=row.decimals,
        values=tuple(_said(row, cell.get("value"), language) for cell in cells),
        note=_note(cells[0], language),
    )


def _said(row: FormRow, value: Value, language: Language) -> Value:
    """A value as people read it: classes and levels stand in the register by identifier."""
    is_identifier = row.source.origin is Origin.REGISTER and row.source.names[0] in _IDENTIFIERS
    return in_words(value, language) if is_identifier and isinstance(value, str) else value


def _note(cell: Mapping[str, Any], language: Language) -> str:
    quality = cell.get("quality", MISSING)
    if quality not in _WORDS:
        return ""
    return word(quality, language, coverage=100 * cell.get("coverage", 0.0))
