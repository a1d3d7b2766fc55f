from zoneinfo import ZoneInfo

import pytest

from alerts.places import organisation_of, zone_of
from quotawatt.register.model import (
    Building,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Vehicle,
)

DEFAULT = ZoneInfo("Asia/Shanghai")
REGISTER = Register(
    organisations=[
        Organisation("ORG-1", "甲", "A", "party_government", "city"),
        Organisation("ORG-2", "乙", "B", "party_government", "city"),
    ],
    sites=[
        Site("SITE-1", "东", "East", "Asia/Urumqi", "x", "B"),
        Site("SITE-2", "西", "West", "Europe/London", "x", "B"),
    ],
    buildings=[
        Building("BLD-1", "一", "One", "SITE-1", "ORG-1"),
        Building("BLD-2", "二", "Two", "SITE-2", "ORG-1"),
        Building("BLD-3", "三", "Three", "SITE-2", "ORG-2"),
    ],
    meters=[Meter("MTR-1", "表", "Meter", "BLD-1", "water")],
    pv_plants=[PvPlant("PV-3", "伏", "Plant", "BLD-3", 10.0)],
    vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-2", "鲁Z1", "car", "petrol")],
)


@pytest.mark.parametrize(
    ("code", "organisation", "zone"),
    [
        ("ORG-2", "ORG-2", "Asia/Shanghai"),
        ("SITE-1", "ORG-1", "Asia/Urumqi"),
        ("SITE-2", None, "Europe/London"),  # two organisations share it: neither answers alone
        ("BLD-1", "ORG-1", "Asia/Urumqi"),
        ("MTR-1", "ORG-1", "Asia/Urumqi"),
        ("PV-3", "ORG-2", "Europe/London"),
        ("VEH-1", "ORG-2", "Asia/Shanghai"),
        ("GONE-1", None, "Asia/Shanghai"),
    ],
)
def test_who_answers_and_by_which_clock(code: str, organisation: str | None, zone: str) -> None:
    found = organisation_of(REGISTER, code)
    assert (found.code if found else None) == organisation
    assert zone_of(REGISTER, code, DEFAULT).key == zone
