"""What the analytics find as tables for people: findings first, then figures, then one sentence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from analytics.overuse.telling import is_gauge
from quotawatt.app.baseline_report import series_line
from quotawatt.app.console import (
    NONE,
    Column,
    local_time,
    number,
    percent,
    printable,
    significant,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_analytics import analytics_text
from quotawatt.settings import Settings

Row = Mapping[str, Any]

_STYLES = {"disqualifies": "bold red", "warns": "yellow"}
_NO_BREAK = "\u00a0"


def print_series(row: dict[str, Any], settings: Settings) -> None:
    """Which series it is, in one line."""
    words = series_line(row, settings.language)
    stdout.print(printable(words), markup=False, highlight=False, soft_wrap=True)


def print_findings(rows: Sequence[Row], settings: Settings) -> None:
    """Each finding in a sentence with what to do, and whether it disqualifies."""
    language = settings.language
    for row in rows:
        weight = analytics_text(row["weight"], language)
        stdout.print(
            f"[{weight}] {printable(_said(row['sentence'], language))}",
            style=_STYLES[row["weight"]],
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        if row["weight"] == "disqualifies" and row.get("action"):
            stdout.print(f"    → {_said(row['action'], language)}", markup=False, highlight=False)
    if any(row["weight"] == "disqualifies" for row in rows):
        line("insufficient", settings)


def _said(words: Mapping[str, str] | str, language: str) -> str:
    """Words by language, or those of the one that was asked for."""
    return words if isinstance(words, str) else words[language]


def print_models(baseline: Row, settings: Settings) -> None:
    """The candidates side by side, and which one was chosen."""

    def mark(row: Row) -> str:
        return "✓" if row["kind"] == baseline["kind"] else ""

    rows = [{"kind": kind, **fit} for kind, fit in baseline["compared"].items()]
    rows.sort(key=lambda row: (row["cv_rmse_pct"] is None, row["cv_rmse_pct"]))
    columns = [
        Column("kind", lambda row: str(row["kind"]), no_wrap=True),
        Column("r2", lambda row: decimals(row["r2"], 4), True, True),
        Column("cv_rmse", lambda row: _share(row["cv_rmse_pct"]), True, True),
        Column("nmbe", lambda row: _share(row["nmbe_pct"]), True, True),
        Column("n", lambda row: number(row["n"]), True, True),
        Column("chosen", mark),
    ]
    print_table(rows, columns, "models", settings)
    inside, across = baseline["in_sample"], baseline["cross_validated"]
    line(
        "verdict_fit",
        settings,
        kind=baseline["kind"],
        r2=decimals(inside["r2"], 4),
        cv_rmse=_share(inside["cv_rmse_pct"]),
        cv_cv_rmse=_share(across["cv_rmse_pct"]),
    )


def print_baselines(rows: Sequence[Row], settings: Settings) -> None:
    """The stored baselines, how well they fit, or that there is none."""
    zone, language = ZoneInfo(settings.timezone), settings.language

    def figure(row: Row, key: str) -> float | None:
        held = row["figures"]["cross_validated"]
        return None if held is None else held[key]

    columns = [
        Column("subject", lambda row: str(row["name"][language])),
        Column("measure", lambda row: str(row["measure"])),
        Column("kind", lambda row: row["kind"] or NONE, no_wrap=True),
        Column("cv_rmse", lambda row: _share(figure(row, "cv_rmse_pct")), True, True),
        Column("nmbe", lambda row: _share(figure(row, "nmbe_pct")), True, True),
        Column("version", lambda row: str(row["version"]), True, True),
        Column("as_of", lambda row: local_time(row["as_of"], zone, "%Y-%m-%d"), no_wrap=True),
        Column("state", lambda row: analytics_text(f"state_{row['state']}", language)),
    ]
    print_table(rows, columns, "baselines", settings)


def print_anomalies(rows: Sequence[Row], zone: ZoneInfo, settings: Settings) -> None:
    """Events by start, each with its sentence; last how many there are."""
    language = settings.language
    if not rows:
        line("no_anomalies", settings)
        return

    def ended(row: Row) -> str:
        return (
            analytics_text("still", language)
            if row["state"] == "open"
            else local_time(row["end"], zone)
        )

    columns = [
        Column("since", lambda row: local_time(row["start"], zone), no_wrap=True),
        Column("until", ended, no_wrap=True),
        Column("size", lambda row: f"{significant(_size(row), 4, '+')} {row['unit']}", True, True),
        Column("share", lambda row: percent(_part(row), "+"), True, True),
        Column("confidence", lambda row: f"{row['confidence']:.2f}", True, True),
        Column("what", lambda row: str(row["sentence"][language]).replace(_NO_BREAK, " ")),
    ]
    print_table(rows, columns, "anomalies", settings)
    open_ones = sum(1 for row in rows if row["state"] == "open")
    line("verdict_anomalies", settings, count=len(rows), open=open_ones)


def print_forecast(answer: Row, zone: ZoneInfo, settings: Settings) -> None:
    """The day's hours with their band, and what the day comes to."""
    unit = answer["unit"]
    columns = [
        Column("hour_of_day", lambda row: local_time(row["start"], zone, "%H:%M"), no_wrap=True),
        *(Column(key, amount(key, unit), True, True) for key in ("expected", "low", "high")),
        Column("temperature", lambda row: decimals(row["temperature_c"], 1), True, True),
    ]
    print_table(answer["hours"], columns, "forecast", settings, day=answer["day"])
    line(f"basis_{answer['basis']}", settings)
    line(f"weather_{answer['weather']}", settings)
    if not answer["calendar_known"]:
        line("calendar_unknown", settings)
    figures = {key: _told(answer[key]) for key in ("total", "total_low", "total_high")}
    level = round(100 * answer["level"])
    line("verdict_forecast", settings, unit=unit, level=level, **figures)


def _told(value: float | None) -> str:
    return NONE if value is None else significant(value, 3)


def _size(row: Row) -> float:
    """The size of an event: of what adds up over time its sum, of a temperature its mean."""
    size = float(row["size"])
    return size / max(1, row["hours"]) if is_gauge(row["measure"]) else size


def _part(row: Row) -> float | None:
    """The size of an event in percent of what was expected in its hours; None of nothing or less."""
    return 100 * row["size"] / row["expected"] if row["expected"] > 0 else None


def print_table(
    rows: Iterable[Row], columns: Sequence[Column], title: str, settings: Settings, **values: object
) -> None:
    """A table under the title of this key."""
    console = table_console()
    heading = analytics_text(title, settings.language, **values)
    console.print(
        table_of(rows, columns, heading, settings.language, console.width, analytics_text)
    )


def line(key: str, settings: Settings, **values: object) -> None:
    """One line of the texts in the reader's language, as it is."""
    words = analytics_text(key, settings.language, **values)
    stdout.print(printable(words), markup=False, highlight=False, soft_wrap=True)


def say_written(paths: Iterable[Path | None], settings: Settings) -> None:
    """Say which files were written."""
    for path in paths:
        if path is not None:
            line("saved", settings, path=path)


def amount(key: str, unit: str) -> Callable[[Row], str]:
    """How a column of this key is written, in the unit."""
    tail = f" {unit}" if unit else ""
    return lambda row: NONE if row[key] is None else f"{significant(row[key], 5)}{tail}"


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f} %"


def decimals(value: float | None, places: int) -> str:
    """The number to so many places; a dash where it is not known."""
    return NONE if value is None else f"{value:.{places}f}"
