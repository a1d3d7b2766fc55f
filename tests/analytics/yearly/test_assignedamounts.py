"""Targets as amounts of the year: absolute, per m², per head, and where that is not known."""

from datetime import UTC, date, datetime

import pytest

from analytics.yearly.assignedamounts import amounts_on
from quotawatt.assigned.values import AssignedTarget, Decision
from quotawatt.register.model import Building, Headcount, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook

DAY = date(2026, 3, 1)
DECISION = Decision(
    "2026-12", date(2026, 1, 15), "", "", "manager", datetime(2026, 1, 20, tzinfo=UTC)
)
BOOK = load_rulebook()
REGISTER = Register(
    organisations=[
        Organisation("CITY", "市", "City", "party_government", "city"),
        Organisation("EDU", "教育局", "Education", "party_government", "city", "CITY"),
    ],
    headcounts=[
        Headcount("CITY", "in_post", 10, date(2020, 1, 1)),
        Headcount("EDU", "in_post", 30, date(2020, 1, 1)),
        Headcount("EDU", "service", 100, date(2020, 1, 1)),
    ],
    sites=[Site("SITE", "院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("B-CITY", "一号楼", "One", "SITE", "CITY", 1000.0),
        Building("B-EDU", "二号楼", "Two", "SITE", "EDU", 500.0),
    ],
)


@pytest.mark.parametrize(
    ("asset", "indicator", "amount"),
    [
        ("CITY", "electricity_kwh", 2.0),
        ("CITY", "electricity_kwh_per_m2", 3000.0),  # 1,500 m² with all below
        ("B-EDU", "electricity_kwh_per_m2", 1000.0),
        ("CITY", "water_m3_per_head", 80.0),  # 40 people; service staff does not count
        ("B-EDU", "water_m3_per_head", None),  # nobody knows who is in a building
        ("EDU", "no-such-indicator", None),
        ("NOBODY", "electricity_kwh", None),
    ],
)
def test_two_of_each(asset: str, indicator: str, amount: float | None) -> None:
    target = AssignedTarget(
        asset, indicator, 2026, 2.0, "CITY", "region", 1, date(2026, 1, 1), False, DECISION
    )
    assert amounts_on(DAY, REGISTER, BOOK)(target) == pytest.approx(amount)


def test_an_area_that_is_not_known_is_no_amount() -> None:
    register = Register(
        organisations=list(REGISTER.organisations.values()),
        sites=list(REGISTER.sites.values()),
        buildings=[Building("B-EDU", "二号楼", "Two", "SITE", "EDU", None)],
    )
    target = AssignedTarget(
        "EDU", "electricity_kwh_per_m2", 2026, 2.0, "CITY", "region", 1, DAY, False, DECISION
    )
    assert amounts_on(DAY, register, BOOK)(target) is None
