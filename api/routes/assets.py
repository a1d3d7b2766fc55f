"""The register: assets as a tree."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from api.params import Given, LimitParam, OffsetParam, require_asset
from api.schemas import AssetDetail, AssetList
from api.tree import Tree

router = APIRouter(tags=["register"])

Kind = Literal[
    "organisation",
    "site",
    "building",
    "meter",
    "space",
    "equipment",
    "pv_plant",
    "charger",
    "vehicle",
]


@router.get("/assets", response_model=AssetList)
def list_assets(
    services: Given,
    kind: Annotated[Kind | None, Query(description="Only assets of this kind")] = None,
    parent: Annotated[str | None, Query(description="Only those directly under this code")] = None,
    under: Annotated[str | None, Query(description="Only this code and all below it")] = None,
    search: Annotated[
        str, Query(max_length=100, description="Part of a code or name, in either language")
    ] = "",
    limit: LimitParam = 200,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Assets with what they hang under; a parent comes before its children."""
    register = services.register_source()
    for code in (parent, under):
        if code is not None:
            require_asset(register, code)
    tree = Tree(register)
    tops = [under] if under is not None else tree.children(None)
    rows = [tree.summary(code) for top in tops for code in tree.under(top)]
    needle = search.casefold()
    found = [
        row
        for row in rows
        if kind in (None, row["kind"])
        and parent in (None, row["parent"])
        and needle in f"{row['code']}\n{row['name_zh']}\n{row['name_en']}".casefold()
    ]
    return {"total": len(found), "items": found[offset : offset + limit]}


@router.get("/assets/{code}", response_model=AssetDetail)
def read_asset(
    services: Given, code: Annotated[str, Path(examples=["BLD-1"], description="Asset's code")]
) -> dict[str, Any]:
    """One asset with its attributes, bindings, people and base values."""
    register = services.register_source()
    require_asset(register, code)
    return Tree(register).detail(code)
