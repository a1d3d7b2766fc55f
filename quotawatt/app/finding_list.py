"""Findings as a list to act on: by organisation, the gravest first, each with what to do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from quotawatt.app.console import local_time, printable, stdout
from quotawatt.app.texts_findings import finding_text
from quotawatt.settings import Settings

_STYLES = {"critical": "bold red", "warning": "yellow", "info": "dim"}

Row = Mapping[str, Any]


def print_finding_list(items: Iterable[Row], settings: Settings, scope: str = "") -> None:
    """Print findings under the organisations that answer for them, in the order in which they come.

    ``scope`` is the key of the text that says below what was counted; empty: nothing is said.
    """
    rows = list(items)
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    if not rows:
        _line(finding_text("none", lang))
        return
    _line(finding_text("listed", lang, count=len(rows), zone=zone.key))
    for group in _grouped(rows).values():
        _line("")
        _line(_heading(group, lang), "bold")
        for row in group:
            _print_one(row, lang, zone)
    if scope:
        _line("")
        _line(finding_text(scope, lang), "dim")
    if any(row["state"] == "open" for row in rows):
        _line("")
        _line(finding_text("how", lang), "dim")


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """By organisation, in the order of the gravest finding of each."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["organisation"] or "", []).append(row)
    return found


def _heading(group: list[Row], language: str) -> str:
    first = group[0]
    if first["organisation"] is None:
        return f"{finding_text('nobody', language)}: {len(group)}"
    names = first["organisation_name"]
    name = "" if names is None else names[language]
    values = {"name": name, "code": first["organisation"], "count": len(group)}
    return finding_text("group", language, **values).strip()


def _print_one(row: Row, language: str, zone: ZoneInfo) -> None:
    since = finding_text("since", language, since=local_time(row["first_seen"], zone, "%Y-%m-%d"))
    urgency = finding_text(row["severity"], language)
    head = Text(f"  #{row['id']} [{urgency}] ", style=_STYLES.get(row["severity"], ""))
    head.append(f"{row['title'][language]} ", style="bold")
    head.append(f"({since})", style="dim")
    stdout.print(head, soft_wrap=True)
    for line in _lines(row, language, zone):
        _line(f"      {line}")


def _lines(row: Row, language: str, zone: ZoneInfo) -> Iterator[str]:
    yield row["sentence"][language]
    if row["state"] == "open" and row["action"][language]:
        yield f"→ {row['action'][language]}"
    if row["state"] == "accepted":
        at = local_time(row["accepted_at"], zone, "%Y-%m-%d")
        values = {"actor": row["accepted_by"], "at": at, "reason": row["reason"]}
        yield finding_text("accepted", language, **values)
    if row["state"] == "cleared":
        yield finding_text("cleared", language, at=local_time(row["cleared_at"], zone))


def _line(words: str, style: str = "") -> None:
    """One line as it is; what a device may have sent in it is made printable."""
    stdout.print(printable(words), style=style, markup=False, highlight=False, soft_wrap=True)
