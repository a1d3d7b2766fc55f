"""Money: tariffs in force, supply contracts, and what things cost."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import UploadFile

from analytics.money.fixed import FIXED, FIXED_OF
from analytics.money.supply import COST, COST_OF
from api import money
from api.access import Permit, needs
from api.importing import Upload
from api.money_schemas import (
    ContractImport,
    ContractIn,
    ContractList,
    ContractOut,
    CostAnswer,
    TariffList,
    TariffOut,
)
from api.params import (
    FromParam,
    Given,
    UntilParam,
    parse_span,
    require_size,
    today_of,
    zone_of_subject,
)
from api.queries import consumption_series
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError, RegisterError
from quotawatt.money.book import read_contract, read_contracts
from quotawatt.money.contracts import problems_of
from quotawatt.money.files import read_contracts_file
from quotawatt.readings import Grain
from quotawatt.settings import Language

router = APIRouter(prefix="/money", tags=["money"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.MONEY_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the contract")]
DayParam = Annotated[date | None, Query(description="Local day; default today", alias="as_of")]
LanguageParam = Annotated[Language | None, Query(alias="lang", description="Of words for people")]

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


async def _uploaded(request: Request, permit: Writer) -> Upload:
    """The form's file, read only for somebody who may write."""
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("a form must have a file by the name of 'file', got none")
        return Upload(file.filename or "", await file.read())


GivenFile = Annotated[Upload, Depends(_uploaded)]


@router.get("/tariffs", response_model=TariffList)
def list_tariffs(services: Given, permit: Reader, day: DayParam = None) -> dict[str, Any]:
    """The tariffs that were in force on a day, with their windows, prices, clause and trust marks."""
    on = day or today_of(services)
    book = services.rulebook.as_of(on)
    items = [money.tariff_item(t, services.rulebook, on) for t in book.tariffs.values()]
    return {"day": on, "items": items}


@router.get("/tariffs/{tariff}", response_model=TariffOut)
def show_tariff(
    services: Given,
    permit: Reader,
    tariff: Annotated[str, Path(max_length=64)],
    day: DayParam = None,
) -> dict[str, Any]:
    """One tariff as it was in force on a day."""
    on = day or today_of(services)
    found = services.rulebook.as_of(on).tariffs.get(tariff)
    if found is None:
        raise NotFoundError(f"a tariff must be in force on {on}, got {tariff!r}")
    return money.tariff_item(found, services.rulebook, on)


@router.get("/contracts", response_model=ContractList)
def list_contracts(services: Given, permit: Reader, day: DayParam = None) -> dict[str, Any]:
    """Supply contracts: all of them, or those in force on a day."""
    with services.records.connect() as conn:
        kept = read_contracts(conn)
    register, rulebook = services.register_source(), services.rulebook
    seen = [c for c in kept if permit.sees(c.subject) and (day is None or c.holds(day))]
    return {"items": [money.contract_item(c, register, rulebook) for c in seen]}


@router.post("/contracts", response_model=ContractOut, status_code=201)
def add_contract(services: Given, permit: Writer, body: ContractIn) -> dict[str, Any]:
    """Enter a contract. One that overlaps another of the same subject and measure is refused."""
    permit.require(body.subject)
    draft = money.draft_of(body, services.rulebook)
    made = money.contract_book(services).add([draft], permit.actor, services.wall_clock())
    return money.contract_item(made[0], services.register_source(), services.rulebook)


@router.put("/contracts/{number}", response_model=ContractOut)
def change_contract(
    services: Given, permit: Writer, number: Number, body: ContractIn
) -> dict[str, Any]:
    """Change a contract. What its costs were is computed anew over the days that it alters."""
    _require(services, permit, number)
    permit.require(body.subject)
    draft = money.draft_of(body, services.rulebook, number)
    made = money.contract_book(services).change(draft, permit.actor, services.wall_clock())
    return money.contract_item(made, services.register_source(), services.rulebook)


@router.post("/contracts/{number}/withdraw", response_model=ContractOut)
def withdraw_contract(services: Given, permit: Writer, number: Number) -> dict[str, Any]:
    """Take back a contract that was entered by mistake; its costs go with it."""
    _require(services, permit, number)
    gone = money.contract_book(services).withdraw(number, permit.actor, services.wall_clock())
    return money.contract_item(gone, services.register_source(), services.rulebook)


@router.post("/contracts/import", response_model=ContractImport, openapi_extra=_FORM)
def import_contracts(
    services: Given,
    permit: Writer,
    upload: GivenFile,
    dry_run: Annotated[bool, Query(description="Only work out what would be done")] = True,
    language: LanguageParam = None,
) -> dict[str, Any]:
    """A file of contracts (CSV or workbook), all or none. What stands against them is in `problems`."""
    words = language or services.settings.language
    found = read_contracts_file(upload.name, upload.data, services.rulebook)
    for draft in found.drafts:
        permit.require(draft.contract.subject)
    with services.records.connect() as conn:
        kept = read_contracts(conn)
    register = services.register_source()
    problems = [*found.problems, *problems_of(found.drafts, kept, register, services.rulebook)]
    if problems or dry_run:
        texts = list(RegisterError(problems).texts(words))
        return {"applied": False, "added": len(found.drafts), "problems": texts}
    at = services.wall_clock()
    made = money.contract_book(services).add(found.drafts, permit.actor, at)
    return {"applied": True, "added": len(made), "problems": []}


@router.get("/costs", response_model=CostAnswer)
def show_costs(
    services: Given,
    permit: Reader,
    subject: Annotated[str, Query(max_length=128, examples=["BLD-1"])],
    start: FromParam,
    until: UntilParam = None,
    grain: Grain = Grain.MONTH,
) -> dict[str, Any]:
    """What a subject cost by interval: over all carriers, and by carrier where it can have several.

    By the month also what is charged by the month as a whole (`cost_fixed_cny`). An interval without a
    contract or price has no value; it is never zero.
    """
    permit.require(subject.partition("/")[0])
    zone = zone_of_subject(services.register_source(), subject, services.settings)
    span = parse_span(start, until, zone, services.clock())
    by_month = (FIXED, *FIXED_OF.values()) if grain is Grain.MONTH else ()
    names = [COST, *COST_OF.values(), *by_month]
    require_size(span, grain, len(names))
    series = consumption_series(services.series, subject, names, grain, span)
    kept = [s for s in series if s["measure"] == COST or s["intervals"]]
    sums = [s["total"] for s in kept if s["measure"] in (COST, FIXED) and s["total"] is not None]
    whole = sum(sums) if sums and by_month else None
    return {"subject": subject, "grain": grain.value, "total_cny": whole, "series": kept}


def _require(services: Services, permit: Permit, number: int) -> None:
    with services.records.connect() as conn:
        permit.require(read_contract(conn, number).subject)
