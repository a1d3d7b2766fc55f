"""The pool of shared assets (公物仓): what is offered, who asks, who gets it, what need not be bought."""

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query

from api import pool as desk
from api.access import Permit, needs
from api.params import Given, LimitParam, OffsetParam, today_of
from api.pool_schemas import (
    Candidates,
    DecisionIn,
    HandoverIn,
    MatchIn,
    MatchOut,
    NoteIn,
    OfferDetail,
    OfferIn,
    OfferPage,
    PoolRequest,
    RequestIn,
)
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.register import pool
from quotawatt.register.model import Register
from quotawatt.register.pool_book import Act, read_offer, read_request
from quotawatt.register.pool_match import Wanted, match

router = APIRouter(prefix="/pool", tags=["pool"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Actor = Annotated[Permit, needs(Permission.POOL_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
State = Literal["offered", "reserved", "handed_over", "received", "returned", "withdrawn"]
Filter = Annotated[str | None, Query(max_length=64)]


@router.get("/offers", response_model=OfferPage)
def list_offers(
    services: Given,
    permit: Reader,
    state: Annotated[State | None, Query(description="Default: any")] = None,
    holder: Filter = None,
    taker: Filter = None,
    asset: Filter = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """What is or was offered, latest first. The pool is for all to see."""
    filters = {"state": state, "holder": holder, "taker": taker, "asset": asset}
    register = services.register_source()
    total, items = desk.offer_page(services.records, register, filters, limit, offset)
    return {"total": total, "items": items}


@router.get("/offers/{number}", response_model=OfferDetail)
def show_offer(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One offer with who asked for it and all that was done."""
    return _shown(services, number)


@router.get("/candidates", response_model=Candidates)
def list_candidates(services: Given, permit: Reader) -> dict[str, Any]:
    """Idle equipment, rooms and vehicles that nobody has offered yet, with the evidence."""
    return {"items": desk.candidates(services.records, _present(services), permit.sees)}


@router.post("/offers", response_model=OfferDetail, status_code=201)
def offer(services: Given, permit: Actor, body: OfferIn) -> dict[str, Any]:
    """Offer equipment, a room or a vehicle."""
    permit.require(body.asset)
    terms = pool.Terms(body.term, body.lend_until, body.location, body.condition)
    act = _act(services, permit, body.condition)
    made = pool.offer_asset(services.records, _present(services), body.asset, terms, act)
    return _shown(services, made["id"])


@router.post("/offers/{number}/withdraw", response_model=OfferDetail)
def withdraw(services: Given, permit: Actor, number: Number, body: NoteIn) -> dict[str, Any]:
    """Take an offer back."""
    _require_party(services, permit, number, "holder")
    pool.withdraw_offer(services.records, number, _act(services, permit, body.note))
    return _shown(services, number)


@router.post("/offers/{number}/requests", response_model=PoolRequest, status_code=201)
def request(services: Given, permit: Actor, number: Number, body: RequestIn) -> dict[str, Any]:
    """Ask for what is offered, for an organisation of one's own."""
    permit.require(body.organisation)
    act = _act(services, permit, body.purpose)
    register = _present(services)
    return pool.ask_for(services.records, register, number, body.organisation, body.purpose, act)


@router.post("/requests/{number}/decide", response_model=PoolRequest)
def decide(services: Given, permit: Actor, number: Number, body: DecisionIn) -> dict[str, Any]:
    """Accept or decline a request for what one's own organisation offers."""
    asked = _request(services, number)
    _require_party(services, permit, asked["offer"], "holder")
    act = _act(services, permit, body.reason)
    return pool.decide(services.records, number, body.accept, act)


@router.post("/requests/{number}/take-back", response_model=PoolRequest)
def take_back(services: Given, permit: Actor, number: Number, body: NoteIn) -> dict[str, Any]:
    """Take back a request of one's own organisation."""
    permit.require(_request(services, number)["organisation"])
    return pool.take_back(services.records, number, _act(services, permit, body.note))


@router.post("/offers/{number}/hand-over", response_model=OfferDetail)
def hand_over(services: Given, permit: Actor, number: Number, body: HandoverIn) -> dict[str, Any]:
    """Hand the asset over to whose request was accepted; the register follows from that day."""
    _require_party(services, permit, number, "holder")
    act = _act(services, permit, body.note, _day(services, body))
    pool.hand_over(services.records, number, act, services.near)
    services.register_changed()
    return _shown(services, number)


@router.post("/offers/{number}/receive", response_model=OfferDetail)
def receive(services: Given, permit: Actor, number: Number, body: NoteIn) -> dict[str, Any]:
    """Say that one's own organisation has the asset, and how it is."""
    _require_party(services, permit, number, "taker")
    pool.receive(services.records, number, _act(services, permit, body.note))
    return _shown(services, number)


@router.post("/offers/{number}/return", response_model=OfferDetail)
def give_back(services: Given, permit: Actor, number: Number, body: HandoverIn) -> dict[str, Any]:
    """Say that what was lent is back, and how it is; the register follows from that day."""
    _require_party(services, permit, number, "holder")
    act = _act(services, permit, body.note, _day(services, body))
    pool.give_back(services.records, number, act, services.near)
    services.register_changed()
    return _shown(services, number)


@router.post("/match", response_model=MatchOut, status_code=201)
def search(services: Given, permit: Actor, body: MatchIn) -> dict[str, Any]:
    """Search the pool before a purchase. The outcome is kept under a number, also where nothing fits."""
    permit.require(body.organisation)
    wanted = Wanted(
        body.kind, body.organisation, body.quantity, body.least_power_kw, body.least_area_m2
    )
    register = _present(services)
    kinds = services.rulebook.asset_kinds.values()
    idle = [row["asset"] for row in desk.candidates(services.records, register, permit.sees)]
    found = match(wanted, register, list(kinds), desk.open_offers(services.records), idle)
    now, zone = services.clock(), ZoneInfo(services.settings.timezone)
    return {
        "number": desk.record_search(services.records, wanted, found, permit.actor, now, zone),
        "at": now,
        "organisation": body.organisation,
        "wanted": body.model_dump(),
        "enough": len(found) >= body.quantity,
        "matches": [desk.match_item(one, register) for one in found],
    }


def _present(services: Services) -> Register:
    """The register as it stands today."""
    return services.register_source().as_of(today_of(services))


def _day(services: Services, body: HandoverIn) -> date:
    return today_of(services) if body.day is None else body.day


def _act(services: Services, permit: Permit, note: str, day: date | None = None) -> Act:
    return Act(permit.actor, services.clock(), note, day)


def _shown(services: Services, number: int) -> dict[str, Any]:
    return desk.offer_detail(services.records, services.register_source(), number)


def _request(services: Services, number: int) -> dict[str, Any]:
    with services.records.connect() as conn:
        return read_request(conn, number)


def _require_party(
    services: Services, permit: Permit, number: int, party: Literal["holder", "taker"]
) -> None:
    """The one who acts must act for the offer's holder, or for who gets it."""
    with services.records.connect() as conn:
        found = read_offer(conn, number)
    permit.require(found[party] or found["holder"])
