"""Impacts and their sums in words of both languages."""

from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.impact_texts import impact_texts, totals_text
from quotawatt.rulebook.basics import Trust

_EXCESS = Impact(
    300.0,
    "kWh",
    kgce=36.87,
    basis="当量",
    factor_set="gbt2589-2020",
    cost_cny=210.0,
    kgco2=171.0,
    kgco2_trust=Trust.SECONDARY,
)


def test_all_that_is_known_with_basis_factor_set_and_trust() -> None:
    texts = impact_texts(_EXCESS, "zh")
    assert texts.sentence == (
        "超出 300.0 kWh，折标准煤 36.9 kgce（当量值，gbt2589-2020），约 210.0 元，"
        "171.0 kgCO₂［未核实：二手来源］"
    )
    assert impact_texts(_EXCESS, "en").sentence == (
        "beyond the limit: 300.0 kWh, 36.9 kgce (calorific value, gbt2589-2020), about CNY 210.0,"
        " 171.0 kgCO₂ [unverified: secondary source]"
    )


def test_what_is_not_known_is_said_so() -> None:
    assert impact_texts(Impact(300.0, "kWh"), "zh").sentence == (
        "超出 300.0 kWh，折标准煤不详，费用不详，碳排放不详"
    )
    assert impact_texts(Impact(300.0, "kWh"), "en").sentence == (
        "beyond the limit: 300.0 kWh, coal equivalent not known, cost not known, carbon not known"
    )


def test_large_amounts_of_coal_are_tons() -> None:
    found = impact_texts(Impact(1500.0, "kgce", True, 1500.0, "等价", "db37"), "zh")
    assert found.amount == "1.50 tce（等价值，db37）"
    assert found.sentence == "预计超出 1.50 tce（等价值，db37），费用不详，碳排放不详"


def test_water_has_no_coal_equivalent_and_carbon_neither_cost_nor_coal() -> None:
    water = Impact(12.0, "m³", cost_cny=60.0, share_pct=120.0)
    text = impact_texts(water, "en").sentence.replace("\u00a0", " ")
    assert text == "beyond the limit: 12.0 m³, 120.0 % of the limit, about CNY 60.0"
    assert impact_texts(Impact(2950.0, "kgCO₂", kgco2=2950.0), "zh").sentence == "超出 2,950 kgCO₂"


def test_nothing_too_much_is_nothing_said() -> None:
    assert impact_texts(NOTHING_KNOWN, "zh").sentence == ""
    assert totals_text([NOTHING_KNOWN], "zh") == ""


def test_sums_keep_the_bases_apart_and_say_of_how_many_they_are() -> None:
    impacts = [
        _EXCESS,
        Impact(10.0, "kgce", kgce=10.0, basis="等价"),
        Impact(5.0, "kWh"),
        NOTHING_KNOWN,
    ]
    assert totals_text(impacts, "zh") == (
        "折标准煤 36.9 kgce（当量值）、折标准煤 10.0 kgce（等价值）（3 件中 2 件已知）；"
        "约 210.0 元（3 件中 1 件已知）；171.0 kgCO₂（3 件中 1 件已知）"
    )
    assert totals_text([_EXCESS, _EXCESS], "en") == (
        "73.7 kgce (calorific value); about CNY 420.0; 342.0 kgCO₂"
    )


def test_json_holds_only_what_is_known() -> None:
    assert Impact(300.0, "kWh").as_json() == {"amount": 300.0, "unit": "kWh", "projected": False}
    assert _EXCESS.as_json()["kgco2_trust"] == "secondary"
    assert NOTHING_KNOWN.as_json() == {}
