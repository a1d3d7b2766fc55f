"""What a case comes to in coal equivalent, share, money and carbon, as a value."""

from dataclasses import dataclass, fields
from typing import Any

from quotawatt.rulebook.basics import Trust


@dataclass(frozen=True, slots=True)
class Impact:
    """How much too much. What is not known is None (a text: empty), never 0.

    amount
        What went beyond the limit, in ``unit``; where ``projected`` what will have by year's end.
    kgce, basis, factor_set
        The same in coal equivalent; ``basis`` is 等价 or 当量 where electricity is in it, else empty.
    share_pct
        Of the quota, target or expectation: used, or projected for the year.
    cost_cny
        What it cost: the amount at the average price of the span that it is of.
    kgco2, kgco2_trust
        What was emitted for it, and how well the factor is known (a ``Trust``; empty: no factor of its own).
    """

    amount: float | None = None
    unit: str = ""
    projected: bool = False
    kgce: float | None = None
    basis: str = ""
    factor_set: str = ""
    kgce_trust: Trust = Trust.SOURCE
    share_pct: float | None = None
    cost_cny: float | None = None
    kgco2: float | None = None
    kgco2_trust: Trust = Trust.SOURCE

    def as_json(self) -> dict[str, Any]:
        """Plain JSON of what is known."""
        values = {name: getattr(self, name) for name in _NAMES}
        known = {name: value for name, value in values.items() if value not in (None, "")}
        for figure in ("kgce", "kgco2"):
            if figure not in known:
                del known[f"{figure}_trust"]
        return known if self.amount is not None else {}


_NAMES = tuple(field.name for field in fields(Impact))

NOTHING_KNOWN = Impact()
