"""Classified units are not in what is published, nor to be found from its totals."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assessment.contents import circular, publication
from analytics.assessment.figures import Amount
from analytics.assessment.gathered import Gathered
from analytics.assessment.visible import classified_codes
from quotawatt.errors import InputError
from quotawatt.register.model import FormerValue, Register
from quotawatt.register.rows import records_of
from tests.analytics.assessment.small import YEAR, books, register_of, used

# TOP's own result holds everybody's use, 100 MWh, as the totals of the system do.
NOW = used(TOP=100_000, A=40_000, a=40_000, B=30_000, b=30_000, C=30_000, c=30_000, D=0, d=0)
SECRET = {"classified": True}


def gathered(register: Register) -> Gathered:
    return Gathered(books(register), books(register, YEAR.before), NOW, {})


def amounts(content: dict[str, object]) -> dict[str, float]:
    rows: list[dict[str, dict[str, float] | str]] = content["organisations"]  # type: ignore[assignment]
    return {r["code"]: r["amounts"].get("electricity_import_kwh", 0.0) for r in rows}  # type: ignore[index, union-attr, misc]


def test_a_classified_unit_and_its_part_of_the_total_are_left_out() -> None:
    register = register_of(B=SECRET)
    content = publication(gathered(register), "TOP", register)
    # 100 MWh less the 30 of B: nobody gets B's use from TOP less A, C and D.
    assert amounts(content) == {"TOP": 70_000, "A": 40_000, "C": 30_000, "D": 0}
    assert content["totals"][0]["amount"] == 70_000
    assert "B局" not in json.dumps(content, ensure_ascii=False)
    assert not any(cell.startswith("B/") for cell in content["figures"])
    # Area too: 3 buildings of 1,000 m² remain. 70,000 kWh x 0.31 / 3,000 m² = 7.2333 kgce/m².
    assert content["organisations"][0]["kgce_per_m2"] == pytest.approx(70_000 * 0.31 / 3000)


def test_what_was_entered_of_a_unit_itself_counts_and_that_of_a_classified_one_does_not() -> None:
    register = register_of(B=SECRET)
    entered = {("A/hand", "water_m3"): Amount(500, 1.0), ("B/hand", "water_m3"): Amount(300, 1.0)}
    world = Gathered(books(register), books(register, YEAR.before), {**NOW, **entered}, {})
    content = publication(world, "TOP", register)
    assert [r["amounts"].get("water_m3") for r in content["organisations"]] == [
        500,
        500,
        None,
        None,
    ]


def test_what_vehicles_burn_counts_as_in_the_totals_of_the_system() -> None:
    fuel = {
        ("CAR", "fuel_used_l"): Amount(100, 1.0),
        ("A", "petrol_l"): Amount(100, 1.0),
        ("TOP", "petrol_l"): Amount(100, 1.0),
    }
    register = register_of()
    world = Gathered(books(register), books(register, YEAR.before), {**NOW, **fuel}, {})
    shown, whole = publication(world, "TOP", register), circular(world, "TOP")
    assert [r["amounts"].get("petrol_l") for r in shown["organisations"]][:2] == [100, 100]
    # Nobody is classified: the two say the same.
    assert shown["organisations"] == whole["organisations"]


def test_what_lies_below_a_classified_unit_is_left_out_in_either_tree() -> None:
    register = register_of(B=SECRET, C={"region_parent": "B"}, D={"system_parent": "B"})
    content = publication(gathered(register), "TOP", register)
    assert amounts(content) == {"TOP": 40_000, "A": 40_000}


def test_who_was_classified_once_in_the_period_or_is_now_is_left_out() -> None:
    register = register_of()
    once = Register(
        **{  # type: ignore[arg-type]
            **records_of(register),
            "former_values": [FormerValue("C", "classified", "true", date(2023, 2, 1))],
        }
    )
    assert "C" not in amounts(publication(gathered(once), "TOP", once))
    now = register_of(A=SECRET)
    assert "A" not in amounts(publication(gathered(register), "TOP", now))


def test_a_building_that_a_classified_unit_had_in_the_period_is_left_out() -> None:
    register = register_of(B=SECRET)
    moved = Register(
        **{  # type: ignore[arg-type]
            **records_of(register),
            "former_values": [FormerValue("d", "organisation", "B", date(2023, 6, 1))],
        }
    )
    assert "d" in classified_codes(piece.register for piece in books(moved).pieces)


def test_a_classified_unit_publishes_nothing() -> None:
    register = register_of(TOP=SECRET)
    with pytest.raises(InputError, match="must be of a unit that is not classified, got TOP"):
        publication(gathered(register), "TOP", register)


def test_the_circular_is_for_the_inside_and_names_everybody() -> None:
    register = register_of(B=SECRET)
    content = circular(gathered(register), "TOP")
    assert amounts(content) == {"TOP": 100_000, "A": 40_000, "B": 30_000, "C": 30_000, "D": 0}


@given(secret=st.sets(st.sampled_from("ABCD")), use=st.integers(1, 10**6))
def test_nothing_that_is_published_depends_on_a_classified_units_use(
    secret: set[str], use: int
) -> None:
    register = register_of(**dict.fromkeys(secret, SECRET))
    held, before = books(register), books(register, YEAR.before)
    other = used(**{c: float(use) for s in secret for c in (s, s.lower())}, TOP=float(use))
    first = publication(Gathered(held, before, NOW, NOW), "TOP", register)
    second = publication(Gathered(held, before, {**NOW, **other}, NOW), "TOP", register)
    assert first == second
