"""Quota and carbon: the yearly account of every organisation and building, unfolded and cited."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.access import Permit, needs
from api.accountnotes import with_notes
from api.accounts import (
    carbon_item,
    finding_items,
    quota_item,
    read_accounts,
    read_quotas,
    require_account_holder,
)
from api.params import AsOfParam, Given, as_of_instant
from api.schemas import AccountList
from api.services import Services
from api.unfold_schemas import UnfoldedOut
from api.unfolding import parse_month, read_unfolded, unfolded_item
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError

router = APIRouter(tags=["accounts"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
AssetPath = Annotated[str, Path(description="Code of an organisation, building or vehicle")]


def _quota(
    services: Services, permit: Permit, as_of: datetime, asset: str | None
) -> dict[str, Any]:
    register = services.register_source()
    if asset is None:
        quotas = read_accounts(services, register, as_of).quotas
    else:
        permit.require(asset)
        require_account_holder(register, asset)
        quotas = read_quotas(services, register, as_of, asset)
    statuses = [s for s in quotas.statuses if permit.sees(s.asset)]
    return {
        "as_of": as_of,
        "items": with_notes((quota_item(s, services.rulebook) for s in statuses), services),
        "findings": finding_items(quotas.findings, permit.sees, asset),
    }


@router.get("/quota", response_model=AccountList)
def list_quota(services: Given, permit: Reader, as_of: AsOfParam = None) -> dict[str, Any]:
    """Every account: use, tier, share, projection, what it is made of, clause and trust marks.

    An account that cannot be drawn up is a finding instead.
    """
    return _quota(services, permit, as_of_instant(services, as_of), None)


@router.get("/quota/{asset}", response_model=AccountList)
def read_quota(
    services: Given, permit: Reader, asset: AssetPath, as_of: AsOfParam = None
) -> dict[str, Any]:
    """The accounts of one organisation, building or vehicle."""
    return _quota(services, permit, as_of_instant(services, as_of), asset)


@router.get("/quota/{asset}/{quota}/unfold", response_model=UnfoldedOut)
def unfold_quota(
    services: Given,
    permit: Reader,
    asset: AssetPath,
    quota: Annotated[str, Path(description="What the account goes by beside the asset")],
    as_of: AsOfParam = None,
    depth: Annotated[int, Query(ge=0, le=3, description="Levels below each series")] = 2,
    month: Annotated[
        str | None, Query(description="Month whose days are wanted", examples=["2023-07"])
    ] = None,
) -> dict[str, Any]:
    """What a figure is made of: meters and bills by month and day, area and people, factors and clause.

    The values of the lines sum to what was used. ``explain`` of a line leads to its hours.
    """
    at, register = as_of_instant(services, as_of), services.register_source()
    permit.require(asset)
    require_account_holder(register, asset)
    first = parse_month(month)
    found = read_quotas(services, register, at, asset).statuses
    status = next((s for s in found if s.quota == quota), None)
    if status is None:
        raise NotFoundError(
            f"an account must be one that is drawn up, got {asset}/{quota} as of {at.isoformat()}"
        )
    unfolding = read_unfolded(services, register, status, depth, first)
    return {"as_of": at, **unfolded_item(unfolding, register, services.rulebook, permit.sees)}


@router.get("/carbon", response_model=AccountList)
def list_carbon(services: Given, permit: Reader, as_of: AsOfParam = None) -> dict[str, Any]:
    """Carbon of the year against the path to the target, location-based, by part and scope."""
    at = as_of_instant(services, as_of)
    carbon = read_accounts(services, services.register_source(), at).carbon
    return {
        "as_of": at,
        "items": [
            carbon_item(s, services.rulebook) for s in carbon.statuses if permit.sees(s.asset)
        ],
        "findings": finding_items(carbon.findings, permit.sees),
    }
