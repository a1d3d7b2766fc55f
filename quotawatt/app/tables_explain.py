"""Explained hours and closed books as an auditor can follow them. Instants are local to the subject."""

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    local_time,
    percent,
    printable,
    table_console,
    table_of,
)
from quotawatt.app.texts_explain import explain_text
from quotawatt.settings import Settings

_SECONDS = "%Y-%m-%d %H:%M:%S"


def print_explained(answer: Row, settings: Settings) -> None:
    """Each hour: what made it, its sum, and what is stored."""
    lang, zone = settings.language, ZoneInfo(answer["timezone"])
    for hour in answer["hours"]:
        stored = hour["stored"]
        words = {
            "subject": answer["subject"],
            "measure": answer["measure"],
            "unit": answer["unit"],
            "start": local_time(hour["start"], zone),
            "zone": zone.key,
            "value": figure(hour["value"]),
            "quality": explain_text(f"quality_{hour['quality']}", lang),
            "coverage": percent(100 * stored["coverage"]),
        }
        columns = _part_columns(lang) if hour["parts"] else _step_columns(zone, lang)
        rows = hour["parts"] or hour["steps"]
        _print(rows, columns, explain_text("hour_title", lang, **words), "hour_nothing", lang)
        for reading in hour["left_out"]:
            at = local_time(reading["time"], zone, _SECONDS)
            shown = {**reading, "time": at, "shown": figure(reading["shown"])}
            _say("left_out", lang, **shown)
        sums = {"total": figure(hour["value"]), "stored": figure(stored["value"])}
        _say("hour_sum", lang, unit=answer["unit"], **sums)
        if sums["total"] != sums["stored"]:
            _say("hour_differs", lang)


def print_books(answer: Row, settings: Settings) -> None:
    """The sources or parts with what each gave, and the sum of the hours beside them."""
    lang, zone = settings.language, ZoneInfo(answer["timezone"])
    words = {
        "subject": answer["subject"],
        "measure": answer["measure"],
        "start": local_time(answer["from"], zone),
        "end": local_time(answer["until"], zone),
        "zone": zone.key,
    }
    parts = answer["parts"]
    columns = _sum_columns(lang) if parts else _section_columns(zone, lang)
    title = explain_text("books_title", lang, **words)
    _print(parts or answer["sections"], columns, title, "books_nothing", lang)
    for section in answer["sections"]:
        for event in section["events"]:
            _say("event", lang, unit=answer["unit"], **_event(event, zone, lang))
    unit = answer["unit"]
    total = "books_parts" if parts else "books_total"
    _say(total, lang, total=figure(answer["total"]), unit=unit)
    hours = {"hours": answer["hours"], "total": figure(answer["hours_total"])}
    _say("books_hours", lang, unit=unit, **hours)
    _say("books_difference", lang, difference=figure(answer["difference"]), unit=unit)


def figure(value: float | None) -> str:
    """A number with as many digits as tell it apart to a millionth."""
    if value is None:
        return NONE
    words = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


def _step_columns(zone: ZoneInfo, lang: str) -> list[Column]:
    return [
        Column("source", partial(_source, lang=lang)),
        Column("from", lambda r: local_time(r["start"], zone, _SECONDS), no_wrap=True),
        Column("to", lambda r: local_time(r["end"], zone, _SECONDS), no_wrap=True),
        Column("before", lambda r: figure(r["before"]), True, True),
        Column("after", lambda r: figure(r["after"]), True, True),
        Column("multiplier", lambda r: figure(r["multiplier"]), True, True),
        Column("rule", lambda r: explain_text(f"rule_{r['rule']}", lang)),
        Column("amount", lambda r: figure(r["amount"]), True, True),
        Column("share", lambda r: percent(100 * r["share"]), True, True),
        Column("use", lambda r: figure(r["use"]), True, True),
        Column("quality", lambda r: explain_text(f"quality_{r['quality']}", lang)),
    ]


def _part_columns(lang: str) -> list[Column]:
    return [
        Column("part", partial(_part, lang=lang)),
        Column("weight", lambda r: figure(r["weight"]), True, True),
        Column("value", lambda r: figure(r["value"]), True, True),
        Column("quality", lambda r: explain_text(f"quality_{r['quality']}", lang)),
        Column("coverage", lambda r: percent(100 * r["coverage"]), True, True),
    ]


def _section_columns(zone: ZoneInfo, lang: str) -> list[Column]:
    return [
        Column("source", partial(_source, lang=lang)),
        Column("opening_at", lambda r: _stand_time(r["opening"], zone), no_wrap=True),
        Column("opening", lambda r: _stand(r["opening"], lang), True, True),
        Column("closing_at", lambda r: _stand_time(r["closing"], zone), no_wrap=True),
        Column("closing", lambda r: _stand(r["closing"], lang), True, True),
        Column("multiplier", lambda r: figure(r["multiplier"]), True, True),
        Column("passed", lambda r: figure(r["passed"]), True, True),
    ]


def _sum_columns(lang: str) -> list[Column]:
    return [
        Column("part", partial(_part, lang=lang)),
        Column("hours", lambda r: str(r["hours"]), True, True),
        Column("use", lambda r: figure(r["use"]), True, True),
    ]


def _source(row: Row, lang: str) -> str:
    """Device and channel; what comes without a device by what it is."""
    if not row["device"]:
        return explain_text("no_device", lang)
    return " ".join(filter(None, (row["device"], row["channel"])))


def _part(row: Row, lang: str) -> str:
    return row["subject"] or explain_text("out_of_reach", lang)


def _stand_time(stand: Row | None, zone: ZoneInfo) -> str:
    return NONE if stand is None else local_time(stand["time"], zone, _SECONDS)


def _stand(stand: Row | None, lang: str) -> str:
    if stand is None:
        return NONE
    shown = figure(stand["shown"])
    return shown if stand["read"] else explain_text("between", lang, shown=shown)


def _event(event: Row, zone: ZoneInfo, lang: str) -> dict[str, str]:
    step = event["step"]
    return {
        "time": local_time(step["end"], zone, _SECONDS),
        "rule": explain_text(f"rule_{step['rule']}", lang),
        "before": figure(step["before"]),
        "after": figure(step["after"]),
        "adjustment": figure(event["adjustment"]),
    }


def _print(
    rows: Sequence[Row], columns: Sequence[Column], title: str, none: str, lang: str
) -> None:
    console = table_console()
    # Above the table, not in it: a narrow table would break it into pieces.
    console.print(printable(title), markup=False, highlight=False, soft_wrap=True)
    if rows:
        console.print(table_of(rows, columns, "", lang, console.width, explain_text))
    else:
        _say(none, lang)


def _say(key: str, lang: str, **values: object) -> None:
    words = printable(explain_text(key, lang, **values))
    table_console().print(words, markup=False, highlight=False, soft_wrap=True)
