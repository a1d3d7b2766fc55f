"""Tests of reduction targets: given a year's use and the base value, where the account must stand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from analytics.carbon.courses import target_statuses
from analytics.carbon.standing import TargetStatus
from analytics.packtests.world import ORGANISATION, ZONE, made_use
from quotawatt.register.model import BaseValue, Building, Headcount, Organisation, Register, Site
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.targets import Target

BASE_VALUE = "base_value"
"""The base year's figure, in the target's own unit."""


def judged_target(
    target: Target, given: Mapping[str, float], year: int, region: str, rulebook: Rulebook
) -> TargetStatus | str:
    """The account of an organisation made up to fit; a text where there is none.

    given
        Use of the whole year by measure, ``base_value``, area and people.
    """
    use = {name: value for name, value in given.items() if name != BASE_VALUE}
    accounts = target_statuses(
        made_use(use, year, ORGANISATION, None, rulebook),
        _register(target, given, year, region),
        rulebook,
        datetime(year + 1, 1, 1, tzinfo=ZONE).astimezone(UTC),
        ZONE,
    )
    for status in accounts.statuses:
        if (status.asset, status.target) == (ORGANISATION, target.id):
            return status
    return f"an account must be drawn up, got {[f.code for f in accounts.findings]}"


def _register(target: Target, given: Mapping[str, float], year: int, region: str) -> Register:
    people, base = given.get(HEADCOUNT), given.get(BASE_VALUE)
    component = target.headcount_components[0] if target.headcount_components else "in_post"
    return Register(
        organisations=[Organisation(ORGANISATION, "", "", "", "")],
        headcounts=[]
        if people is None
        else [Headcount(ORGANISATION, component, people, date(year, 1, 1))],
        sites=[Site("SITE", "", "", str(ZONE), region, "")],
        buildings=[Building("BLD", "", "", "SITE", ORGANISATION, given.get(GROSS_AREA))],
        base_values=[]
        if base is None
        else [BaseValue(ORGANISATION, target.measure, target.base_year, base, "given by the test")],
    )
