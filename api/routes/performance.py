"""Energy-performance contracts: what was agreed, non-routine events, savings that two people verify."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from analytics.baselines.series import Interval
from analytics.jobs.measuring import Days
from analytics.savings.report import savings_document
from api.access import Permit, needs
from api.params import Given
from api.reporting import document_response
from api.savings import (
    asset_of,
    contract_item,
    contract_of,
    event_item,
    event_of,
    period_answer,
    proposed_content,
    require_subject,
    verification_item,
)
from api.savings_schemas import (
    DecisionIn,
    EventIn,
    EventList,
    EventOut,
    PerformanceContractIn,
    PerformanceContractList,
    PerformanceContractOut,
    ProposalIn,
    SavingsAnswer,
    VerificationList,
    VerificationOut,
)
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.documents.html import to_html
from quotawatt.performance import book, verified
from quotawatt.performance.values import PerformanceContract
from quotawatt.settings import Language
from quotawatt.spans import DAY

router = APIRouter(prefix="/performance", tags=["performance contracts"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.MONEY_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
LanguageParam = Annotated[Language | None, Query(alias="lang", description="Default: as set")]


def _contract(services: Services, permit: Permit, number: int) -> PerformanceContract:
    """A contract within reach."""
    with services.records.connect() as conn:
        contract = book.read_contract(conn, number)
    permit.require(asset_of(contract.subject))
    return contract


@router.get("/contracts", response_model=PerformanceContractList)
def list_contracts(services: Given, permit: Reader) -> dict[str, Any]:
    """Energy-performance contracts."""
    with services.records.connect() as conn:
        kept = book.read_contracts(conn)
    register = services.register_source()
    seen = [c for c in kept if permit.sees(asset_of(c.subject))]
    return {"items": [contract_item(c, register) for c in seen]}


@router.get("/contracts/{number}", response_model=PerformanceContractOut)
def read_contract(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """One contract."""
    return contract_item(_contract(services, permit, number), services.register_source())


@router.post("/contracts", response_model=PerformanceContractOut, status_code=201)
def add_contract(services: Given, permit: Writer, body: PerformanceContractIn) -> dict[str, Any]:
    """Enter a contract."""
    require_subject(permit, body.subject)
    with services.records.begin() as conn:
        made = book.add_contract(conn, contract_of(body), permit.actor, services.wall_clock())
    return contract_item(made, services.register_source())


@router.put("/contracts/{number}", response_model=PerformanceContractOut)
def change_contract(
    services: Given, permit: Writer, number: Number, body: PerformanceContractIn
) -> dict[str, Any]:
    """Change a contract of which no savings were verified yet."""
    _contract(services, permit, number)
    require_subject(permit, body.subject)
    given = contract_of(body, number)
    with services.records.begin() as conn:
        made = book.change_contract(conn, given, permit.actor, services.wall_clock())
    return contract_item(made, services.register_source())


@router.post("/contracts/{number}/withdraw", response_model=PerformanceContractOut)
def withdraw_contract(services: Given, permit: Writer, number: Number) -> dict[str, Any]:
    """Take back a contract that was entered by mistake, before any savings were verified."""
    _contract(services, permit, number)
    with services.records.begin() as conn:
        gone = book.withdraw_contract(conn, number, permit.actor, services.wall_clock())
    return contract_item(gone, services.register_source())


@router.get("/contracts/{number}/events", response_model=EventList)
def list_events(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """The non-routine events of a contract, withdrawn ones included."""
    _contract(services, permit, number)
    with services.records.connect() as conn:
        entries = book.read_events(conn, number, withdrawn=True)
    return {"items": [event_item(entry) for entry in entries]}


@router.post("/contracts/{number}/events", response_model=EventOut, status_code=201)
def add_event(services: Given, permit: Writer, number: Number, body: EventIn) -> dict[str, Any]:
    """Record what changed use without being the measure, with reason and evidence."""
    _contract(services, permit, number)
    given, at = event_of(body), services.wall_clock()
    with services.records.begin() as conn:
        return event_item(book.add_event(conn, number, given, permit.actor, at))


@router.post("/events/{number}/withdraw", response_model=EventOut)
def withdraw_event(services: Given, permit: Writer, number: Number) -> dict[str, Any]:
    """Take a non-routine event back; what was verified with it stays as it is."""
    with services.records.connect() as conn:
        entry = book.read_event(conn, number)
    _contract(services, permit, entry.contract)
    with services.records.begin() as conn:
        return event_item(book.withdraw_event(conn, number, permit.actor, services.wall_clock()))


@router.get("/contracts/{number}/savings", response_model=SavingsAnswer)
def read_savings(
    services: Given,
    permit: Reader,
    number: Number,
    first_day: Annotated[date, Query()],
    last_day: Annotated[date, Query(description="Included")],
    interval: Interval = Interval.HOUR,
    language: LanguageParam = None,
) -> dict[str, Any]:
    """Savings of days of a contract as they are now, with who gets what of them."""
    _contract(services, permit, number)
    words = language or services.settings.language
    return period_answer(services, number, Days(first_day, last_day + DAY), interval, words)


@router.get("/contracts/{number}/verifications", response_model=VerificationList)
def list_verifications(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """Savings that were proposed and verified, by day and edition."""
    _contract(services, permit, number)
    with services.records.connect() as conn:
        found = verified.read_verifications(conn, number)
    return {"items": [verification_item(one) for one in found]}


@router.post("/contracts/{number}/verifications", response_model=VerificationOut, status_code=201)
def propose_savings(
    services: Given, permit: Writer, number: Number, body: ProposalIn
) -> dict[str, Any]:
    """Put the savings of a period up for verification; a snapshot that somebody else decides."""
    _contract(services, permit, number)
    days = Days(body.first_day, body.last_day + DAY)
    content = proposed_content(services, number, days, body.interval)
    period = verified.Period(number, days.first, days.until)
    at = services.wall_clock()
    with services.records.begin() as conn:
        made = verified.propose(conn, period, content, body.note, permit.actor, at)
    return verification_item(made)


@router.post("/verifications/{number}/decide", response_model=VerificationOut)
def decide_savings(
    services: Given, permit: Writer, number: Number, body: DecisionIn
) -> dict[str, Any]:
    """Verify savings that somebody else proposed, or send them back."""
    _verification(services, permit, number)
    at = services.wall_clock()
    with services.records.begin() as conn:
        found = verified.decide(conn, number, body.verified, body.note, permit.actor, at)
    return verification_item(found)


@router.get(
    "/verifications/{number}/document",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def read_document(
    services: Given, permit: Reader, number: Number, language: LanguageParam = None
) -> Response:
    """The report of a period to print and sign; one that is not verified says so."""
    found = _verification(services, permit, number)
    shown = found.number if found.state == verified.VERIFIED else ""
    document = savings_document(found.content, language or services.settings.language, shown)
    return document_response(found.number, to_html(document))


def _verification(services: Services, permit: Permit, number: int) -> verified.Verification:
    """A verification within reach."""
    with services.records.connect() as conn:
        found = verified.read_verification(conn, number)
    _contract(services, permit, found.contract)
    return found
