"""What follows from what people write: periods from months, sums from parts."""

from hypothesis import given
from hypothesis import strategies as st

from quotawatt.returns.cells import BY_HAND, ESTIMATED, MEASURED, UNKNOWN, Cell, Override
from quotawatt.returns.deriving import added, derived
from quotawatt.returns.periods import Period
from tests.quotawatt.returns.forms import form

Q1 = Period(2024, 1)
JAN, FEB, MAR = Q1.months


def override(value: float | None) -> Override:
    return Override(value, "bill", "li", "2024-04-01T00:00:00+00:00")


def test_a_month_that_is_written_makes_the_whole_anew() -> None:
    cells = {
        "use.power": Cell(300.0, ESTIMATED, 2 / 3),
        f"use.power.{JAN}": Cell(100.0),
        f"use.power.{FEB}": UNKNOWN,
        f"use.power.{MAR}": Cell(200.0),
    }
    found = derived(form(), Q1, cells, {f"use.power.{FEB}": override(50.0)})
    assert found["use.power"] == Cell(350.0, MEASURED, 1.0)
    assert found[f"use.power.{FEB}"] == Cell(50.0, BY_HAND)


def test_a_whole_that_is_written_stands() -> None:
    cells = {"use.power": Cell(300.0), f"use.power.{JAN}": Cell(100.0)}
    written = {"use.power": override(999.0), f"use.power.{JAN}": override(1.0)}
    assert derived(form(), Q1, cells, written)["use.power"].value == 999.0


def test_a_sum_follows_its_parts_by_month_and_in_all() -> None:
    cells = {f"use.power_cost.{JAN}": Cell(10.0), "use.power_cost": Cell(10.0)}
    found = derived(form(), Q1, cells, {"use.water_cost": override(2.5)})
    assert found["use.cost"].value == 12.5
    assert found[f"use.cost.{JAN}"].value == 10.0
    assert found[f"use.cost.{FEB}"] == UNKNOWN  # nothing is known: not zero


def test_an_emptied_cell_is_unknown() -> None:
    found = derived(form(), Q1, {"use.power": Cell(5.0)}, {"use.power": override(None)})
    assert found["use.power"].value is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=6))
def test_what_is_added_is_the_sum_of_what_is_known(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    found = added([UNKNOWN if v is None else Cell(v) for v in values])
    assert found.value == (sum(known) if known else None)
