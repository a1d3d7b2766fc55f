"""Four offices of one city with a building each: small enough to rank by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from analytics.assessment.figures import Amount, Amounts, Books, books_of
from analytics.assessment.periods import Period, parse_period
from quotawatt.register.model import Building, Headcount, Organisation, Register, Site, Vehicle
from quotawatt.rulebook.assessment import Convert, Ranking
from quotawatt.rulebook.basics import Text, Trust
from tests.api.scene import shipped_rulebook

ELECTRICITY = "electricity_import_kwh"
YEAR = parse_period("2023")
BOOK = shipped_rulebook()
PER_AREA = Ranking(
    id="test-area",
    title=Text("单位面积电耗", "Electricity per area"),
    unit="kWh/m²",
    convert=Convert.NONE,
    factor_set="",
    measures=(ELECTRICITY,),
    denominator="gross_area_m2",
    headcount_components=(),
    least_coverage=0.9,
    least_peers=3,
    indicator="electricity_kwh_per_m2",
    trust=Trust.UNVERIFIED,
)
COAL = replace(
    PER_AREA,
    id="test-coal",
    convert=Convert.COAL,
    factor_set="db37t2672-2019",
    measures=(ELECTRICITY, "gas_m3", "petrol_l"),
    indicator="",
)


def register_of(count: int = 4, **changes: Mapping[str, object]) -> Register:
    """Offices A, B, C, ... below TOP, with buildings a, b, c, ... of 1,000 m²; ``changes`` by code."""
    names = [chr(ord("A") + n) for n in range(count)]
    offices = [Organisation("TOP", "上级", "Top", "party_government", "province")]
    offices += [
        Organisation(n, f"{n}局", f"Office {n}", "party_government", "city", "TOP") for n in names
    ]
    buildings = [Building(n.lower(), f"{n}楼", f"House {n}", "S", n, 1000.0) for n in names]
    return Register(
        organisations=[replace(o, **changes.get(o.code, {})) for o in offices],
        headcounts=[Headcount(n, "in_post", 50, date(2020, 1, 1)) for n in ["TOP", *names]],
        sites=[Site("S", "院", "Compound", "Asia/Shanghai", "shandong", "B")],
        buildings=[replace(b, **changes.get(b.code, {})) for b in buildings],
        vehicles=[Vehicle("CAR", "车", "Car", names[0], "鲁A00001", "car", "petrol")],
    )


def books(register: Register, period: Period = YEAR) -> Books:
    """The shipped rulebook's books of a period."""
    return books_of(register, BOOK, period)


def used(coverage: float = 1.0, measure: str = ELECTRICITY, **values: float) -> Amounts:
    """Use of one measure by subject."""
    return {(code, measure): Amount(value, coverage) for code, value in values.items()}
