"""What a subject is called in the middle of a sentence."""

import pytest

from analytics.overuse.context import context_of
from quotawatt.register.model import Building, Equipment, Meter, Register, Site
from tests.analytics.overuse.offices import ELECTRICITY, ZONE

REGISTER = Register(
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-B", "B座", "Block B", "SITE-1", "ORG-1")],
    equipment=[Equipment("EQP-1", "一号冷机", "Chiller 1", "chiller", "ORG-1", "BLD-B")],
    meters=[
        Meter("E", "总表", "main meter", "BLD-B", "electricity"),
        Meter("E-B", "空调表", "cooling meter", "BLD-B", "electricity", "B", "E"),
        Meter("E-A1", "一层", "floor 1", "BLD-B", "electricity", "A", "E"),
        Meter("E-A2", "二层", "floor 2", "BLD-B", "electricity", "A", "E"),
        Meter("E-B1E", "热水泵", "hot water", "BLD-B", "electricity", "B1E", "E-B"),
        Meter(
            "E-CH", "冷机表", "chiller meter", "BLD-B", "electricity", "B1", "E-B", None, "EQP-1"
        ),
        Meter("E-X", "支路", "branch X", "BLD-B", "electricity", "", "E"),
        Meter("W", "水表", "water meter", "BLD-B", "water"),
    ],
)


@pytest.mark.parametrize(
    ("subject", "measure", "en", "zh", "is_whole"),
    [
        ("BLD-B", ELECTRICITY, "the electricity use of Block B", "B座用电", True),
        ("E", ELECTRICITY, "the electricity use of Block B", "B座用电", True),
        ("W", "water_m3", "the water use of Block B", "B座用水", True),
        ("E-B", ELECTRICITY, "the air conditioning of Block B", "B座空调", False),
        ("BLD-B/item:B", ELECTRICITY, "the air conditioning of Block B", "B座空调", False),
        (
            "E-A1",
            ELECTRICITY,
            "the lighting and socket supply of Block B (floor 1)",
            "B座照明插座（一层）",
            False,
        ),
        ("E-CH", ELECTRICITY, "Chiller 1 in Block B", "B座一号冷机", False),
        # An item without words of its own goes by the one that it is within.
        (
            "E-B1E",
            ELECTRICITY,
            "the plant room of cooling and heating of Block B",
            "B座冷热站",
            False,
        ),
        ("E-X", ELECTRICITY, "the electricity use of Block B (branch X)", "B座用电（支路）", True),
        ("NEW-1", ELECTRICITY, "the electricity use of NEW-1", "NEW-1用电", True),
    ],
)
def test_names(subject: str, measure: str, en: str, zh: str, is_whole: bool) -> None:
    found = context_of(REGISTER, subject, measure, ZONE)
    assert (found.what["en"], found.what["zh"], found.is_whole) == (en, zh, is_whole)
    assert found.quota is None
