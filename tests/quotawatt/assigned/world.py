"""A city with two offices below it by region, one more by system, and what is set for them in the tests."""

from datetime import UTC, date, datetime

from quotawatt.assigned.wishes import MONTHS, REVISION, TARGET, Setting, Wish
from quotawatt.register.model import Building, Organisation, Register, Site

AT = datetime(2026, 1, 20, 2, tzinfo=UTC)

REGISTER = Register(
    organisations=[
        Organisation("CITY", "市", "City", "party_government", "city"),
        Organisation("EDU", "教育局", "Education", "party_government", "city", "CITY"),
        Organisation("TAX", "税务局", "Tax", "party_government", "city", "CITY"),
        Organisation("SCHOOL", "学校", "School", "party_government", "city", None, "EDU"),
        Organisation("OFFICE", "科", "Office", "party_government", "city", "EDU"),
    ],
    sites=[Site("SITE", "院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("B-EDU", "一号楼", "One", "SITE", "EDU", 1000.0),
        Building("B-TAX", "二号楼", "Two", "SITE", "TAX", 2000.0),
    ],
)


def setting(*seen: str, everywhere: bool = False) -> Setting:
    """What somebody who reaches these codes (none: all) is judged by."""
    sees = (lambda _: True) if not seen else seen.__contains__
    return Setting(REGISTER, {"electricity_kwh", "water_m3"}, {"q-1"}, sees, everywhere)


def target(asset: str, amount: float, **changes: object) -> Wish:
    """100 by the city in January 2026, where nothing else is said."""
    given = {
        "kind": TARGET,
        "asset": asset,
        "name": "electricity_kwh",
        "year": 2026,
        "amounts": (amount,),
        "document": "2026-12",
        "decided_on": date(2026, 1, 15),
        "assigner": "CITY",
    }
    return Wish(**{**given, **changes})  # type: ignore[arg-type]


def revision(value: float, **changes: object) -> Wish:
    """Of the quota of the education office's building."""
    return target("B-EDU", value, **{"kind": REVISION, "name": "q-1", "assigner": "", **changes})


def months(*amounts: float, **changes: object) -> Wish:
    """Of the same account."""
    return revision(1.0, **{"kind": MONTHS, "amounts": amounts, **changes})
