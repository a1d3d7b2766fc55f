"""A small register for the tests of entries by hand, and entries of it."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.hand.drafting import drafted
from quotawatt.hand.entries import Entry, Stored, subject_of
from quotawatt.hand.planning import Plan, make_plan
from quotawatt.hand.setting import Setting
from quotawatt.register.model import (
    Binding,
    Building,
    Equipment,
    FormerValue,
    Meter,
    Organisation,
    Register,
    Site,
    Vehicle,
)
from quotawatt.register.problems import Where
from quotawatt.register.rows import Row

ZONE = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 7, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SWAPPED = datetime(2024, 3, 1, tzinfo=UTC)

REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲", "First", "party_government", "city")],
    sites=[
        Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B"),
        Site("SITE-2", "外院", "Beyond", "Europe/Berlin", "elsewhere", "B"),
    ],
    buildings=[
        Building("BLD-1", "一号楼", "One", "SITE-1", "ORG-1", 1000.0, 800.0),
        Building("BLD-2", "二号楼", "Two", "SITE-2", "ORG-1", 500.0),
        Building("BLD-3", "三号楼", "Three", "SITE-1", "ORG-1"),
    ],
    meters=[
        Meter("WATER", "水表", "Water", "BLD-1", "water"),
        Meter("HEAT", "热表", "Heat", "BLD-1", "heat"),
        Meter("SWAP", "换过的表", "Replaced", "BLD-1", "water"),
        Meter("SIZED", "五位表", "Five digits", "BLD-1", "water"),
        Meter("BOUND", "人工绑定", "Bound by hand", "BLD-1", "water"),
        Meter("BERLIN", "柏林水表", "Berlin", "BLD-2", "water"),
    ],
    equipment=[Equipment("EQ-1", "冷机", "Chiller", "chiller", "ORG-1")],
    vehicles=[Vehicle("CAR-1", "车", "Car", "ORG-1", "鲁A00001", "car", "petrol")],
    bindings=[
        Binding("dev-a", "SWAP", LONG_AGO, valid_until=SWAPPED),
        Binding("dev-b", "SWAP", SWAPPED),
        Binding("dev-c", "SIZED", LONG_AGO, register_size=100000.0),
        Binding("asset:BOUND", "BOUND", SWAPPED, register_size=1000.0),
    ],
    former_values=[FormerValue("BLD-1", "heated_area_m2", "600", date(2024, 1, 1))],
)
SETTING = Setting(REGISTER, ZONE, NOW)


def row(number: int = 2, **cells: Any) -> Row:
    """A row of a form; days may be texts."""
    said = {
        name: date.fromisoformat(cell) if name.endswith("_day") and isinstance(cell, str) else cell
        for name, cell in cells.items()
    }
    return Row(Where("表", number), said)


def reading(day: str, value: float, asset: str = "WATER", number: int = 2, **more: Any) -> Row:
    """A reading at a local midnight, or at a time."""
    return row(number, asset=asset, time=datetime.fromisoformat(day), value=value, **more)


def bill(first: str, last: str, amount: float, asset: str = "WATER", **more: Any) -> Row:
    """A bill."""
    return row(asset=asset, first_day=first, last_day=last, amount=amount, **more)


def fuel(first: str, last: str, bought: float, **more: Any) -> Row:
    """A purchase of coal by the organisation."""
    said = {"asset": "ORG-1", "quantity": "coal_kg", **more}
    return row(first_day=first, last_day=last, bought=bought, **said)


def plan(
    *rows: Row,
    form: str = "hand_readings",
    kept: tuple[Entry, ...] = (),
    setting: Setting = SETTING,
) -> Plan:
    """What rows of one form do beside kept entries."""
    drafts, problems = drafted({form: rows}, setting)
    return make_plan(drafts, stored(*kept), setting, wrong=problems)


def stored(*entries: Entry) -> list[Stored]:
    """Entries as they are kept, numbered from 1."""
    return [
        Stored(n, 1, entry, subject_of(entry.asset, REGISTER), False, "test", NOW, 1, True)
        for n, entry in enumerate(entries, start=1)
    ]


def entry(of: Row, form: str = "hand_readings") -> Entry:
    """The entry of a row without mistakes."""
    (made,) = plan(of, form=form).added
    return made


def broken(found: Plan) -> list[tuple[str, str]]:
    """Column and rule of each problem."""
    return [(problem.where.column, problem.rule.code) for problem in found.problems]
