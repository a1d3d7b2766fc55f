"""Forms filled from facts, reckoned by hand."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.returns.fill import Facts, Figure, Wanted, fill
from quotawatt.returns.cells import ESTIMATED, MEASURED, MISSING, Cell, form_cells
from quotawatt.returns.periods import Period
from quotawatt.returns.process import form_for
from quotawatt.rulebook.loader import load_rulebook

BOOK = load_rulebook()
Q1 = Period(2023, 1)
JAN, FEB, MAR = Q1.months
OLD = form_for(BOOK, "energy-statistics", Q1)
NEW = form_for(BOOK, "energy-statistics", Period(2026, 1))
POWER, HEAT, COAL = Wanted("electricity_import_kwh"), Wanted("heat_gj"), Wanted("coal_kg")


def test_a_period_is_the_sum_of_its_months() -> None:
    uses = {(POWER, m): Figure(v) for m, v in ((JAN, 100.0), (FEB, 50.0), (MAR, 25.0))}
    cells = fill(OLD, Q1, Facts(uses))
    assert cells["use.electricity"] == Cell(175.0, MEASURED, 1.0)
    assert cells[f"use.electricity.{FEB}"].value == 50.0


def test_a_month_that_nobody_knows_lowers_the_coverage_and_is_not_zero() -> None:
    # January has 31 of the quarter's 90 days, half of which are known; March 31, all known.
    uses = {(POWER, JAN): Figure(100.0, 0.5), (POWER, MAR): Figure(80.0)}
    whole = fill(OLD, Q1, Facts(uses))["use.electricity"]
    assert whole == Cell(180.0, ESTIMATED, (0.5 * 31 + 31) / 90)


def test_nothing_known_is_an_empty_cell() -> None:
    cells = fill(OLD, Q1, Facts())
    assert {c.value for c in cells.values()} == {None}
    assert {c.quality for c in cells.values()} == {MISSING}
    assert list(cells) == [name for name, _, _, _ in form_cells(OLD, Q1)]


def test_a_row_has_its_own_unit() -> None:
    """1,234.5 kg of coal are 1.2345 t: the slip by a thousand that auditors report."""
    cells = fill(OLD, Q1, Facts({(COAL, JAN): Figure(1234.5)}))
    assert cells["use.coal"].value == 1.2345


def test_costs_of_several_carriers_are_one_row_and_in_the_sum() -> None:
    costs = {
        ("petrol_l", JAN): Figure(300.0),
        ("diesel_l", JAN): Figure(200.0),
        ("electricity_import_kwh", FEB): Figure(1000.0),
    }
    cells = fill(OLD, Q1, Facts(costs=costs))
    assert cells["use.oil_cost"].value == 500.0
    assert cells["use.energy_cost"].value == 1500.0
    assert cells[f"use.energy_cost.{JAN}"].value == 500.0
    assert cells[f"use.energy_cost.{MAR}"].value is None


def test_heat_that_was_billed_by_area_is_not_heat_billed_by_heat() -> None:
    # 100 GJ of which 60 were worked out from an area: the new form asks for the other 40.
    period = Period(2026, 1)
    jan, feb, _ = period.months
    uses = {(HEAT, jan): Figure(100.0), (HEAT, feb): Figure(60.0)}
    facts = Facts(uses, heat_by_area_gj={jan: 60.0, feb: 60.0})
    assert fill(NEW, period, facts)["heating.heat"].value == 40.0
    assert fill(OLD, Q1, Facts({(HEAT, JAN): Figure(100.0)}, heat_by_area_gj={JAN: 60.0}))[
        "heating.heat"
    ] == Cell(100.0, ESTIMATED, 31 / 90)


def test_the_register_says_areas_and_words() -> None:
    facts = Facts(register={"name": "局", "gross_area_m2": 1000.0, "charging_points": 0.0})
    cells = fill(OLD, Q1, facts)
    assert (cells["base.name"].value, cells["base.gross_area"].value) == ("局", 1000.0)
    assert cells["base.charging_points"].value == 0.0  # the register knows that there is none
    assert "base.charging_points" not in fill(NEW, Period(2026, 1), facts)


FIGURES = st.one_of(
    st.none(), st.builds(Figure, st.floats(0, 1e9), st.floats(0.01, 1), st.sampled_from([0.0, 0.5]))
)


@given(st.lists(FIGURES, min_size=3, max_size=3))
def test_whole_and_months_agree_whatever_is_known(figures: list[Figure | None]) -> None:
    known = {m: f for m, f in zip(Q1.months, figures, strict=True) if f is not None}
    cells = fill(OLD, Q1, Facts({(POWER, m): f for m, f in known.items()}))
    whole = cells["use.electricity"]
    months = [cells[f"use.electricity.{m}"].value for m in Q1.months]
    total = [value for value in months if isinstance(value, float)]
    assert whole.value == (sum(total) if total else None)
    assert 0 <= whole.coverage <= 1
    assert (whole.quality == MEASURED) <= (len(total) == 3)
