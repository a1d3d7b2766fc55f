"""What the ledger says of orders and of fuel-card rows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from quotawatt.dispatch.order import Order
from quotawatt.ledger import Ledger


def tell_order(
    conn: Connection,
    action: str,
    after: Order,
    before: Order | None,
    actor: str,
    now: datetime,
    note: str = "",
) -> None:
    """Put a deed down: its subject is the vehicle, as long as there is none the organisation."""
    Ledger(conn.engine).append(
        conn,
        at=now,
        actor=actor,
        action=action,
        subject=after.vehicle or after.organisation,
        detail={
            "order": after.number,
            "state": after.state.value,
            **({"note": note} if note else {}),
        },
        before=None if before is None else plain(before),
        after=plain(after),
        mentions=[after.organisation],
    )


def tell_import(
    conn: Connection,
    action: str,
    changes: Sequence[tuple[dict[str, Any] | None, dict[str, Any] | None]],
    codes: Sequence[str],
    detail: dict[str, Any],
    actor: str,
    now: datetime,
) -> None:
    """Put an import down in one entry: what each row was and became, and the assets it is about."""
    assets = sorted({code for code in codes if code})
    Ledger(conn.engine).append(
        conn,
        at=now,
        actor=actor,
        action=action,
        subject=assets[0] if len(assets) == 1 else "dispatch",
        detail={"rows": len(changes), **detail},
        before=[before for before, _ in changes],
        after=[after for _, after in changes],
        mentions=assets,
    )


def plain(value: Any) -> dict[str, Any]:
    """A value's fields as plain JSON, those that say nothing left out."""
    return {
        name: given.isoformat() if isinstance(given, datetime) else given
        for name, given in asdict(value).items()
        if given not in (None, "")
    }
