"""Each check by a return that holds and one that does not, reckoned by hand."""

from collections.abc import Mapping

from quotawatt.returns.cells import UNKNOWN, Cell
from quotawatt.returns.checks import Doubt, Material
from quotawatt.returns.checks import check as run
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import FormCheck
from tests.quotawatt.returns.forms import check, form

Q1 = Period(2024, 1)


def doubts(
    one: FormCheck, cells: Mapping[str, Cell], period: Period = Q1, **others: object
) -> list[tuple[str, float | None, float | None]]:
    material = Material(form(one), period, cells, **others)  # type: ignore[arg-type]
    return [(d.cell, d.value, d.expected) for d in run(material)]


def test_a_required_figure_must_be_there() -> None:
    cells = {"base.name": Cell("局"), "use.power": UNKNOWN}
    assert doubts(check("missing"), cells) == [("use.power", None, None)]
    assert doubts(check("missing"), {**cells, "use.power": Cell(0.0)}) == []  # zero is a figure


def test_little_coverage_is_said() -> None:
    one = check("coverage", low=0.9)
    assert doubts(one, {"use.power": Cell(5.0, "estimated", 0.89)}) == [("use.power", 0.89, 0.9)]
    assert doubts(one, {"use.power": Cell(5.0, "estimated", 0.9)}) == []


def test_a_sum_is_that_of_its_parts() -> None:
    one = check("sums", high=0.1)
    parts = {"use.power_cost": Cell(60.0), "use.water_cost": Cell(40.0)}
    assert doubts(one, {**parts, "use.cost": Cell(100.1)}) == []
    assert doubts(one, {**parts, "use.cost": Cell(100.2)}) == [("use.cost", 100.2, 100.0)]


def test_a_period_is_the_sum_of_its_months_where_all_are_known() -> None:
    one = check("sums", high=0.1)
    months = {f"use.power.{month}": Cell(10.0) for month in Q1.months}
    assert doubts(one, {**months, "use.power": Cell(31.0)}) == [("use.power", 31.0, 30.0)]
    del months["use.power.2024-02"]  # what was written may hold the month that nobody knows
    assert doubts(one, {**months, "use.power": Cell(31.0)}) == []


def test_a_jump_against_the_year_before() -> None:
    # 30 % of 100 is 30: 130 is the last that passes.
    one = check("jump", "use.power", high=30)
    assert doubts(one, {"use.power": Cell(130.0)}, before={"use.power": 100.0}) == []
    assert doubts(one, {"use.power": Cell(69.0)}, before={"use.power": 100.0}) == [
        ("use.power", 69.0, 100.0)
    ]
    assert doubts(one, {"use.power": Cell(69.0)}) == []  # nothing to hold it against


def test_a_slip_of_the_unit_shows_in_the_price() -> None:
    # 8,000 CNY for 10,000 kWh is 0.8; as 10 MWh somebody wrote 10: 800 CNY a "kWh".
    one = check("ratio", "use.power_cost", per="use.power", low=0.2, high=3.0)
    cost = {"use.power_cost": Cell(8000.0)}
    assert doubts(one, {**cost, "use.power": Cell(10_000.0)}) == []
    assert doubts(one, {**cost, "use.power": Cell(10.0)}) == [("use.power_cost", 800.0, 3.0)]
    assert doubts(one, {**cost, "use.power": Cell(0.0)}) == []  # no ratio without use


def test_nothing_that_was_measured_is_no_slip_and_nothing_that_was_written_is() -> None:
    one = check("ratio", "use.power", per="base.area", low=0.5, high=20.0)
    nothing = {"use.power": Cell(0.0), "base.area": Cell(100.0)}
    assert doubts(one, nothing, filled=nothing) == []
    assert doubts(one, nothing, filled={}) == [("use.power", 0.0, 0.5)]


def test_what_is_written_is_held_against_the_register() -> None:
    one = check("register", "base.area", high=1)
    filled = {"base.area": Cell(1000.0)}
    assert doubts(one, {"base.area": Cell(1010.0)}, filled=filled) == []
    found = doubts(one, {"base.area": Cell(1011.0)}, filled=filled)
    assert found == [("base.area", 1011.0, 1000.0)]


def test_the_year_is_its_quarters() -> None:
    one = check("quarters", "use.power", high=0.5)
    quarters = [{"use.power": value} for value in (10.0, 20.0, 30.0, 40.0)]
    year = Period(2024)
    assert doubts(one, {"use.power": Cell(100.5)}, year, quarters=quarters) == []
    found = doubts(one, {"use.power": Cell(101.0)}, year, quarters=quarters)
    assert found == [("use.power", 101.0, 100.0)]
    # A quarter that is not accepted: nothing can be said.
    assert doubts(one, {"use.power": Cell(101.0)}, year, quarters=quarters[:3]) == []
    assert doubts(one, {"use.power": Cell(9.0)}, Period(2024, 1), quarters=[]) == []


def test_words_are_no_figures() -> None:
    material = Material(form(check("jump", high=1)), Q1, {"use.power": Cell("x")})
    assert run(material) == list[Doubt]()
