"""Listings of what came in and found no place: seen devices and dead letters."""

from zoneinfo import ZoneInfo

from quotawatt.app.console import NONE, Column, Row, local_time, printable, table_console, table_of
from quotawatt.app.texts import text
from quotawatt.settings import Settings


def print_devices(answer: Row, settings: Settings) -> None:
    """Devices that send what no binding names, with what they offer."""
    zone = ZoneInfo(settings.timezone)
    columns = [
        Column("device", lambda r: r["device"], no_wrap=True),
        Column("profile", lambda r: r["profile"], no_wrap=True),
        Column("topic", lambda r: r["topic"], least=130),
        Column("last_seen", lambda r: local_time(r["last_seen"], zone), no_wrap=True),
        Column("messages", lambda r: str(r["messages"]), True, True),
        Column("kept", _kept, True, True),
        Column("offers", lambda r: ", ".join(sorted({o["quantity"] for o in r["offers"]}))),
    ]
    _print(answer, columns, "devices", settings)


def print_device(device: Row, settings: Settings) -> None:
    """One device: since when, what it measures, and its last message."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    console = table_console()
    title = text(
        "device_title",
        lang,
        device=device["device"],
        profile=device["profile"],
        first=local_time(device["first_seen"], zone),
        last=local_time(device["last_seen"], zone),
        messages=device["messages"],
        kept=_kept(device),
    )
    columns = [
        Column("channel", lambda r: r["channel"] or NONE, no_wrap=True),
        Column("quantity", lambda r: r["quantity"], no_wrap=True),
        Column("value", lambda r: f"{r['value']:.12g}", True, True),
        Column("time", lambda r: local_time(r["time"], zone), no_wrap=True),
    ]
    console.print(title, markup=False, highlight=False)
    console.print(table_of(device["offers"], columns, "", lang, console.width))
    shown = printable(device["payload"])
    last = text("device_last", lang, topic=device["topic"], payload=shown)
    console.print(last, markup=False, highlight=False)


def print_deadletters(answer: Row, settings: Settings) -> None:
    """Messages that could not become readings, each with the reason, and how many by reason."""
    zone = ZoneInfo(settings.timezone)
    columns = [
        Column("number", lambda r: str(r["id"]), True, True),
        Column("arrived", lambda r: local_time(r["arrived"], zone), no_wrap=True),
        Column("reason", lambda r: r["reason"], no_wrap=True),
        Column("topic", lambda r: r["topic"]),
        Column("message", lambda r: r["message"]),
    ]
    _print(answer, columns, "deadletters", settings)
    reasons = ", ".join(f"{reason} {count}" for reason, count in answer["by_reason"].items())
    if reasons:
        table_console().print(reasons, markup=False, highlight=False)


def _kept(row: Row) -> str:
    """How many messages are kept, and, after a minus, how many had to go."""
    return f"{row['kept']} −{row['dropped']}" if row["dropped"] else str(row["kept"])


def _print(answer: Row, columns: list[Column], key: str, settings: Settings) -> None:
    """The table, or a sentence where there is nothing to show."""
    lang, console = settings.language, table_console()
    if not answer["items"]:
        console.print(text(f"{key}_none", lang))
        return
    title = text(f"{key}_title", lang, count=answer["total"], zone=settings.timezone)
    console.print(table_of(answer["items"], columns, title, lang, console.width))
