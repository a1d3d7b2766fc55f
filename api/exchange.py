"""What other platforms get and got, for the routes of the exchange."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from api.access import Permit
from api.params import today_of
from api.queries import page_of_seen_rows
from api.services import Services
from quotawatt.errors import InputError, NotFoundError
from quotawatt.exchange.documents import MONTH_1
from quotawatt.exchange.making import return_document
from quotawatt.exchange.pushing import form_of_snapshot
from quotawatt.exchange.tables import energy_codes
from quotawatt.issued import issued_after
from quotawatt.quantities import COUNTERS, QUANTITIES
from quotawatt.readings import Grain
from quotawatt.returns.periods import month_days
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.returns_tables import exchange_outbox

Row = dict[str, Any]

_NAMES = ("code", "name_zh", "name_en", "kind", "level")


def documents(services: Services, permit: Permit, since: int, limit: int) -> Row:
    """Accepted returns within reach after a cursor, the oldest first, and the next cursor."""
    book = services.rulebook
    with services.records.connect() as conn:
        page = issued_after(conn, since, limit)
    return {
        "cursor": max((one.id for one in page), default=since),
        "items": [
            return_document(one, form_of_snapshot(one, book))
            for one in page
            if one.kind in book.forms and permit.sees(one.subject)
        ],
    }


def months(services: Services, permit: Permit, first: date) -> list[Row]:
    """What each organisation within reach used in the month that begins on ``first``.

    Raises InputError where the month has not begun.
    """
    if first > today_of(services):
        raise InputError(f"a month must have begun, got {first:%Y-%m}")
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    codes = [code for code in sorted(register.organisations) if permit.sees(code)]
    _, until = month_days(f"{first:%Y-%m}")
    span = Span(local_midnight(first, zone), local_midnight(until, zone))
    table = services.series.sum_results(Grain.DAY, codes, sorted(COUNTERS), span)
    days = (until - first).days
    uses: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        if row["value"] is not None:
            name = row["measure"]
            uses[row["subject"]].append(
                {
                    "measure": name,
                    "unit": QUANTITIES[name].unit,
                    "value": row["value"],
                    "coverage": row["coverage"] * min(row["intervals"] / days, 1.0),
                    "energy": energy_codes().get(name, ""),
                }
            )
    now = services.clock().isoformat()
    return [
        {
            "schema": MONTH_1,
            "organisation": {n: getattr(register.organisations[code], n) for n in _NAMES},
            "month": f"{first:%Y-%m}",
            "as_of": now,
            "uses": uses[code],
        }
        for code in codes
        if code in uses
    ]


def sent_page(
    services: Services, permit: Permit, state: str | None, limit: int, offset: int
) -> tuple[int, list[Row]]:
    """How many documents are or were to be sent, in a state (None: any), and a page of them."""
    t = exchange_outbox.c
    conditions = {
        None: [],
        "waiting": [t.delivered_at.is_(None), t.failed_at.is_(None)],
        "sent": [t.delivered_at.is_not(None)],
        "given_up": [t.failed_at.is_not(None)],
    }[state]
    total, rows = page_of_seen_rows(
        services.records,
        exchange_outbox,
        t.organisation,
        permit.sees,
        conditions,
        [t.id.desc()],
        limit,
        offset,
    )
    return total, [_sent(row) for row in rows]


def sent_item(services: Services, permit: Permit, number: int) -> Row:
    """One document that is or was to be sent. Raises NotFoundError where there is none within reach."""
    chosen = select(exchange_outbox).where(exchange_outbox.c.id == number)
    with services.records.connect() as conn:
        row = conn.execute(chosen).mappings().one_or_none()
    if row is None or not permit.sees(row["organisation"]):
        raise NotFoundError(f"a document sent must exist by its number, got {number}")
    return _sent(dict(row))


def _sent(row: Row) -> Row:
    kept = {name: value for name, value in row.items() if name not in ("id", "body")}
    state = "sent" if row["delivered_at"] else "given_up" if row["failed_at"] else "waiting"
    return {**kept, "number": row["id"], "state": state}
