"""The estate of the register's benchmarks: right by the register's rules, and the same each time."""

from datetime import timedelta

from benchmarks.register_estate import DAYS, FIRST_DAY, estate, with_changes
from quotawatt.register.check import check_rows
from quotawatt.register.editing import rows_of
from quotawatt.register.rows import records_of


def test_an_estate_has_as_many_assets_as_asked_for_and_breaks_no_rule() -> None:
    found = with_changes(estate(1_500), 4_000, seed=3)
    assert len(found.assets) == 1_500
    assert len(found.former_values) == 4_000
    assert len(found.bindings) == len(found.meters)
    assert check_rows(rows_of(found)) == []


def test_the_changes_lie_within_the_ten_years_and_are_the_same_each_time() -> None:
    register = estate(500)
    first, second = (with_changes(register, 300, seed=3) for _ in range(2))
    assert records_of(first)["former_values"] == records_of(second)["former_values"]
    days = {former.valid_until for former in first.former_values}
    assert min(days) >= FIRST_DAY
    assert max(days) < FIRST_DAY + timedelta(days=DAYS)
