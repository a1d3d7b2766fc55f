"""Alerts: what is over, since when, under which clause; and taking one up."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from api.alertlist import alert_item, list_alerts
from api.auth import Actor
from api.params import Given, LimitParam, OffsetParam, require_asset
from api.queries import page_of_rows
from api.schemas import Acknowledgement, Page
from quotawatt.errors import NotFoundError
from quotawatt.storage.tables import alerts

router = APIRouter(tags=["alerts"])

State = Literal["inactive", "pending", "firing", "resolved"]


@router.get("/alerts", response_model=Page)
def read_alerts(
    services: Given,
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
        require_asset(register, asset)
    states = state or ["pending", "firing"]
    total, items = list_alerts(services, register, states, limit, offset, asset)
    return {"total": total, "items": items}


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge_alert(
    services: Given,
    actor: Actor,
    alert_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    body: Acknowledgement,
) -> dict[str, Any]:
    """Say that somebody has taken the alert up. It stays open until its condition clears."""
    services.alerts.acknowledge(alert_id, actor, body.comment, services.clock())
    _, rows = page_of_rows(services.records, alerts, [alerts.c.id == alert_id], [], 1, 0)
    if not rows:
        raise NotFoundError(f"an alert must exist by its number, got {alert_id}")
    return alert_item(rows[0], services.register_source(), services.rulebook)
