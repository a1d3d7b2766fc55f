"""A rule tried over history as tables: the thresholds side by side, then the alerts of each."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.console import Column, local_time, stdout, table_console, table_of
from quotawatt.app.texts_try import try_text
from quotawatt.settings import Settings

Row = Mapping[str, Any]

_COUNTS = ("subjects", "alerts", "cases", "firing_days", "most_at_once")


def print_trial(answer: Row, settings: Settings) -> None:
    """What the rule would have done: counts by threshold, and each alert with its begin, end and peak."""
    language, zone = settings.language, ZoneInfo(settings.timezone)
    first, until = (local_time(answer[end], zone) for end in ("from", "until"))
    name = answer["title"][language]
    stdout.print(
        try_text(
            "title",
            language,
            rule=answer["rule"],
            name=name,
            first=first,
            until=until,
            zone=zone.key,
        ),
        markup=False,
        highlight=False,
    )
    unit = "" if answer["unit"] == "1" else f" {answer['unit']}"
    columns = [
        *(Column(key, _figure(key, unit), True, True) for key in ("threshold", "clear")),
        *(Column(key, _count(key), True, True) for key in _COUNTS),
    ]
    _print(answer["trials"], columns, try_text("compared", language), settings)
    for trial in answer["trials"]:
        _print_spells(trial, unit, settings, zone)


def _print_spells(trial: Row, unit: str, settings: Settings, zone: ZoneInfo) -> None:
    language = settings.language
    threshold = f"{trial['threshold']:g}{unit}"
    title = try_text("spells", language, threshold=threshold)
    if not trial["spells"]:
        stdout.print(f"{title} {try_text('none', language)}", markup=False, highlight=False)
        return

    def ended(row: Row) -> str:
        known = row["ended_at"] is not None
        return local_time(row["ended_at"], zone) if known else try_text("still", language)

    def severity(row: Row) -> str:
        flapping = try_text("flapping", language) if row["flapping"] else ""
        return try_text(row["severity"], language) + flapping

    columns = [
        Column("began", lambda row: local_time(row["began_at"], zone), no_wrap=True),
        Column("ended", ended, no_wrap=True),
        Column("subject", lambda row: _subject(row, language)),
        Column("peak", _figure("peak", unit), True, True),
        Column("severity", severity, no_wrap=True),
    ]
    _print(trial["spells"], columns, title, settings)
    if trial["cut"]:
        stdout.print(try_text("cut", language, count=len(trial["spells"])), markup=False)


def _print(rows: Sequence[Row], columns: Sequence[Column], title: str, settings: Settings) -> None:
    console = table_console()
    console.print(table_of(rows, columns, title, settings.language, console.width, try_text))


def _subject(row: Row, language: str) -> str:
    return f"{row['name'][language]} {row['subject']}" if row["name"] else str(row["subject"])


def _figure(key: str, unit: str) -> Any:
    return lambda row: f"{row[key]:,.6g}{unit}"


def _count(key: str) -> Any:
    return lambda row: f"{row[key]:,}"
