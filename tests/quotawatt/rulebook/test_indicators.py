"""Indicators, purposes of items and heating seasons as a pack's author may get them wrong, and right."""

from datetime import date
from pathlib import Path

import pytest

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.coalequivalent import coal_equivalent, national_set
from quotawatt.rulebook.loader import load_rulebook
from tests.quotawatt.rulebook.checking import check_packs

BOOK = load_rulebook()
INDICATOR = """\
indicators:
  - id: own_kwh_per_m2
    title: {zh: 自定, en: own}
    formula: {zh: 用电量 / 建筑面积, en: electricity / floor area}
    unit: kWh/m²
    amount_unit: kWh
    denominator: gross_area_m2
    carriers: [electricity_import_kwh]
    assets: [building]
    trust: invented
"""
SEASONS = """\
heating_seasons:
  - id: own
    place: harbin
    regular_from: "10-20"
    regular_until: "04-21"
    trust: invented
"""
DATES = """\
heating_dates:
  - {id: harbin-2022, places: [harbin], from: 2022-10-10, until: 2023-04-25, trust: invented}
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    return check_packs(tmp_path)


def test_a_local_standard_brings_its_own_formula(tmp_path: Path) -> None:
    assert problems(tmp_path, INDICATOR) == []
    assert load_rulebook([tmp_path]).indicators["own_kwh_per_m2"].unit == "kWh/m²"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("[electricity_import_kwh]", "[gas_m3]", "what is not converted must be in kWh, got m³"),
        ("[electricity_import_kwh]", "[temperature_c]", "must be counters"),
        ("amount_unit: kWh", "amount_unit: kgce", "must convert where its amount_unit is kgce"),
        ("gross_area_m2", "beds", "denominator must be one of"),
        ("own_kwh_per_m2", "Own-Kwh", "lower-case letters, digits and '_'"),
        ("    trust", "    leaves_out: [garage]\n    trust", "one of the section item_purposes"),
        ("    carriers: [electricity_import_kwh]\n", "", "must have carriers or takes_in"),
        ("[building]", "[room]", "assets must be one of"),
    ],
)
def test_a_wrong_formula_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, rule: str
) -> None:
    found = "; ".join(problems(tmp_path, INDICATOR.replace(old, new, 1)))
    assert rule in found
    assert "own.yaml:" in found


def test_seasons_by_rule_and_by_date(tmp_path: Path) -> None:
    assert problems(tmp_path, SEASONS + DATES) == []
    seasons = load_rulebook([tmp_path]).heating_seasons["own"]
    early = seasons.of_year(2022)
    assert (early.first, early.until, early.regular) == (
        date(2022, 10, 10),
        date(2023, 4, 25),
        False,
    )
    assert seasons.of_year(2023).first == date(2023, 10, 20)
    # Between two seasons the last one is judged, over or not.
    assert seasons.judged(date(2023, 7, 1)) == early
    assert seasons.judged(date(2023, 10, 20)).year == 2023


def test_one_file_extends_a_season_that_comes_with_the_program(tmp_path: Path) -> None:
    # Jinan ended on 15 March; by this file it heated up to 25 March 2023.
    text = DATES.replace("harbin]", "jinan]").replace("2022-10-10", "2022-11-15")
    assert problems(tmp_path, text.replace("2023-04-25", "2023-03-26")) == []
    jinan = load_rulebook([tmp_path]).heating_seasons["jinan"]
    assert jinan.of_year(2022).until == date(2023, 3, 26)
    assert jinan.of_year(2023).until == BOOK.heating_seasons["jinan"].of_year(2023).until


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"10-20"', '"20-10"', "must be month and day"),
        ("until: 2023-04-25", "until: 2022-04-25", "must end within 300 days"),
        ("place: harbin", "place: jinan", "one list of heating seasons"),
        ("places: [harbin]", "places: [mars]", "one of the section heating_seasons, got mars"),
    ],
)
def test_wrong_seasons_are_refused(tmp_path: Path, old: str, new: str, rule: str) -> None:
    found = problems(tmp_path, (SEASONS + DATES).replace(old, new, 1))
    assert rule in "; ".join(found)


def test_coal_equivalent_names_set_and_basis() -> None:
    # 1,000 kWh: 122.9 kgce by its heat (当量), 310 by Shandong's standard (等价).
    national, own = national_set(BOOK), BOOK.factor_sets["db37t2672-2019"]
    assert national is not None
    by_heat = coal_equivalent("electricity_import_kwh", 1000, national)
    by_coal = coal_equivalent("electricity_import_kwh", 1000, own, "等价")
    assert (by_heat.kgce, by_heat.basis) == (pytest.approx(122.9), "当量")
    assert (by_coal.kgce, by_coal.tce, by_coal.basis) == (
        pytest.approx(310),
        pytest.approx(0.31),
        "等价",
    )
    with pytest.raises(NotFoundError, match="on the basis 当量, got 等价"):
        coal_equivalent("electricity_import_kwh", 1, own, "当量")
    with pytest.raises(NotFoundError, match="got water_m3"):
        coal_equivalent("water_m3", 1, own)


def test_a_season_has_its_dates_once(tmp_path: Path) -> None:
    again = DATES.splitlines()[1].replace("harbin-2022", "again") + "\n"
    (found,) = problems(tmp_path, SEASONS + DATES + again)
    assert "one season that begins in a year, got harbin 2022 again" in found


def test_a_purpose_must_say_what_serves_it(tmp_path: Path) -> None:
    text = "item_purposes:\n  - {id: own, title: {zh: 自定, en: own}, trust: invented}\n"
    (found,) = problems(tmp_path, text)
    assert "a purpose must have items, rooms or equipment, got own" in found
