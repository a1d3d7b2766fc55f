"""A bill against what was worked out: which line is off, by how much, and which side explains it."""

from analytics.money.checking import compare_bill, total_of
from quotawatt.money.bills import BillLine

COMPUTED = [
    BillLine("energy", "peak", 1000, 0.8, 800),
    BillLine("energy", "flat", 2000, 0.5, 1000),
    BillLine("funds", "", 3000, 0.03, 90),
    BillLine("total", cost_cny=1890),
]


def why(*billed: BillLine) -> dict[tuple[str, str], str]:
    found = compare_bill(list(billed), COMPUTED, 1.0, 1.0)
    return {(one.line, one.period): one.why for one in found}


def test_lines_agree_within_the_tolerance_and_are_explained_beyond_it() -> None:
    found = why(
        BillLine("energy", "peak", 1000, 0.8, 805),  # 5 of 800 are less than 1 %
        BillLine("energy", "flat", 2200, 0.5, 1100),
        BillLine("funds", "", 3000, 0.06, 180),
    )
    assert found["energy", "peak"] == "agrees"
    assert found["energy", "flat"] == "amount"
    assert found["funds", ""] == "price"
    # The bill came without a total, so the sum of its lines is it: 2085 against 1890.
    assert found["total", ""] == "money"


def test_differences_are_billed_less_computed() -> None:
    billed = [BillLine("energy", "flat", 2200, 0.55, 1210), BillLine("total", cost_cny=2100)]
    found = compare_bill(billed, COMPUTED, 1.0, 1.0)
    flat = found[0]
    assert (flat.amount_difference, flat.cost_difference_cny, flat.cost_difference_pct) == (
        200,
        210,
        21,
    )
    assert flat.why == "amount_and_price"
    assert total_of(found).cost_difference_cny == 210


def test_periods_are_added_up_where_the_bill_has_one_line() -> None:
    found = compare_bill([BillLine("energy", "", 3000, None, 1800)], COMPUTED, 1.0, 1.0)
    assert (found[0].why, found[0].computed) == ("agrees", BillLine("energy", "", 3000, 0.6, 1800))


def test_what_one_side_lacks_is_said() -> None:
    found = why(BillLine("surprise", "", None, None, 50), BillLine("total", cost_cny=1890))
    assert found["surprise", ""] == "not_computed"
    assert found["energy", "peak"] == "not_billed"
    assert found["total", ""] == "agrees"
