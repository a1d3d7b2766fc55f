"""Carbon beside the yearly accounts: ledgers, targets, certificates, scorecards, what-if."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query

from analytics.carbon.certificates import Period
from analytics.carbon.courses import target_statuses
from analytics.carbon.whatif import Plan
from api.access import Permit, needs
from api.accounts import finding_items, read_use
from api.carbon import read_view, require_holder
from api.carbon_facts import fill_in
from api.carbon_items import card_item, certificate_item, scheme_item, target_item, view_item
from api.carbon_schemas import (
    CancelIn,
    CertificateList,
    CertificateOut,
    CertificatesIn,
    EvidenceIn,
    LedgersOut,
    ReasonIn,
    SchemeList,
    WhatIfIn,
    WhatIfOut,
)
from api.carbon_whatif import what_if
from api.params import AsOfParam, Given, as_of_instant
from api.schemas import AccountList
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.carbon import certificates as book
from quotawatt.carbon.evidence import Evidence, confirm
from quotawatt.errors import NotFoundError
from quotawatt.rulebook.scorecards import Scorecard

router = APIRouter(prefix="/carbon", tags=["carbon"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.CARBON_WRITE)]
AssetPath = Annotated[str, Path(description="An organisation's or a building's code")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/ledgers/{asset}", response_model=LedgersOut)
def read_ledgers(
    services: Given,
    permit: Reader,
    asset: AssetPath,
    as_of: AsOfParam = None,
    match: Annotated[
        Period, Query(description="Over which span certificates and use must agree")
    ] = Period.YEAR,
) -> dict[str, Any]:
    """The year's carbon as a tree of scopes, location- and market-based, with its factors and months."""
    permit.require(asset)
    require_holder(services.register_source(), asset)
    return view_item(read_view(services, asset, as_of_instant(services, as_of), match))


@router.get("/targets", response_model=AccountList)
def list_targets(
    services: Given,
    permit: Reader,
    as_of: AsOfParam = None,
    asset: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Every account on the path to a target, by year and month, with where the year will land."""
    register, at = services.register_source(), as_of_instant(services, as_of)
    if asset is not None:
        permit.require(asset)
        require_holder(register, asset)
    use = read_use(services, register, at, asset)
    zone = ZoneInfo(services.settings.timezone)
    only = None if asset is None else {asset}
    found = target_statuses(use, register, services.rulebook, at, zone, only)
    return {
        "as_of": at,
        "items": [
            target_item(s, services.rulebook) for s in found.statuses if permit.sees(s.asset)
        ],
        "findings": finding_items(found.findings, permit.sees, asset),
    }


@router.get("/certificates", response_model=CertificateList)
def list_certificates(
    services: Given,
    permit: Reader,
    withdrawn: Annotated[bool, Query(description="Also those that were taken back")] = False,
) -> dict[str, Any]:
    """Certificates of green power of the organisations that one sees."""
    with services.records.connect() as conn:
        found = book.list_certificates(conn, withdrawn=withdrawn)
    return {
        "items": [certificate_item(e) for e in found if permit.sees(e.certificate.organisation)]
    }


@router.post("/certificates", response_model=CertificateList, status_code=201)
def add_certificates(services: Given, permit: Writer, body: CertificatesIn) -> dict[str, Any]:
    """Enter certificates, all of them or none. A number that is there already is refused."""
    register = services.register_source()
    for item in body.items:
        permit.require(item.organisation)
        if item.organisation not in register.organisations:
            raise NotFoundError(
                f"a certificate must be an organisation's, got {item.organisation!r}"
            )
    with services.records.begin() as conn:
        entered = [
            book.add_certificate(
                conn, book.Certificate(**item.model_dump()), permit.actor, services.clock()
            )
            for item in body.items
        ]
    return {"items": [certificate_item(entry) for entry in entered]}


@router.post("/certificates/{number}/cancel", response_model=CertificateOut)
def cancel_certificate(
    services: Given, permit: Writer, number: Number, body: CancelIn
) -> dict[str, Any]:
    """Note that a certificate was cancelled; from then on it counts."""
    with services.records.begin() as conn:
        permit.require(book.read_certificate(conn, number).certificate.organisation)
        at = services.clock()
        done = book.cancel_certificate(conn, number, body.day, body.document, permit.actor, at)
    return certificate_item(done)


@router.post("/certificates/{number}/withdraw", response_model=CertificateOut)
def withdraw_certificate(
    services: Given, permit: Writer, number: Number, body: ReasonIn
) -> dict[str, Any]:
    """Take a wrong entry back."""
    with services.records.begin() as conn:
        permit.require(book.read_certificate(conn, number).certificate.organisation)
        at = services.clock()
        done = book.withdraw_certificate(conn, number, body.reason, permit.actor, at)
    return certificate_item(done)


@router.get("/scorecards", response_model=SchemeList)
def list_scorecards(services: Given, permit: Reader) -> dict[str, Any]:
    """The schemes that can be filled in, each with what must be known of it."""
    rulebook = services.rulebook
    return {"items": [scheme_item(card, rulebook) for card in rulebook.scorecards.values()]}


@router.get("/scorecards/{asset}", response_model=SchemeList)
def read_scorecards(
    services: Given,
    permit: Reader,
    asset: AssetPath,
    as_of: AsOfParam = None,
    scorecard: Annotated[str | None, Query(max_length=64, description="Default: all")] = None,
) -> dict[str, Any]:
    """An institution's scorecards item by item, with what shows each; what nobody knows is null."""
    permit.require(asset)
    require_holder(services.register_source(), asset)
    at, rulebook = as_of_instant(services, as_of), services.rulebook
    cards = list(rulebook.scorecards.values())
    if scorecard is not None:
        cards = [_card(services, scorecard)]
    return {
        "items": [card_item(fill_in(services, asset, card, at), card, rulebook) for card in cards]
    }


@router.post("/scorecards/{asset}/evidence", response_model=SchemeList, status_code=201)
def confirm_item(
    services: Given, permit: Writer, asset: AssetPath, body: EvidenceIn
) -> dict[str, Any]:
    """Confirm an item by a document, in the place of what was confirmed before."""
    permit.require(asset)
    require_holder(services.register_source(), asset)
    card = _card(services, body.scorecard)
    if body.item not in {item.id for item in card.items if item.basis == "evidence"}:
        raise NotFoundError(f"evidence must be for an item that asks for it, got {body.item!r}")
    at = services.clock()
    with services.records.begin() as conn:
        confirm(conn, Evidence(asset=asset, **body.model_dump()), permit.actor, at)
    filled = fill_in(services, asset, card, at)
    return {"items": [card_item(filled, card, services.rulebook)]}


@router.post("/what-if", response_model=WhatIfOut)
def ask_what_if(
    services: Given, permit: Reader, body: WhatIfIn, as_of: AsOfParam = None
) -> dict[str, Any]:
    """What a plan would change, and where quotas, targets and ledgers would land. Nothing is kept."""
    permit.require(body.asset)
    require_holder(services.register_source(), body.asset)
    plan = Plan(**body.model_dump(exclude={"asset", "assumptions"}))
    at = as_of_instant(services, as_of)
    return what_if(services, body.asset, plan, body.assumptions, at)


def _card(services: Services, name: str) -> Scorecard:
    card = services.rulebook.scorecards.get(name)
    if card is None:
        raise NotFoundError(f"a scorecard must be one of the rulebook, got {name!r}")
    return card
