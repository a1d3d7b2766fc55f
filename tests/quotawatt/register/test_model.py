"""Head-counts: a denominator that is not wholly known is not known."""

from datetime import date

import pytest

from quotawatt.register.model import Headcount, Organisation, Register

YEAR = date(2023, 1, 1), date(2024, 1, 1)
COMPONENTS = ("in_post", "non_establishment")


def register(*headcounts: Headcount) -> Register:
    return Register(
        organisations=[
            Organisation("UP", "上级", "Upper", "party_government", "city"),
            Organisation("LOW", "下级", "Lower", "party_government", "city", region_parent="UP"),
        ],
        headcounts=headcounts,
    )


UPPER = Headcount("UP", "in_post", 100, date(2020, 1, 1))
LOWER = Headcount("LOW", "in_post", 50, date(2020, 1, 1))


def test_people_below_count_too() -> None:
    both = register(UPPER, LOWER)
    assert both.headcount_mean("UP", COMPONENTS, *YEAR) == 150
    assert both.headcount_mean("LOW", COMPONENTS, *YEAR) == 50


def test_the_mean_is_by_days() -> None:
    # 181 days with 50 and 184 with 70: (181 * 50 + 184 * 70) / 365 = 60.0822
    changed = register(
        Headcount("LOW", "in_post", 50, date(2020, 1, 1), date(2023, 7, 1)),
        Headcount("LOW", "in_post", 70, date(2023, 7, 1)),
    )
    assert changed.headcount_mean("LOW", COMPONENTS, *YEAR) == pytest.approx(60.0822, abs=1e-4)


@pytest.mark.parametrize(
    "known",
    [
        [UPPER],  # nobody knows of the lower one
        [UPPER, Headcount("LOW", "in_post", 50, date(2023, 7, 1))],  # only from July
        [UPPER, LOWER, Headcount("LOW", "non_establishment", 9, date(2023, 7, 1))],
        [UPPER, Headcount("LOW", "visitors", 50, date(2020, 1, 1))],
    ],
)
def test_a_part_is_not_the_whole(known: list[Headcount]) -> None:
    assert register(*known).headcount_mean("UP", COMPONENTS, *YEAR) is None


def test_nobody_is_a_row_of_zero() -> None:
    none = register(UPPER, Headcount("LOW", "in_post", 0, date(2020, 1, 1)))
    assert none.headcount_mean("UP", COMPONENTS, *YEAR) == 100
