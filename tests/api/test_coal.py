"""Coal equivalent beside amounts, by the factors of the national set."""

import pytest

from api.coal import NO_COAL, coal_item
from quotawatt.rulebook.coalequivalent import national_set
from quotawatt.rulebook.loader import load_rulebook


def test_an_amount_is_converted_with_its_set_and_basis() -> None:
    factors = national_set(load_rulebook())
    assert factors is not None
    item = coal_item("electricity_import_kwh", 1000, factors)
    assert item["kgce"] == pytest.approx(122.9)
    assert item["tce"] == pytest.approx(0.1229)
    assert (item["factor_set"], item["basis"]) == (factors.id, "当量")


def test_water_and_what_has_no_factors_come_to_nothing() -> None:
    assert coal_item("water_m3", 5, national_set(load_rulebook())) == NO_COAL
    assert coal_item("electricity_import_kwh", 5, None) == NO_COAL
