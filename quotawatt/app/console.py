"""What the command line prints: tables for people, JSON for programs."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from quotawatt.app.texts import text
from quotawatt.errors import InputError
from quotawatt.settings import Settings, load_settings

stdout = Console()
stderr = Console(stderr=True)

HomeOption = Annotated[Path | None, typer.Option("--home", help="Home folder (default ./var).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
LanguageOption = Annotated[str | None, typer.Option("--lang", help="zh or en.")]

PIPED_WIDTH = 140
"""Piped output has no width of its own; at this width every column of every table can be read."""

NONE = "–"
"""Stands for a value that is not there."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    heading
        Key of the texts.
    cell
        What the column shows of a row; a plain text is shown as it is, never read as markup.
    right, no_wrap
        Numbers stand at the right; codes, instants and numbers with their unit are never broken.
    least
        Width of the console in characters from which the column is shown.
    """

    heading: str
    cell: Callable[[Row], RenderableType]
    right: bool = False
    no_wrap: bool = False
    least: int = 0


@dataclass
class Clauses:
    """Clauses in the order in which they are first cited, each with its number."""

    language: str
    cited: dict[tuple[str, str], Row] = field(default_factory=dict)

    def mark(self, clause: Row) -> str:
        """The number to print where the clause is cited."""
        key = (clause["instrument"], clause["clause"])
        self.cited.setdefault(key, clause)
        return f"[{list(self.cited).index(key) + 1}]"

    def lines(self) -> Iterator[str]:
        """Instrument, clause, our summary of it, and its trust mark."""
        for index, clause in enumerate(self.cited.values(), 1):
            words = clause["text"][self.language]
            yield f"[{index}] {clause_words(clause, self.language)}: {words}"

    def print_to(self, console: Console) -> None:
        """Print the lines as footnotes, set off from the table; nothing where none is cited."""
        if self.cited:
            console.print()
        for line in self.lines():
            console.print(line, markup=False, highlight=False)


def clause_words(clause: Row, language: str) -> str:
    """Number of the instrument, its title, and the clause, with its trust mark.

    The number is left out where it is the title, or stands in it.
    """
    title = clause["title"][language]
    where = text("where", language, instrument=title, clause=clause["name"][language])
    code, titles = clause["number"], clause["title"]
    said = code == titles["zh"] or code.replace("–", "-") in title
    return f"{'' if said else code + ' '}{where}{text(clause['trust'], language)}"


def settings_for(home: Path | None = None, language: str | None = None, **more: object) -> Settings:
    """Settings from the environment with the command's own options on top."""
    return load_settings(home=home, language=language, **more)


def show(rows: Sequence[Row], columns: Sequence[str], as_json: bool) -> None:
    """Print rows: as JSON, one object a line, or as a table of these columns."""
    if as_json:
        show_json(rows)
        return
    table = Table(*columns, header_style="bold")
    for row in rows:
        table.add_row(*[_cell(row.get(c)) for c in columns])
    stdout.print(table)


def show_json(rows: Iterable[Row]) -> None:
    """Print rows as JSON, one object a line."""
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=False))


def table_console() -> Console:
    """The terminal as wide as it is; a pipe has no width of its own and gets ``PIPED_WIDTH``."""
    if stdout.is_terminal or stdout.width >= PIPED_WIDTH:
        return stdout
    return Console(width=PIPED_WIDTH)


def table_of(
    rows: Iterable[Row],
    columns: Iterable[Column],
    title: str,
    language: str,
    width: int,
    words: Callable[..., str] = text,
) -> Table:
    """The rows as a table with its headings in the language, for a console of this width.

    ``words`` gives the text of a heading's key in a language.
    """
    shown = [c for c in columns if width >= c.least]
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for column in shown:
        table.add_column(
            words(column.heading, language),
            justify="right" if column.right else "left",
            no_wrap=column.no_wrap,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*[_plain(column.cell(row)) for column in shown])
    return table


def number(value: float | None, decimals: int = 0) -> str:
    """A number with its thousands set off."""
    return NONE if value is None else f"{value:,.{decimals}f}"


def significant(value: float, digits: int, sign: str = "") -> str:
    """A number to so many digits that count, thousands set off; never in powers of ten."""
    decimals = digits - 1 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:{sign},.{min(max(decimals, 0), 2 * digits)}f}"


def percent(value: float | None, sign: str = "") -> str:
    """A share in percent with one decimal; the sign ``+`` is for an excess."""
    return NONE if value is None else f"{value:{sign}.1f} %"


def local_time(instant: str | None, zone: ZoneInfo, form: str = "%Y-%m-%d %H:%M") -> str:
    """An ISO instant in the zone's time."""
    return NONE if instant is None else f"{datetime.fromisoformat(instant).astimezone(zone):{form}}"


def with_zone(text: str, option: str, settings: Settings) -> str:
    """A day as it is; an instant without a zone as one of the settings' zone."""
    if len(text) <= len("2026-03-01"):
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} must be a day or an instant in ISO 8601, got {text}") from None
    zone = ZoneInfo(settings.timezone)
    return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).isoformat()


def _plain(cell: RenderableType) -> RenderableType:
    """A text without the control characters that a device may have sent; anything else as it is."""
    if not isinstance(cell, str):
        return cell
    return Text(printable(cell))


_BLANKS = "\u00a0\u202f"


def printable(words: str) -> str:
    """A text with a mark in the place of each control character; blanks that do not break stay."""
    return "".join(c if c.isprintable() or c in _BLANKS else "�" for c in words)


def say(key: str, settings: Settings, **values: Any) -> None:
    """Print a line of ``texts`` in the reader's language, as it is."""
    words = text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _cell(value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)
