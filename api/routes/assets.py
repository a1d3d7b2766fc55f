"""The register: assets as a tree."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request

from api.access import Permit, needs
from api.asset_views import Wanted, children_of, detail, history_items, line, matching
from api.params import Given, LimitParam, OffsetParam, require_asset, today_of
from api.register_lists import parse_day
from api.schemas import AssetDetail, AssetHistory, AssetList
from api.services import Services
from api.tree import Trees
from quotawatt.access.roles import Permission
from quotawatt.register.belonging import Tree as Parentage

router = APIRouter(tags=["register"])


def _trees_of(request: Request) -> Trees:
    trees: Trees = request.app.state.trees
    return trees


GivenTrees = Annotated[Trees, Depends(_trees_of)]
Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Kind = Literal[
    "organisation",
    "site",
    "building",
    "meter",
    "virtual_meter",
    "space",
    "equipment",
    "pv_plant",
    "charger",
    "vehicle",
    "geofence",
]
Status = Literal["planned", "in_use", "idle", "transferred", "disposed"]
TreeParam = Annotated[
    Parentage, Query(description="By which parents organisations hang: 属地 or 主管部门")
]
CodePath = Annotated[str, Path(examples=["BLD-1"], description="Asset's code")]
AsOfDay = Annotated[
    str | None,
    Query(description="As it was on this day, YYYY-MM-DD; default: today", examples=["2024-03-01"]),
]


@router.get("/assets", response_model=AssetList)
def list_assets(
    services: Given,
    permit: Reader,
    trees: GivenTrees,
    kind: Annotated[Kind | None, Query(description="Only assets of this kind")] = None,
    parent: Annotated[str | None, Query(description="Only those directly under this code")] = None,
    under: Annotated[str | None, Query(description="Only this code and all below it")] = None,
    status: Annotated[Status | None, Query(description="Only those that stand so")] = None,
    search: Annotated[
        str, Query(max_length=100, description="Part of a code or name, in either language")
    ] = "",
    tree: TreeParam = "region",
    as_of: AsOfDay = None,
    limit: LimitParam = 200,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Assets with what they hang under; a parent comes before its children."""
    register = services.register_source().as_of(_day(services, as_of))
    for code in (parent, under):
        if code is not None:
            require_asset(register, code)
            permit.require(code)
    whole = trees.of(register, tree)
    codes = whole.all() if under is None else whole.under(under)
    wanted = matching(register, codes, Wanted(kind, parent, status, search), tree)
    found = list(wanted) if permit.everywhere else [c for c in wanted if permit.sees(c)]
    items = [line(whole, permit, code) for code in found[offset : offset + limit]]
    return {"total": len(found), "items": items}


@router.get("/assets/{code}", response_model=AssetDetail)
def read_asset(
    services: Given,
    permit: Reader,
    trees: GivenTrees,
    code: CodePath,
    tree: TreeParam = "region",
    as_of: AsOfDay = None,
) -> dict[str, Any]:
    """One asset with its attributes, the organisation that answers for it, bindings, people, base values.

    Of another day than today the children are not told: list them with `parent` and `as_of`.
    """
    register = services.register_source()
    require_asset(register, code)
    permit.require(code)
    said = detail(register, permit, code, _day(services, as_of), tree)
    if as_of is not None:
        return said
    whole = trees.of(register.as_of(_day(services, None)), tree)
    return {**said, **children_of(whole, permit, code)}


@router.get("/assets/{code}/history", response_model=AssetHistory)
def read_asset_history(services: Given, permit: Reader, code: CodePath) -> dict[str, Any]:
    """What each column that was ever changed held, and over which days (local, at the asset's place)."""
    register = services.register_source()
    require_asset(register, code)
    permit.require(code)
    return {"code": code, "items": history_items(register, code)}


def _day(services: Services, as_of: str | None) -> date:
    """The day asked for; today, local."""
    if as_of is not None:
        return parse_day(as_of, "as_of")
    return today_of(services)
