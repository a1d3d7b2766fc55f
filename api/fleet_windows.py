"""The times of orders that stand, read as they are needed for sums: not as whole orders."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from analytics.fleet.carrying import OrderWindow
from api.services import Services
from quotawatt.dispatch.book import during
from quotawatt.dispatch.order import ENTITLING, OrderState
from quotawatt.spans import local_midnight
from quotawatt.storage.fleet_tables import dispatch_orders


def order_windows(
    services: Services, vehicles: Collection[str], first: date, until: date
) -> list[OrderWindow]:
    """Of the vehicles' orders that were approved and overlap the local days ``[first, until)``.

    As they were driven where that was told, else as planned.
    """
    t, zone = dispatch_orders.c, ZoneInfo(services.settings.timezone)
    wanted, now = frozenset(vehicles), services.clock()
    states = sorted(state.value for state in ENTITLING)
    query = select(
        *(t.vehicle, t.planned_start, t.planned_end),
        *(t.left_at, t.returned_at, t.passengers, t.state),
    ).where(during(local_midnight(first, zone), local_midnight(until, zone)), t.state.in_(states))
    with services.records.connect() as conn:
        rows = [row for row in conn.execute(query) if row.vehicle in wanted]
    return [
        OrderWindow(
            vehicle=row.vehicle,
            start=row.left_at or row.planned_start,
            end=now if row.state == OrderState.UNDER_WAY else row.returned_at or row.planned_end,
            passengers=row.passengers,
        )
        for row in rows
    ]
