"""Statistics returns begun, or filled anew from the data: one, or many at once."""

from typing import Annotated, Any

from fastapi import APIRouter

from api import returns as desk
from api.access import Permit, needs
from api.params import Given, require_asset, today_of
from api.returns_schemas import FillIn, FillManyIn, ReturnDetail, ReturnList
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.register.model import Organisation
from quotawatt.returns import process
from quotawatt.returns.periods import Period, parse_period

router = APIRouter(prefix="/returns", tags=["returns"])

Writer = Annotated[Permit, needs(Permission.RETURNS_WRITE)]


@router.post("/fill", response_model=ReturnDetail, status_code=201)
def fill(services: Given, permit: Writer, body: FillIn) -> dict[str, Any]:
    """Begin a return, or fill it anew from the data; what people wrote over cells stays."""
    _require_organisation(services, permit, body.organisation)
    period = _begun(services, body.period)
    form = desk.form_of(services, body.form, period)
    cells = desk.cells_for(services, [body.organisation], form, period)[body.organisation]
    act = desk.act_of(services, permit)
    with services.records.begin() as conn:
        kept = process.fill_return(conn, form, body.organisation, period, cells, act)
        return desk.detail(conn, services, kept, form)


@router.post("/fill-many", response_model=ReturnList, status_code=201)
def fill_many(services: Given, permit: Writer, body: FillManyIn) -> dict[str, Any]:
    """Begin the returns of several organisations, or fill them anew; all or none of them."""
    for code in body.organisations:
        _require_organisation(services, permit, code)
    period = _begun(services, body.period)
    form = desk.form_of(services, body.form, period)
    cells = desk.cells_for(services, body.organisations, form, period)
    act, day = desk.act_of(services, permit), today_of(services)
    register = services.register_source()
    with services.records.begin() as conn:
        items = [
            desk.item(process.fill_return(conn, form, code, period, known, act), register, day)
            for code, known in cells.items()
        ]
    return {"total": len(items), "items": items}


def _require_organisation(services: Services, permit: Permit, code: str) -> None:
    permit.require(code)
    if not isinstance(require_asset(services.register_source(), code), Organisation):
        raise InputError(f"a return must be an organisation's, got {code}")


def _begun(services: Services, written: str) -> Period:
    period = parse_period(written)
    if period.first > today_of(services):
        raise InputError(f"a period must have begun, got {period}")
    return period
