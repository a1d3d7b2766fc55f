"""Alerts: what is over, since when, under which clause; and taking one up."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from alerts.cases.of_alerts import cases_of_alerts
from api.access import Permit, needs
from api.alertlist import alert_item, list_alerts
from api.cases import take_up_alert
from api.params import Given, LimitParam, OffsetParam, require_asset
from api.queries import page_of_rows
from api.schemas import Acknowledgement, Page
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.storage.tables import alerts

router = APIRouter(tags=["alerts"])

State = Literal["inactive", "pending", "firing", "resolved"]


@router.get("/alerts", response_model=Page)
def read_alerts(
    services: Given,
    permit: Annotated[Permit, needs(Permission.RESULTS_READ)],
    state: Annotated[
        list[State] | None, Query(description="May be repeated; default pending and firing")
    ] = None,
    asset: Annotated[str | None, Query(description="Only those of this code")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Alerts with rule, clause, advice and evidence, the longest firing first."""
    register = services.register_source()
    if asset is not None:
        permit.require(asset)
        require_asset(register, asset)
    states = state or ["pending", "firing"]
    total, items = list_alerts(services, register, states, limit, offset, permit.sees, asset)
    return {"total": total, "items": items}


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge_alert(
    services: Given,
    permit: Annotated[Permit, needs(Permission.ALERTS_ACT)],
    alert_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    body: Acknowledgement,
) -> dict[str, Any]:
    """Say that somebody has taken the alert's case up. It fires until its condition clears."""
    require_alert(services, permit, alert_id)
    take_up_alert(services, permit, alert_id, body.comment)
    row = require_alert(services, permit, alert_id)
    with services.records.connect() as conn:
        case = cases_of_alerts(conn, [alert_id]).get(alert_id)
    return alert_item(row, case, services.register_source(), services)


def require_alert(services: Services, permit: Permit, alert_id: int) -> dict[str, Any]:
    """The alert of this number. Raises NotFoundError where there is none within reach."""
    _, rows = page_of_rows(services.records, alerts, [alerts.c.id == alert_id], [], 1, 0)
    if not rows or not permit.sees(rows[0]["asset"]):
        raise NotFoundError(f"an alert must exist by its number, got {alert_id}")
    return rows[0]
