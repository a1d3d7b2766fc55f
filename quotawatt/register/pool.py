"""The pool of shared assets (公物仓): offering, asking, deciding, handing over, receiving, giving back.

Each deed is one transaction with its step, its ledger entry and, where the asset changes hands, the dated
change of the register: all of it or nothing. Every deed locks the offer first, so of two that exclude each
other one wins and the other is refused. Who may act for which organisation is for the caller to ask.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.register import pool_states as states
from quotawatt.register.editing import judged
from quotawatt.register.handing import given_back, passed_on
from quotawatt.register.model import Equipment, Register, Space, Vehicle
from quotawatt.register.pool_book import (
    Act,
    Row,
    lapse_others,
    locked_offer,
    move_offer,
    move_request,
    note_step,
    read_offer,
    read_request,
    record_deed,
    requests_of,
    steps_of,
)
from quotawatt.register.repository import Deed, RegisterSource, change_within
from quotawatt.storage.pool_tables import pool_offers, pool_requests

OFFERABLE = ("in_use", "idle")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an asset is offered.

    term
        ``lend`` or ``transfer``. ``lend_until`` is the first day on which it is to be back; None: open.
    location
        Where it can be fetched. ``condition`` says how it is.
    """

    term: str
    lend_until: date | None = None
    location: str = ""
    condition: str = ""


def offer_asset(engine: Engine, register: Register, code: str, terms: Terms, act: Act) -> Row:
    """Offer equipment, a room or a vehicle of the register. Returns the offer.

    Raises NotFoundError for an unknown code, InputError for what cannot be offered or terms that do not fit,
    StateError where the asset is offered already.
    """
    holder = _require_offerable(register, code)
    _require_terms(terms, act)
    row = {
        **asdict(terms),
        "asset": code,
        "open_asset": code,
        "holder": holder,
        "state": states.OFFERED,
        "offered_at": act.at,
        "offered_by": act.actor,
    }
    try:
        with engine.begin() as conn:
            number = conn.execute(insert(pool_offers).values(row)).inserted_primary_key
            assert number is not None
            offer = read_offer(conn, number[0])
            note_step(conn, offer, "offer", holder, act)
            record_deed(conn, "pool_offered", offer, act, before=None)
    except IntegrityError:
        raise StateError(f"an asset must be offered once at a time, got {code} again") from None
    return offer


def withdraw_offer(engine: Engine, number: int, act: Act) -> Row:
    """Take an offer back; whoever asks for it is left without. Returns the offer."""
    with engine.begin() as conn:
        offer = locked_offer(conn, number)
        after = move_offer(conn, offer, "withdraw", closed_at=act.at)
        lapse_others(conn, number, act)
        note_step(conn, offer, "withdraw", offer["holder"], act)
        record_deed(conn, "pool_withdrawn", after, act, before=offer)
    return after


def ask_for(
    engine: Engine, register: Register, number: int, organisation: str, purpose: str, act: Act
) -> Row:
    """An organisation asks for what is offered. Returns the request.

    Raises NotFoundError for an unknown number or organisation, StateError where it is its own, is not
    offered any more, or was asked for by it already.
    """
    if organisation not in register.organisations:
        raise NotFoundError(f"an organisation must be one of the register, got {organisation!r}")
    with engine.begin() as conn:
        offer = locked_offer(conn, number)
        if offer["state"] not in (states.OFFERED, states.RESERVED):
            raise StateError(f"an offer must be open to be asked for, got {offer['state']}")
        if offer["holder"] == organisation:
            raise StateError(
                f"an organisation must not ask for what is its own, got {organisation}"
            )
        live = (states.ASKED, states.ACCEPTED)
        if any(
            r["organisation"] == organisation and r["state"] in live
            for r in requests_of(conn, number)
        ):
            raise StateError(
                f"an organisation must ask once for an offer, got {organisation} again"
            )
        row = {
            "offer": number,
            "organisation": organisation,
            "purpose": purpose,
            "state": states.ASKED,
            "requested_at": act.at,
            "requested_by": act.actor,
        }
        key = conn.execute(insert(pool_requests).values(row)).inserted_primary_key
        assert key is not None
        request = read_request(conn, key[0])
        note_step(conn, offer, "request", organisation, act)
        record_deed(conn, "pool_requested", offer, act, before=offer, request=request)
    return request


def decide(engine: Engine, request_number: int, accepted: bool, act: Act) -> Row:
    """Accept or decline a request; an accepted one may be declined as long as nothing is handed over.

    Of several requests one is accepted; the others wait, should it come to nothing. Returns the request.
    """
    return _settle(engine, request_number, "accept" if accepted else "decline", act)


def take_back(engine: Engine, request_number: int, act: Act) -> Row:
    """An organisation takes its request back; the offer is free again. Returns the request."""
    return _settle(engine, request_number, "take_back", act)


def hand_over(engine: Engine, number: int, act: Act, near: RegisterSource | None = None) -> Row:
    """Hand the asset over to whose request was accepted. Returns the offer.

    From ``act.day`` on the register has it with the other organisation, in use; in the same transaction.
    ``near`` as in ``change_register``. Raises StateError where the offer is not reserved, or its asset is no
    longer the holder's.
    """
    with engine.begin() as conn:
        offer = locked_offer(conn, number)
        after = move_offer(conn, offer, "hand_over")
        lapse_others(conn, number, act)
        note_step(conn, offer, "hand_over", offer["holder"], act)
        change = change_within(conn, *_handing(offer, offer["holder"], offer["taker"], act), near)
        record_deed(conn, "pool_handed_over", after, act, before=offer)
    if near is not None:
        near.take_over(change)
    return after


def receive(engine: Engine, number: int, act: Act) -> Row:
    """The other organisation says that it has the asset, and in which condition. Returns the offer."""
    with engine.begin() as conn:
        offer = locked_offer(conn, number)
        final = offer["term"] == states.TRANSFER
        after = move_offer(conn, offer, "receive", **({"closed_at": act.at} if final else {}))
        for request in requests_of(conn, number):
            if request["state"] == states.ACCEPTED:
                move_request(conn, request, "receive")
        note_step(conn, offer, "receive", offer["taker"], act)
        record_deed(conn, "pool_received", after, act, before=offer)
    return after


def give_back(engine: Engine, number: int, act: Act, near: RegisterSource | None = None) -> Row:
    """What was lent is back with who offered it, from ``act.day`` on; idle as before. Returns the offer.

    ``near`` as in ``change_register``.
    """
    with engine.begin() as conn:
        offer = locked_offer(conn, number)
        if offer["term"] != states.LEND:
            raise StateError(f"only what was lent is given back, got an offer to {offer['term']}")
        after = move_offer(conn, offer, "return", closed_at=act.at)
        note_step(conn, offer, "return", offer["holder"], act)
        lent_on = _handed_over_on(conn, number)
        handing = _handing(offer, offer["taker"], offer["holder"], act, lent_on)
        change = change_within(conn, *handing, near)
        record_deed(conn, "pool_returned", after, act, before=offer)
    if near is not None:
        near.take_over(change)
    return after


def _require_offerable(register: Register, code: str) -> str:
    """The organisation that holds the asset, where it can be offered."""
    asset = register.assets.get(code)
    if asset is None:
        raise NotFoundError(f"a code must be one of the register, got {code!r}")
    if not isinstance(asset, Equipment | Space | Vehicle):
        raise InputError(f"what is offered must be a vehicle, equipment or a room, got {code}")
    if asset.status not in OFFERABLE:
        fitting = " or ".join(OFFERABLE)
        raise InputError(f"what is offered must be {fitting}, got {code} which is {asset.status}")
    holder = register.organisation_of(code)
    if holder is None:
        raise InputError(f"what is offered must belong to an organisation, got {code}")
    return holder


def _require_terms(terms: Terms, act: Act) -> None:
    if terms.term not in states.TERMS:
        raise InputError(f"a term must be one of {', '.join(states.TERMS)}, got {terms.term!r}")
    if terms.lend_until is not None and terms.term != states.LEND:
        raise InputError(f"lend_until is for what is lent, got {terms.lend_until}")
    if terms.lend_until is not None and terms.lend_until <= act.at.date():
        raise InputError(f"lend_until must lie ahead, got {terms.lend_until}")


def _settle(engine: Engine, number: int, action: str, act: Act) -> Row:
    with engine.begin() as conn:
        # The offer first, in the order in which every deed locks.
        offer = locked_offer(conn, read_request(conn, number)["offer"])
        request = read_request(conn, number)
        decided = {"decided_at": act.at, "decided_by": act.actor, "reason": act.note}
        after = offer
        if action == "accept":
            after = move_offer(conn, offer, "accept", taker=request["organisation"])
        elif request["state"] == states.ACCEPTED:
            after = move_offer(conn, offer, "release", taker=None)
        settled = move_request(conn, request, action, **decided)
        note_step(conn, offer, action, request["organisation"], act)
        names = {"accept": "accepted", "decline": "declined", "take_back": "taken_back"}
        entry = f"pool_request_{names[action]}"
        record_deed(conn, entry, after, act, before=offer, request=settled)
    return settled


def _handing(
    offer: Row, giver: str, taker: str, act: Act, lent_on: date | None = None
) -> tuple[Callable[[Register], Register], str, datetime, Deed]:
    """The dated change of hands, as ``change_within`` takes it; ``lent_on``: it comes back since then."""
    if act.day is None:
        raise InputError("handing over needs the day from which it holds, got none")
    day, code = act.day, offer["asset"]

    def edit(register: Register) -> Register:
        held = register.as_of(day).organisation_of(code)
        if held != giver:
            raise StateError(f"{code} must be held by {giver} to be handed over, got {held}")
        if lent_on is None:
            return judged(register, passed_on(register, code, taker, day))
        return judged(register, given_back(register, code, day, lent_on))

    detail = {"offer": offer["id"], "from": giver, "to": taker, "day": day.isoformat()}
    return edit, act.actor, act.at, Deed("asset_transferred", code, detail)


def _handed_over_on(conn: Connection, number: int) -> date:
    days = [step["day"] for step in steps_of(conn, number) if step["action"] == "hand_over"]
    day: date = days[-1]
    return day
