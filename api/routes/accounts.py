"""Quota and carbon: the yearly account of every organisation and building, unfolded and cited."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path

from api.access import Permit, needs
from api.accounts import (
    carbon_item,
    finding_items,
    quota_item,
    read_accounts,
    require_account_holder,
)
from api.params import AsOfParam, Given, parse_instant
from api.schemas import AccountList
from api.services import Services
from quotawatt.access.roles import Permission

router = APIRouter(tags=["accounts"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
AssetPath = Annotated[str, Path(description="An organisation's or a building's code")]


def _as_of(services: Services, text: str | None) -> datetime:
    if text is None:
        return services.clock()
    return parse_instant(text, "as_of", ZoneInfo(services.settings.timezone))


def _quota(
    services: Services, permit: Permit, as_of: datetime, asset: str | None
) -> dict[str, Any]:
    register = services.register_source()
    if asset is not None:
        permit.require(asset)
        require_account_holder(register, asset)
    quotas = read_accounts(services, register, as_of).quotas
    statuses = [s for s in quotas.statuses if asset in (None, s.asset) and permit.sees(s.asset)]
    return {
        "as_of": as_of,
        "items": [quota_item(s, services.rulebook) for s in statuses],
        "findings": finding_items(quotas.findings, permit.sees, asset),
    }


@router.get("/quota", response_model=AccountList)
def list_quota(services: Given, permit: Reader, as_of: AsOfParam = None) -> dict[str, Any]:
    """Every account: use, tier, share, projection, what it is made of, clause and trust marks.

    An account that cannot be drawn up is a finding instead.
    """
    return _quota(services, permit, _as_of(services, as_of), None)


@router.get("/quota/{asset}", response_model=AccountList)
def read_quota(
    services: Given, permit: Reader, asset: AssetPath, as_of: AsOfParam = None
) -> dict[str, Any]:
    """The accounts of one organisation or building."""
    return _quota(services, permit, _as_of(services, as_of), asset)


@router.get("/carbon", response_model=AccountList)
def list_carbon(services: Given, permit: Reader, as_of: AsOfParam = None) -> dict[str, Any]:
    """Carbon of the year against the path to the target, location-based, by part and scope."""
    at = _as_of(services, as_of)
    carbon = read_accounts(services, services.register_source(), at).carbon
    return {
        "as_of": at,
        "items": [
            carbon_item(s, services.rulebook) for s in carbon.statuses if permit.sees(s.asset)
        ],
        "findings": finding_items(carbon.findings, permit.sees),
    }
