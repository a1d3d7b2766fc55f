"""A small register for the tests of the pool: three organisations, what they have, and who may want it."""

from datetime import UTC, date, datetime

from quotawatt.register.model import (
    Building,
    Equipment,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.register.pool import Terms
from quotawatt.register.pool_book import Act

AT = datetime(2024, 3, 1, 2, tzinfo=UTC)
DAY = date(2024, 3, 4)

WORLD = Register(
    organisations=[
        Organisation("TOP", "上级", "Upper", "party_government", "city"),
        Organisation("A", "甲", "First", "party_government", "city", "TOP"),
        Organisation("B", "乙", "Second", "party_government", "city", "TOP"),
        Organisation("C", "丙", "Third", "party_government", "city"),
    ],
    sites=[Site("SITE", "院", "Court", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("BLD-A", "甲楼", "House A", "SITE", "A"),
        Building("BLD-B", "乙楼", "House B", "SITE", "B"),
    ],
    spaces=[
        Space("R-1", "一号会议室", "Meeting room one", "BLD-A", "meeting", 60.0),
        Space("R-2", "办公室", "Office", "BLD-A", "office", 30.0, post="staff", occupants=3),
    ],
    equipment=[
        Equipment(
            "P-1", "打印机一", "Printer one", "printer_a4", "A", building="BLD-A", space="R-2"
        ),
        Equipment("P-2", "打印机二", "Printer two", "printer_a3", "B", building="BLD-B"),
        Equipment("H-1", "热泵", "Heat pump", "heat_pump", "C", rated_power_kw=40.0, status="idle"),
        Equipment("X-1", "旧机", "Old one", "printer_a4", "A", status="disposed"),
    ],
    vehicles=[
        Vehicle(
            "V-1",
            "一号车",
            "Car one",
            "A",
            "",
            "sedan",
            "petrol",
            home_site="SITE",
            driver_pool="day shift",
        )
    ],
)

LENT = Terms("lend", location="甲楼二层", condition="完好")
FOR_GOOD = Terms("transfer")


def act(actor: str = "somebody", note: str = "", day: date | None = DAY) -> Act:
    """A deed of the tests."""
    return Act(actor, AT, note, day)
