"""What the command line prints: tables for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from quotawatt.settings import Settings, load_settings

stdout = Console()
stderr = Console(stderr=True)

HomeOption = Annotated[Path | None, typer.Option("--home", help="Home folder (default ./var).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
LanguageOption = Annotated[str | None, typer.Option("--lang", help="zh or en.")]


def settings_for(home: Path | None = None, language: str | None = None, **more: object) -> Settings:
    """Settings from the environment with the command's own options on top."""
    return load_settings(home=home, language=language, **more)


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], as_json: bool) -> None:
    """Print rows: as JSON, one object a line, or as a table of these columns."""
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    table = Table(*columns, header_style="bold")
    for row in rows:
        table.add_row(*[_cell(row.get(c)) for c in columns])
    stdout.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)
