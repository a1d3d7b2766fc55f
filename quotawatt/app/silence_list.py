"""Silences as lists for people. Instants are local to the zone of the settings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.console import local_time, printable, stdout
from quotawatt.app.texts import text
from quotawatt.app.texts_silences import silence_text
from quotawatt.settings import Settings

Row = Mapping[str, Any]

_CHOICES = ("weekdays", "month_days", "working_days")


def print_silences(rows: Sequence[Row], settings: Settings) -> None:
    """Silences in the order in which they come."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    if not rows:
        _line(silence_text("none", lang))
        return
    _line(silence_text("listed", lang, count=len(rows), zone=zone.key))
    for row in rows:
        for line in _silence_lines(row, lang, zone):
            _line(line)


def print_preview(shown: Row, settings: Settings) -> None:
    """The next windows, and the open cases that are matched now."""
    lang, zone = settings.language, ZoneInfo(shown["zone"])
    key = "windows" if shown["windows"] else "no_windows"
    _line(silence_text(key, lang, zone=zone.key))
    for window in shown["windows"]:
        _line(f"  {_span(window['start'], window['end'], lang, zone)}")
    key = "cases" if shown["total"] else "no_cases"
    _line(silence_text(key, lang, count=shown["total"]))
    for case in shown["cases"]:
        severity = text(f"severity_{case['severity']}", lang)
        _line(f"  #{case['number']} [{severity}] {case['rule']} {case['subject']}")


def _silence_lines(row: Row, lang: str, zone: ZoneInfo) -> Iterator[str]:
    words = f"{silence_text(row['kind'], lang)} · {silence_text(row['state'], lang)}"
    yield f"#{row['id']} {words} · {_span(row['starts_at'], row['ends_at'], lang, zone)}"
    matched = (
        f"{silence_text(name, lang)}: {', '.join(codes)}" for name, codes in row["matchers"].items()
    )
    yield f"    {'; '.join(matched)}"
    if row["recurrence"] is not None:
        yield f"    {_recurrence(row['recurrence'], lang)}"
    yield f"    {silence_text('by', lang, actor=row['created_by'], comment=row['comment'])}"
    if row["ended_at"] is not None:
        at = local_time(row["ended_at"], zone)
        yield f"    {silence_text('ended_by', lang, actor=row['ended_by'], at=at)}"


def _recurrence(given: Row, lang: str) -> str:
    chosen = any(given[name] for name in _CHOICES)
    days = [] if chosen and given["days"] == "all" else [silence_text(given["days"], lang)]
    for name in _CHOICES:
        if given[name]:
            numbers = ", ".join(str(number) for number in given[name])
            days.append(silence_text(name, lang, numbers=numbers))
    joined = "; ".join(days)
    if (given["from"], given["until"]) == ("00:00", "00:00"):
        return silence_text("recurring_whole_days", lang, days=joined)
    return silence_text("recurring", lang, days=joined, start=given["from"], end=given["until"])


def _span(start: str, end: str, lang: str, zone: ZoneInfo) -> str:
    return silence_text("span", lang, start=local_time(start, zone), end=local_time(end, zone))


def _line(words: str) -> None:
    stdout.print(printable(words), markup=False, highlight=False, soft_wrap=True)
