"""What was entered by hand: whether telemetry says the same, and whether it goes on."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

from analytics.reconciliation.entered import Compared
from analytics.reconciliation.world import GONE, World, iso
from quotawatt.findings import Evidence, Finding
from quotawatt.hand.entries import READING, asset_of
from quotawatt.spans import DAY

WITHIN = 0.02
"""So far the two may differ: two meters of class 2, and readings some minutes apart. Our own choice."""
HINT_WITHIN = 0.03
OVERDUE_AFTER = 40 * DAY
MONTHLY_DAYS = 35.0
"""Entries are monthly where their usual distance is no longer."""
ENTRIES_LEAST = 3
_LAST = 12

_KBTU_PER_KWH = 3.412
_DECIMALS = (10.0, 100.0, 1000.0)


def differing(world: World) -> Iterator[Finding]:
    """``hand_differs``: entries by hand and the device's count of the same time are further apart than
    2 % or one unit of the register."""
    for one in world.by_hand.compared:
        unit = one.multiplier if one.kind == READING else 1.0
        larger = max(one.entered, one.counted)
        if abs(one.entered - one.counted) <= max(WITHIN * larger, unit):
            continue
        detail: Evidence = {
            "quantity": one.point.measure,
            "column": one.kind,
            "since": iso(one.span.start),
            "until": iso(one.span.end),
            "entered": one.entered,
            "counted": one.counted,
            "hint": likely_cause(one),
        }
        yield Finding("hand_differs", asset_of(one.point.subject), detail)


def overdue(world: World) -> Iterator[Finding]:
    """``hand_overdue``: a point that was entered monthly has had nothing for 40 days, and no device."""
    for point, ends in world.by_hand.ends.items():
        asset = asset_of(point.subject)
        known = asset in world.register.assets and world.status(asset) not in GONE
        if not known or point in world.by_hand.fed or not _is_monthly(ends):
            continue
        if world.now - ends[-1] > OVERDUE_AFTER:
            days = (world.now - ends[-1]) // DAY
            detail: Evidence = {"quantity": point.measure, "since": iso(ends[-1]), "days": days}
            yield Finding("hand_overdue", asset, detail)


def likely_cause(one: Compared) -> str:
    """What a difference looks like: ``hint_multiplier``, ``hint_kbtu``, ``hint_decimal``, ``hint_other``."""
    if min(one.entered, one.counted) <= 0:
        return "hint_other"
    ratio = max(one.entered, one.counted) / min(one.entered, one.counted)
    if one.multiplier != 1 and _near(ratio, max(one.multiplier, 1 / one.multiplier)):
        return "hint_multiplier"
    if _near(ratio, _KBTU_PER_KWH):
        return "hint_kbtu"
    return "hint_decimal" if any(_near(ratio, tens) for tens in _DECIMALS) else "hint_other"


def _near(ratio: float, factor: float) -> bool:
    return abs(ratio / factor - 1) <= HINT_WITHIN


def _is_monthly(ends: Sequence[datetime]) -> bool:
    newest = ends[-_LAST:]
    if len(newest) < ENTRIES_LEAST:
        return False
    return median((later - earlier) / DAY for earlier, later in pairwise(newest)) <= MONTHLY_DAYS
