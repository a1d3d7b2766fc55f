"""The devices page's content: what came in and found no place, and how much has come in all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from api.queries import counts, page_of_rows
from api.services import Services
from quotawatt.register.model import Register
from quotawatt.storage.tables import dead_letters, seen_devices

MAX_DEVICES = 200
MAX_OFFERS = 8
TOTALS = (
    "messages_received",
    "readings_written",
    "readings_duplicate",
    "messages_kept",
    "kept_messages_dropped",
    "seen_devices_forgotten",
    "dead_letters_dropped",
    "messages_flood_dropped",
    "positions_exempt",
)
"""The counters that the page shows, in its order."""


@dataclass(frozen=True)
class SeenRow:
    """A device that sends what no binding names. ``more``: how many of its offers are not listed.

    channels
        Those of the offers that are listed, each once.
    """

    device: str
    profile: str
    topic: str
    last_seen: datetime
    messages: int
    kept: int
    dropped: int
    known: bool
    offers: list[Mapping[str, Any]]
    channels: list[str]
    more: int


@dataclass(frozen=True)
class ReasonRow:
    """The dead letters of one reason: how many, when the newest came, on what topic and why."""

    reason: str
    count: int
    arrived: datetime
    topic: str
    message: str


@dataclass(frozen=True)
class IntakePage:
    """All that the page shows. ``devices_total`` may be more than are listed."""

    now: datetime
    zone: ZoneInfo
    devices: list[SeenRow]
    devices_total: int
    reasons: list[ReasonRow]
    totals: Mapping[str, int]


def intake(services: Services) -> IntakePage:
    """The page. Raises StoreError where a store fails."""
    order = [seen_devices.c.last_seen.desc(), seen_devices.c.device]
    total, rows = page_of_rows(services.records, seen_devices, [], order, MAX_DEVICES, 0)
    register = services.register_source()
    stored = counts(services.records)
    return IntakePage(
        now=services.clock(),
        zone=ZoneInfo(services.settings.timezone),
        devices=[_seen_row(row, register) for row in rows],
        devices_total=total,
        reasons=_reasons(services),
        totals={name: stored.get(name, 0) for name in TOTALS},
    )


def _seen_row(row: Mapping[str, Any], register: Register) -> SeenRow:
    offers = row["offers"]
    return SeenRow(
        **{name: row[name] for name in ("device", "profile", "topic", "last_seen", "messages")},
        kept=row["kept"],
        dropped=row["dropped"],
        known=row["device"] in register.bound_channels,
        offers=[
            {**offer, "time": datetime.fromisoformat(offer["time"])}
            for offer in offers[:MAX_OFFERS]
        ],
        channels=list(dict.fromkeys(offer["channel"] for offer in offers[:MAX_OFFERS])),
        more=max(0, len(offers) - MAX_OFFERS),
    )


def _reasons(services: Services) -> list[ReasonRow]:
    grouped = select(
        func.max(dead_letters.c.id).label("newest"), func.count().label("count")
    ).group_by(dead_letters.c.reason)
    newest = grouped.subquery()
    columns = [dead_letters.c[name] for name in ("reason", "arrived", "topic", "message")]
    query = select(*columns, newest.c.count).join(newest, dead_letters.c.id == newest.c.newest)
    with services.records.connect() as conn:
        rows = conn.execute(query.order_by(newest.c.count.desc(), dead_letters.c.reason))
        return [ReasonRow(**row) for row in rows.mappings()]
