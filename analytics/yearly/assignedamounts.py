"""An assigned target as an absolute amount of the year, so that targets can be summed."""

from collections.abc import Callable
from datetime import date, timedelta

from analytics.totals.segments import Segment
from analytics.yearly.accounts import mean_area_m2, mean_people
from quotawatt.assigned.values import AssignedTarget
from quotawatt.register.model import Building, Organisation, Register
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT, NO_DENOMINATOR
from quotawatt.rulebook.model import Rulebook

HEADCOUNT_COMPONENTS = ("in_post", "non_establishment")
"""Whom a target per head counts: as DB37/T 2672-2019 does; a target names no instrument of its own."""


def amounts_on(
    day: date, register: Register, rulebook: Rulebook
) -> Callable[[AssignedTarget], float | None]:
    """What gives a target's amount by the area and people of ``day``, in the indicator's amount unit.

    It answers None where the area or the people are not known, for indicators that are divided by neither,
    and for those that the rulebook does not have (any more).
    """
    pieces = (Segment(day, day + timedelta(days=1), register.as_of(day)),)

    def amount(target: AssignedTarget) -> float | None:
        indicator = rulebook.indicators.get(target.indicator)
        asset = pieces[0].register.assets.get(target.asset)
        if indicator is None or not isinstance(asset, Organisation | Building):
            return None
        if indicator.denominator == NO_DENOMINATOR:
            return target.amount
        denominator: float | None = None
        if indicator.denominator == GROSS_AREA:
            denominator = mean_area_m2(target.asset, pieces)
        elif indicator.denominator == HEADCOUNT and isinstance(asset, Organisation):
            denominator = mean_people(target.asset, HEADCOUNT_COMPONENTS, pieces)
        return None if denominator is None else target.amount * denominator

    return amount
