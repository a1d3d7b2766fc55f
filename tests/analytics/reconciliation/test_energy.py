"""Books against consumption: parents and children, peers, empty buildings, formulas."""

import csv
import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.grid import Key
from analytics.reconciliation.emptiness import empty_buildings
from analytics.reconciliation.formulas import faulty_formulas
from analytics.reconciliation.gaps import gaps
from analytics.reconciliation.intensities import judge, outliers
from analytics.reconciliation.uses import Use, Uses
from analytics.reconciliation.world import World
from quotawatt.findings import Finding
from quotawatt.register.finding_texts import finding_words
from quotawatt.register.model import Binding, Building, Meter, Register, Space, VirtualMeter
from quotawatt.spans import Span
from tests.analytics.reconciliation.worlds import (
    BUILDING,
    KWH,
    LONG_AGO,
    METER,
    NOW,
    ORGANISATION,
    SITE,
    ZONE,
    register,
    world,
)
from tests.app.real_data import real_data

MONTH = Span(NOW - timedelta(days=30), NOW)
YEAR = Span(NOW - timedelta(days=365), NOW)
CHILDREN = [
    replace(METER, code="C-1", parent="M-1"),
    replace(METER, code="C-2", parent="M-1"),
    replace(METER, code="GONE", parent="M-1", status="disposed"),
]
FAMILY = register(meters=[METER, *CHILDREN])


def using(
    book: Register,
    month: Mapping[str, float] | None = None,
    year: Mapping[str, float] | None = None,
    *,
    measure: str = KWH,
    coverage: Mapping[str, float] | None = None,
) -> World:
    """A world in which so much was used, wholly covered but where ``coverage`` says otherwise."""
    covered = coverage or {}

    def uses(span: Span, values: Mapping[str, float] | None) -> Uses:
        found = {Key(c, measure): Use(v, covered.get(c, 1.0)) for c, v in (values or {}).items()}
        return Uses(span, found)

    return replace(world(book), month=uses(MONTH, month), year=uses(YEAR, year))


def said(finding: Finding, language: str = "en") -> str:
    return finding_words(finding.code, finding.subject, finding.detail, language, ZONE)["sentence"]


@pytest.mark.parametrize(
    ("parent", "children", "code"),
    [
        (1000, (500, 520), None),
        (1000, (500, 540), "children_exceed_parent"),
        (1000, (500, 360), None),
        (1000, (500, 340), "unmetered_rest"),
        (0, (0, 0), None),
        (0, (0.4, 0.4), None),
        (0, (5, 5), "children_exceed_parent"),
    ],
)
def test_children_are_held_against_their_parent(
    parent: float, children: tuple[float, float], code: str | None
) -> None:
    one, two = children
    month = {"M-1": parent, "C-1": one, "C-2": two, "GONE": 900.0}
    assert [f.code for f in gaps(using(FAMILY, month))] == ([code] if code else [])


def test_a_gap_says_how_much_since_when_and_in_whose_words() -> None:
    (finding,) = gaps(using(FAMILY, {"M-1": 1000.0, "C-1": 500.0, "C-2": 600.0}))
    assert finding.subject == "M-1"
    assert said(finding) == (
        "From 2024-05-04 10:00 to 2024-06-03 10:00 M-1 counted 1,000 and the 2 meters behind it 1,100"
        " (electricity (kWh)), 100 or 10 % more."
    )
    assert "M-1 计得 1,000，其下 2 块分表合计 1,100（用电量(kWh)），多出 100，占 10%。" in said(
        finding, "zh"
    )


def test_meters_that_watch_pieces_of_equipment_divide_nothing() -> None:
    month = {"M-1": 1000.0, "C-1": 20.0, "C-2": 30.0}
    rooms = [Space("R-1", "一", "One", "B-1", "office")]

    def serving(*served: str | None) -> list[str]:
        behind = [
            replace(m, serves=s) if s else m for m, s in zip(CHILDREN, (*served, None), strict=True)
        ]
        book = register(meters=[METER, *behind], spaces=rooms)
        return [f.code for f in gaps(using(book, month))]

    assert serving("CHILLER", "PUMP") == []
    assert serving("CHILLER", "R-1") == ["unmetered_rest"]
    assert serving("CHILLER", None) == ["unmetered_rest"]


@pytest.mark.parametrize("code", ["M-1", "C-1"])
def test_an_outage_is_no_gap(code: str) -> None:
    month = {"M-1": 1000.0, "C-1": 100.0, "C-2": 100.0}
    assert not list(gaps(using(FAMILY, month, coverage={code: 0.94})))
    assert not list(gaps(using(FAMILY, {c: v for c, v in month.items() if c != code})))


def estate(areas: Mapping[str, float], **changes: Any) -> Register:
    buildings = [replace(BUILDING, code=c, gross_area_m2=area) for c, area in areas.items()]
    return register(
        buildings=buildings, meters=[replace(METER, building=buildings[0].code)], **changes
    )


AREAS = {f"B-{n}": 1000.0 * n for n in range(1, 8)}
USUAL = {code: area * (80 + 5 * n) for n, (code, area) in enumerate(AREAS.items())}


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (3.412142, "kBtu may have been taken for kWh"),
        (1 / 3.412142, "kBtu may have been taken for kWh"),
        (1000, "a unit may be wrong by kilo"),
        (10, "a decimal point may be wrong"),
        (60, "the multiplier: applied twice or not at all"),
        (6, "no usual mistake"),
    ],
)
def test_a_building_far_from_its_peers_is_told_with_what_it_may_be(
    factor: float, words: str
) -> None:
    book = estate(AREAS, bindings=[Binding("d-1", "M-1", LONG_AGO, multiplier=60.0)])
    # The others have 95 kWh/m² in the middle.
    middle = {c: a * 95.0 if c == "B-1" else USUAL[c] for c, a in AREAS.items()}
    year = {**middle, "B-1": middle["B-1"] * factor}
    (finding,) = outliers(using(book, year=year))
    assert (finding.code, finding.subject, finding.detail["peers"]) == (
        "energy_per_area_outlier", "B-1", 6,
    )  # fmt: skip
    assert words in said(finding)
    assert finding.detail["ratio"] == pytest.approx(factor, rel=0.05)


def test_the_usual_spread_makes_nobody_an_outlier() -> None:
    assert not list(outliers(using(estate(AREAS), year=USUAL)))


def test_few_peers_other_kinds_and_unknown_areas_are_not_judged() -> None:
    wrong = {**USUAL, "B-1": USUAL["B-1"] * 1000}
    few = dict(list(AREAS.items())[:5])
    assert not list(outliers(using(estate(few), year=wrong)))
    sites = [SITE, replace(SITE, code="S-2", quota_zone="Y")]
    houses = estate(AREAS).buildings.values()
    apart = [replace(b, site="S-2") if b.code == "B-1" else b for b in houses]
    book = register(buildings=apart, sites=sites, meters=[])
    assert not list(outliers(using(book, year=wrong)))
    unknown = [replace(b, gross_area_m2=None) if b.code == "B-1" else b for b in houses]
    assert not list(outliers(using(register(buildings=unknown, meters=[]), year=wrong)))
    assert not list(outliers(using(estate(AREAS), year=wrong, coverage={"B-1": 0.5})))
    assert list(outliers(using(estate(AREAS), year=wrong)))


def real_intensities() -> dict[str, float]:
    """kWh/m² of the twelve offices in 2017; hours that are not known are left out."""
    folder = real_data("building_bdg2_offices")
    with (folder / "metadata.csv").open(encoding="utf-8") as file:
        area = {row["building_id"]: float(row["sqm"]) for row in csv.DictReader(file)}
    with gzip.open(folder / "electricity_2016_2017.csv.gz") as file:
        hours = pd.read_csv(file, parse_dates=["timestamp"], index_col="timestamp").loc["2017"]
    return {code: float(hours[code].sum()) / area[code] for code in hours.columns}


def test_among_twelve_real_offices_the_one_in_another_unit_is_told() -> None:
    real = real_intensities()
    book = estate(dict.fromkeys(real, 1000.0))
    year = {code: 1000.0 * value for code, value in real.items()}
    (finding,) = outliers(using(book, year=year))
    assert finding.subject == "Panther_office_Lauretta"
    assert finding.detail["ratio"] == pytest.approx(3.412, rel=0.1)
    assert "kBtu" in said(finding)


def test_of_twelve_real_offices_any_that_is_entered_in_wh_is_told() -> None:
    real = real_intensities()
    for code in real:
        judged = judge({**real, code: real[code] * 1000}, 5)[code]
        assert judged.z > 3.5
        assert np.isfinite(judged.ratio)


@pytest.mark.parametrize("status", ["planned", "idle", "disposed", "transferred"])
def test_a_building_that_is_not_in_use_and_uses_is_told(status: str) -> None:
    book = register(buildings=[replace(BUILDING, status=status)])
    assert not list(empty_buildings(using(book, {"B-1": 290.0})))
    (finding,) = empty_buildings(using(book, {"B-1": 310.0}))
    assert (finding.code, finding.subject) == ("empty_building_uses", "B-1")
    assert finding.detail["status"] == status
    (water,) = empty_buildings(using(book, {"B-1": 6.0}, measure="water_m3"))
    assert water.detail["quantity"] == "water_m3"


def test_a_building_in_use_with_somebody_in_it_may_use() -> None:
    assert not list(empty_buildings(using(register(), {"B-1": 9999.0})))
    # One idle room of 40 m² says nothing of the other 960.
    few = [Space("R-1", "一", "One", "B-1", "office", 40.0, status="idle")]
    assert not list(empty_buildings(using(register(spaces=few), {"B-1": 9999.0})))
    rooms = [Space("R-1", "一", "One", "B-1", "office", 600.0, status="idle")]
    (finding,) = empty_buildings(using(register(spaces=rooms), {"B-1": 9999.0}))
    assert "nobody in it" in said(finding)
    away = [replace(ORGANISATION, status="disposed")]
    assert [f.code for f in empty_buildings(using(register(organisations=away), {"B-1": 9999.0}))]
    unknown = [replace(BUILDING, gross_area_m2=None, status="idle")]
    assert not list(empty_buildings(using(register(buildings=unknown), {"B-1": 299.0})))
    assert list(empty_buildings(using(register(buildings=unknown), {"B-1": 301.0})))


@pytest.mark.parametrize(
    ("formulas", "found"),
    [
        (("M-1",), []),
        (("M-1 + NOBODY", "M-1"), [("V1", "formula_unknown_part", "NOBODY")]),
        (("V2", "V1"), [("V1", "formula_in_circle", "V2"), ("V2", "formula_in_circle", "V1")]),
        (("M-1 + W-1",), [("V1", "formula_quantities_differ", "W-1")]),
        (("share(M-1, area, R-9)",), [("V1", "formula_share_unknown", "R-9")]),
        (("share(M-1, area, R-2)",), [("V1", "formula_share_unknown", "R-2")]),
        (("share(M-1, people, O-1)",), [("V1", "formula_share_unknown", "O-1")]),
        (("M-1 +",), [("V1", "formula_unknown_part", "M-1 +")]),
    ],
)
def test_formulas_that_cannot_be_computed_are_told(
    formulas: tuple[str, ...], found: list[tuple[str, str, str]]
) -> None:
    book = register(
        buildings=[BUILDING, Building("B-2", "副", "Other", "S-1", "O-1")],
        meters=[METER, Meter("W-1", "水", "Water", "B-1", "water")],
        spaces=[
            Space("R-1", "一", "One", "B-1", "office", 20.0),
            Space("R-2", "二", "Two", "B-1", "office"),
            Space("R-9", "九", "Nine", "B-2", "office", 20.0),
        ],
        virtual_meters=[
            VirtualMeter(f"V{n}", "虚", "V", "B-1", KWH, formula)
            for n, formula in enumerate(formulas, 1)
        ],
    )
    told = list(faulty_formulas(world(book)))
    assert [(f.subject, f.code, f.detail["part"]) for f in told] == found
    for finding in told:
        assert str(finding.detail["part"]) in said(finding)
        assert str(finding.detail["formula"]) in said(finding, "zh")
