"""Prices that people stated: what a bill or purchase by hand cost, divided by what it was for."""

import numpy as np
from sqlalchemy import Connection, select

from analytics.grid import Floats, Key, Micros, instant_of, micros_of
from quotawatt.hand.entries import BILL, PURCHASE
from quotawatt.storage.hand_tables import hand_entries


def stated_prices(conn: Connection, starts: Micros) -> dict[Key, Floats]:
    """By point CNY a unit in each hour, NaN where no entry with money is of it.

    Points that no entry is of are left out. A bill's money is for its amount, a purchase's for what was
    bought. An hour goes by its start.
    """
    if not len(starts):
        return {}
    t = hand_entries.c
    query = (
        select(t.subject, t.quantity, t.start, t.end, t.kind, t.amount, t.bought, t.cost_cny)
        .where(t.latest, ~t.withdrawn, t.kind.in_((BILL, PURCHASE)), t.cost_cny.is_not(None))
        .where(t.end > instant_of(starts[0]), t.start <= instant_of(starts[-1]))
        .order_by(t.start)
    )
    found: dict[Key, Floats] = {}
    for subject, quantity, start, end, kind, amount, bought, cost in conn.execute(query):
        key, units = Key(subject, quantity), bought if kind == PURCHASE else amount
        if units:
            prices = found.setdefault(key, np.full(len(starts), np.nan))
            prices[(starts >= micros_of(start)) & (starts < micros_of(end))] = cost / units
    return found
