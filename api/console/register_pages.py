"""The pages of the register: the tree and the list, and the page of one asset."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import draw, own_address
from api.console.register_acts import ACTS, acts_of
from api.console.register_asset import asset_page
from api.console.register_list import Choice, list_page
from api.console.register_view import reader_of, write_permit
from api.params import Given, require_asset, today_of
from api.register_lists import parse_day
from api.routes.assets import GivenTrees
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.register.belonging import Tree
from quotawatt.register.rows import CODED
from quotawatt.register.rules import STATUSES

router = APIRouter(include_in_schema=False)

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
KindParam = Literal[
    "",
    "organisations",
    "sites",
    "buildings",
    "spaces",
    "equipment",
    "meters",
    "virtual_meters",
    "pv_plants",
    "chargers",
    "vehicles",
    "geofences",
]
StatusParam = Literal["", "planned", "in_use", "idle", "transferred", "disposed"]
DayParam = Annotated[str, Query(max_length=10)]
CodeParam = Annotated[str, Query(max_length=64)]


@router.get("/register", response_model=None)
def show_register(
    request: Request,
    services: Given,
    permit: Reader,
    trees: GivenTrees,
    tree: Tree = "region",
    at: CodeParam = "",
    kind: KindParam = "",
    status: StatusParam = "",
    search: Annotated[str, Query(max_length=100)] = "",
    as_of: DayParam = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """What hangs under what, and the assets below the one that is chosen, page by page."""
    day = _day(services, as_of)
    register = services.register_source().as_of(day)
    if at:
        require_asset(register, at)
        permit.require(at)
    choice = Choice(tree, at, kind, status, search.strip(), page)
    reader = reader_of(request, services, register)
    shown = list_page(trees.of(register, tree), permit, reader, choice, day)
    return draw(
        request,
        "register.html",
        page=shown,
        reader=reader,
        as_of=as_of,
        kinds=CODED,
        statuses=STATUSES,
        may_write=write_permit(request, permit) is not None,
        link=partial(own_address, request),
    )


@router.get("/register/{code}", response_model=None)
def show_asset(
    request: Request,
    services: Given,
    permit: Reader,
    code: str,
    tree: Tree = "region",
    as_of: DayParam = "",
    done: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """All that is known of one asset, and what can be done with it."""
    register = services.register_source()
    asset = require_asset(register, code)
    permit.require(code)
    writer = write_permit(request, permit)
    principal = permit.principal
    page = asset_page(
        services,
        permit,
        reader_of(request, services, register, code),
        code,
        _day(services, as_of),
        tree,
        with_ledger=principal.may(Permission.LEDGER_READ),
    )
    return draw(
        request,
        "register_asset.html",
        page=page,
        reader=reader_of(request, services, register, code),
        as_of=as_of,
        acts=acts_of(asset) if writer is not None and writer.sees(code) else [],
        done=done if done in ACTS or done == "new" else "",
    )


def _day(services: Services, as_of: str) -> date:
    """The day asked for; today, local."""
    if as_of:
        return parse_day(as_of, "as_of")
    return today_of(services)
