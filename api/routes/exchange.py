"""Exchange with other platforms: the catalogue, code tables, schemas, what is pulled, taken in and sent."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from api import exchange as desk
from api import returns
from api.access import Permit, needs
from api.exchange_schemas import CodeTables, DataSets, Documents, Months, ReceiptOut, SentPage
from api.params import Given, LimitParam, OffsetParam, today_of
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError
from quotawatt.exchange.documents import MODELS, read_return_document, schema_text
from quotawatt.exchange.incoming import receive
from quotawatt.exchange.outbox import send_again
from quotawatt.exchange.tables import catalogue, code_tables
from quotawatt.returns.periods import FIRST_YEAR, LAST_YEAR, parse_period

router = APIRouter(prefix="/exchange", tags=["exchange"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.RETURNS_WRITE)]
Decider = Annotated[Permit, needs(Permission.RETURNS_DECIDE)]
State = Literal["waiting", "sent", "given_up"]
_EXAMPLE: dict[str, Any] = {
    "schema": "quotawatt.return/1",
    "number": "energy-statistics-2023-Q4-ORG-2-1",
    "sha256": "0" * 64,
    "form": {"id": "energy-statistics", "version": "2022"},
    "organisation": {
        "code": "ORG-2",
        "name_zh": "二局",
        "name_en": "Bureau Two",
        "kind": "party_government",
        "level": "city",
    },
    "period": "2023-Q4",
    "issued_at": "2024-01-10T02:00:00Z",
    "figures": [
        {
            "cell": "use.electricity",
            "value": 18400,
            "unit": "kWh",
            "decimals": 0,
            "quality": "measured",
            "coverage": 1,
            "energy": "01",
        }
    ],
}


@router.get("/datasets", response_model=DataSets)
def list_datasets(services: Given, permit: Reader) -> dict[str, Any]:
    """The data sets that can be exchanged: owner, classification, schema, cycle, and where to fetch them."""
    return {"items": [asdict(one) for one in catalogue()]}


@router.get("/codes", response_model=CodeTables)
def list_codes(services: Given, permit: Reader) -> dict[str, Any]:
    """The code tables that documents go by."""
    return {"tables": {name: asdict(table) for name, table in code_tables().items()}}


@router.get("/schemas/{name}/{version}")
def read_schema(
    services: Given,
    permit: Reader,
    name: Annotated[str, Path(max_length=64)],
    version: Annotated[str, Path(max_length=8)],
) -> dict[str, Any]:
    """The JSON schema of a document, such as ``return/1``."""
    wanted = f"quotawatt.{name}/{version}"
    if wanted not in MODELS:
        raise NotFoundError(f"a schema must be one of {', '.join(MODELS)}, got {wanted!r}")
    found: dict[str, Any] = json.loads(schema_text(wanted))
    return found


@router.get("/returns", response_model=Documents)
def pull_returns(
    services: Given,
    permit: Reader,
    since: Annotated[int, Query(ge=0, le=2**63 - 1, description="The last answer's cursor")] = 0,
    limit: LimitParam = 100,
) -> dict[str, Any]:
    """Accepted returns in the order in which they were issued, corrections included."""
    return desk.documents(services, permit, since, limit)


@router.get("/months", response_model=Months)
def pull_months(
    services: Given,
    permit: Reader,
    month: Annotated[str, Query(description="YYYY-MM, local", examples=["2023-12"])],
) -> dict[str, Any]:
    """What each institution used in a month, as the data have it now."""
    return {"month": month, "items": desk.months(services, permit, _first_day(month))}


@router.post(
    "/returns",
    response_model=ReceiptOut,
    status_code=201,
    responses={200: {"model": ReceiptOut, "description": "It had come before"}},
)
def take_in(
    services: Given,
    permit: Writer,
    response: Response,
    body: Annotated[dict[str, Any], Body(examples=[_EXAMPLE])],
) -> dict[str, Any]:
    """Hand in a return of another platform (``quotawatt.return/1``). A second time changes nothing.

    It is submitted thereby, and decided on like any other. The sender is whoever asks.
    """
    document = read_return_document(body)
    code = document.organisation.code
    permit.require(code)
    organisation = services.register_source().organisations.get(code)
    if organisation is None:
        raise NotFoundError(f"a code must be an organisation's of the register, got {code!r}")
    form = returns.form_of(services, document.form.id, parse_period(document.period))
    act, today = returns.act_of(services, permit), today_of(services)
    with services.records.begin() as conn:
        receipt = receive(conn, document, form, organisation, permit.actor, act, today)
    if receipt.again:
        response.status_code = 200
    return asdict(receipt)


@router.get("/sent", response_model=SentPage)
def list_sent(
    services: Given,
    permit: Reader,
    state: State | None = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """What is sent to the platform above, with its receipts, latest first."""
    total, items = desk.sent_page(services, permit, state, limit, offset)
    return {"total": total, "items": items}


@router.post("/sent/{number}/again", response_model=SentPage)
def again(
    services: Given, permit: Decider, number: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> dict[str, Any]:
    """Send a document again that was given up."""
    row = desk.sent_item(services, permit, number)
    with services.records.begin() as conn:
        send_again(conn, row["number"], permit.actor, services.clock())
    return {"total": 1, "items": [desk.sent_item(services, permit, number)]}


def _first_day(month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01") if len(month) == len("2024-05") else None
    except ValueError:
        first = None
    if first is None or not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise InputError(
            f"month must be YYYY-MM in the years {FIRST_YEAR} to {LAST_YEAR}, got {month!r}"
        )
    return first
