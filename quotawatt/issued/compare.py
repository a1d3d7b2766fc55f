"""What was issued against what the data say now, at the precision in which it was printed.

Figures of a snapshot stand in its content under ``figures``: id → ``{"value": 12.3, "decimals": 1}``. A
value is a number, a text, or None: unknown. ``decimals`` is how many were printed; left out: none.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from quotawatt.findings import Finding
from quotawatt.issued.book import Issued

ISSUED_DIFFERS = "issued_differs"
"""The data say something else than what was issued: a correction (更正) is needed."""

Value = float | int | str | None

_SHOWN = 5
"""So many cells a finding names."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not any more what was issued; both as they print. None: unknown."""

    cell: str
    before: Value
    after: Value


def printed(value: Value, decimals: int = 0) -> Value:
    """A number as it prints: rounded half away from zero, as people round; NaN as None.

    The decimal digits that the number shows are rounded, not its binary value: 2.675 becomes 2.68.
    """
    if value is None or isinstance(value, str):
        return value
    if math.isnan(value):
        return None
    step = Decimal(1).scaleb(-decimals)
    rounded = float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP))
    return rounded + 0.0  # no minus zero


def differences(content: Mapping[str, Any], live: Mapping[str, Value]) -> list[Difference]:
    """The figures of a snapshot's content that print otherwise now, by id.

    live
        Present values by the same ids. One that is missing is unknown now; one that the snapshot does not
        have was not asked for then and is left out.
    """
    found = []
    for cell, figure in sorted(content.get("figures", {}).items()):
        decimals = figure.get("decimals", 0)
        before = printed(figure.get("value"), decimals)
        after = printed(live.get(cell), decimals)
        if before != after:
            found.append(Difference(cell, before, after))
    return found


def differing(pairs: Iterable[tuple[Issued, Mapping[str, Value]]]) -> list[Finding]:
    """A finding for each snapshot that its live figures (see ``differences``) contradict."""
    found = []
    for snapshot, live in pairs:
        changed = differences(snapshot.content, live)
        if changed:
            found.append(_finding(snapshot, changed))
    return found


def _finding(snapshot: Issued, changed: list[Difference]) -> Finding:
    first = changed[0]
    named = ", ".join(one.cell for one in changed[:_SHOWN])
    return Finding(
        ISSUED_DIFFERS,
        snapshot.subject,
        {
            "issued": snapshot.number,
            "period": snapshot.period,
            "count": len(changed),
            "cells": named if len(changed) <= _SHOWN else f"{named}, …",
            "cell": first.cell,
            "issued_value": first.before,
            "present_value": first.after,
        },
    )
