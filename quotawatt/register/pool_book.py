"""Offers and requests of the pool in the record store: reading, locking, moving, and noting each step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.register import pool_states as states
from quotawatt.storage.pool_tables import pool_offers, pool_requests, pool_steps

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and what they say of it.

    day
        Local day from which the register follows; for handing over and giving back.
    """

    actor: str
    at: datetime
    note: str = ""
    day: date | None = None


def read_offer(conn: Connection, number: int) -> Row:
    """The offer of this number. Raises NotFoundError where there is none."""
    return _one(conn, pool_offers, number, "an offer")


def read_request(conn: Connection, number: int) -> Row:
    """The request of this number. Raises NotFoundError where there is none."""
    return _one(conn, pool_requests, number, "a request")


def steps_of(conn: Connection, number: int) -> list[Row]:
    """What was done with an offer, in order."""
    chosen = select(pool_steps).where(pool_steps.c.offer == number).order_by(pool_steps.c.id)
    return [dict(row) for row in conn.execute(chosen).mappings()]


def offered_assets(conn: Connection) -> frozenset[str]:
    """Codes of the assets whose offer is not closed."""
    return frozenset(
        conn.execute(
            select(pool_offers.c.open_asset).where(pool_offers.c.open_asset.is_not(None))
        ).scalars()
    )


def locked_offer(conn: Connection, number: int) -> Row:
    """The offer, held against all other deeds until the transaction ends."""
    conn.execute(select(pool_offers.c.id).where(pool_offers.c.id == number).with_for_update())
    return read_offer(conn, number)


def move_offer(conn: Connection, offer: Row, action: str, **values: Any) -> Row:
    """The offer after an action, with ``values`` in its columns. Raises StateError where it does not fit."""
    state = states.moved(states.OFFER_MOVES, offer["state"], action, "an offer")
    if states.is_closed(state, offer["term"]):
        values["open_asset"] = None
    mine = pool_offers.c.id == offer["id"]
    conn.execute(update(pool_offers).where(mine).values(state=state, **values))
    return read_offer(conn, offer["id"])


def move_request(conn: Connection, request: Row, action: str, **values: Any) -> Row:
    """The request after an action. Raises StateError where it does not fit."""
    state = states.moved(states.REQUEST_MOVES, request["state"], action, "a request")
    mine = pool_requests.c.id == request["id"]
    conn.execute(update(pool_requests).where(mine).values(state=state, **values))
    return read_request(conn, request["id"])


def lapse_others(conn: Connection, number: int, act: Act) -> None:
    """Whoever still asks for the offer is left without."""
    for request in requests_of(conn, number):
        if request["state"] == states.ASKED:
            move_request(conn, request, "lapse", decided_at=act.at, decided_by=act.actor)


def requests_of(conn: Connection, number: int) -> list[Row]:
    """The requests for an offer, in order."""
    chosen = select(pool_requests).where(pool_requests.c.offer == number)
    return [dict(row) for row in conn.execute(chosen.order_by(pool_requests.c.id)).mappings()]


def _one(conn: Connection, table: Table, number: int, what: str) -> Row:
    row = conn.execute(select(table).where(table.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"{what} of the pool must exist by its number, got {number}")
    return dict(row)


def note_step(conn: Connection, offer: Row, action: str, organisation: str, act: Act) -> None:
    """Put down what was done with an offer, by which organisation."""
    row = {
        "offer": offer["id"],
        "action": action,
        "at": act.at,
        "actor": act.actor,
        "organisation": organisation,
        "day": act.day,
        "note": act.note,
    }
    conn.execute(insert(pool_steps).values(row))


def record_deed(
    conn: Connection,
    action: str,
    offer: Row,
    act: Act,
    before: Row | None,
    request: Row | None = None,
) -> None:
    """The ledger entry of a deed: its subject is the asset, with how the offer stood before and after."""
    detail = {"offer": offer["id"], "holder": offer["holder"], "term": offer["term"]}
    if request is not None:
        detail |= {name: request[name] for name in ("organisation", "purpose", "reason")}
        detail |= {"request": request["id"], "request_state": request["state"]}
    Ledger(conn.engine).append(
        conn,
        at=act.at,
        actor=act.actor,
        action=action,
        subject=offer["asset"],
        detail={**detail, "note": act.note, "day": act.day and act.day.isoformat()},
        before=None if before is None else _standing(before),
        after=_standing(offer),
    )


def _standing(offer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: offer[name] for name in ("state", "taker")}
