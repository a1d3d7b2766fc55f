"""Entries, signed heads and proposals as tables. Instants are local; only ``--json`` shows UTC."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.table import Table
from rich.text import Text

from quotawatt.app.console import local_time, printable, table_console
from quotawatt.app.texts_ledger import ledger_text
from quotawatt.ledger.heads import SignedHead
from quotawatt.settings import Settings


def print_entries(items: Sequence[dict[str, Any]], settings: Settings) -> None:
    """Entries of the ledger, a line each."""
    zone = ZoneInfo(settings.timezone)
    rows = [
        (
            str(item["seq"]),
            local_time(item["at"], zone, "%Y-%m-%d %H:%M:%S"),
            item["actor"],
            item["action"],
            item["subject"],
        )
        for item in items
    ]
    _print(("seq", "at", "actor", "action", "subject"), rows, settings)


def print_heads(heads: Sequence[SignedHead], settings: Settings) -> None:
    """Signed heads, a line each."""
    rows = [(head.at.date().isoformat(), str(head.count), head.hash) for head in heads]
    _print(("day", "entries", "hash"), rows, settings)


def print_proposals(items: Sequence[dict[str, Any]], settings: Settings) -> None:
    """Proposed packs, a line each."""
    zone = ZoneInfo(settings.timezone)
    rows = [
        (
            str(item["id"]),
            item["name"],
            ledger_text(f"state_{item['state']}", settings.language),
            item["proposed_by"],
            local_time(item["proposed_at"], zone),
            item["decided_by"],
            item["comment"],
        )
        for item in items
    ]
    columns = ("seq", "pack", "state", "proposed_by", "proposed_at", "decided_by", "comment")
    _print(columns, rows, settings)


def _print(columns: Sequence[str], rows: Sequence[Sequence[str]], settings: Settings) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(ledger_text(column, settings.language), overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    table_console().print(table)
