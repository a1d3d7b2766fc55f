"""Channels, outbox and inbox as lists for people. Instants are local to the zone of the settings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.console import local_time, printable, stdout
from quotawatt.app.texts_channels import channel_text
from quotawatt.settings import Settings

Row = Mapping[str, Any]


def print_specs(rows: Sequence[Row], settings: Settings) -> None:
    """Channels as a file sets them up: ``name``, ``kind``, ``address``."""
    lang = settings.language
    _line(channel_text("sound", lang, count=len(rows)))
    for row in rows:
        whose = channel_text(row["address"] or "group", lang)
        _line(f"  {row['name']} · {row['kind']} · {whose}")


def print_channels(rows: Sequence[Row], settings: Settings) -> None:
    """Channels as the API shows them, and how they stand."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    for row in rows:
        whose = channel_text(row["address"] or "group", lang)
        kind = row["kind"] or channel_text("not_set_up", lang)
        _line(f"{row['name']} · {kind} · {whose} · {channel_text('counts', lang, **row)}")
        if row["failing_since"] is not None:
            since = local_time(row["failing_since"], zone)
            at = local_time(row["next_try_at"], zone)
            _line(f"    {channel_text('fails', lang, since=since, next=at, error=row['error'])}")


def print_messages(rows: Sequence[Row], settings: Settings) -> None:
    """Messages of the outbox in the order in which they come."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    if not rows:
        _line(channel_text("no_messages", lang))
        return
    _line(channel_text("messages", lang, count=len(rows), zone=zone.key))
    for row in rows:
        for line in _message_lines(row, lang, zone):
            _line(line)


def print_inbox(page: Row, settings: Settings) -> None:
    """One's own messages, the newest first."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    if not page["items"]:
        _line(channel_text("inbox_empty", lang))
        return
    told = {"count": page["total"], "unread": page["unread"], "zone": zone.key}
    _line(channel_text("inbox", lang, **told))
    for item in page["items"]:
        mark = "" if item["read_at"] else f" · {channel_text('unread', lang)}"
        _line(f"#{item['id']} {local_time(item['created_at'], zone)}{mark} · {item['title']}")
        for line in item["text"].splitlines():
            _line(f"    {line}")


def _message_lines(row: Row, lang: str, zone: ZoneInfo) -> Iterator[str]:
    state = channel_text(row["state"], lang)
    at = local_time(row["delivered_at"] or row["failed_at"] or row["created_at"], zone)
    yield f"#{row['id']} {at} · {state} · {row['channel']} · {row['recipient']}"
    if row["cases"]:
        numbers = ", ".join(f"#{number}" for number in row["cases"])
        yield f"    {channel_text('cases', lang, numbers=numbers)}"
    if row["last_error"]:
        yield f"    {channel_text('tries', lang, tries=row['tries'], error=row['last_error'])}"
    if row["state"] == "delayed":
        next_try = local_time(row["next_try_at"], zone)
        yield f"    {channel_text('next_try', lang, at=next_try)}"
    yield f"    {channel_text('key', lang, stable=row['key'])}"


def _line(words: str) -> None:
    stdout.print(printable(words), markup=False, highlight=False, soft_wrap=True)
