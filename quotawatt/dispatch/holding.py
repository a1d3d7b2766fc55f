"""Which orders hold a vehicle or a driver at a time, of many that were read at once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from quotawatt.dispatch.order import Order


class Held:
    """Orders by their vehicle or driver.

    ``column``: ``vehicle`` or ``driver``; ``now``: until when one that is not back goes on.
    """

    def __init__(self, orders: Iterable[Order], column: str, now: datetime) -> None:
        self._now = now
        self._by_code: dict[str, list[Order]] = {}
        for order in orders:
            code = getattr(order, column)
            if code:
                self._by_code.setdefault(code, []).append(order)
        self._longest = timedelta()
        for some in self._by_code.values():
            some.sort(key=lambda order: (order.start, order.number))
            self._longest = max(self._longest, *(o.end_by(now) - o.start for o in some))

    def during(self, code: str, start: datetime, end: datetime) -> Sequence[Order]:
        """Those of a code that hold it at some time of ``[start, end)``, by start."""
        some = self._by_code.get(code, [])
        first = bisect_left(some, start - self._longest, key=lambda order: order.start)
        last = bisect_right(some, end, key=lambda order: order.start)
        return [o for o in some[first:last] if o.start < end and o.end_by(self._now) > start]
