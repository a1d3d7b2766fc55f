"""What held on a day: former values until their ends, then the row; without gaps and overlaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.register.former import Held
from quotawatt.register.model import FormerValue, Register
from tests.quotawatt.register.estate import ESTATE, with_records

MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)
DAY = timedelta(days=1)


def _with(*former: FormerValue) -> Register:
    return with_records(ESTATE, former_values=former)


def test_a_former_value_holds_until_its_day() -> None:
    register = _with(FormerValue("HALL", "organisation", "WATER", MARCH))
    assert register.as_of(MARCH - DAY).buildings["HALL"].organisation == "WATER"
    assert register.as_of(MARCH).buildings["HALL"].organisation == "EDU"
    # what was not changed is the same object
    assert register.as_of(MARCH - DAY).buildings["ANNEX"] is ESTATE.buildings["ANNEX"]


def test_after_the_last_change_it_is_the_register_itself() -> None:
    register = _with(FormerValue("HALL", "organisation", "WATER", MARCH))
    assert register.as_of(MARCH) is register
    assert register.as_of(date.max) is register
    assert ESTATE.as_of(date.min) is ESTATE


def test_a_snapshot_is_made_once() -> None:
    register = _with(
        FormerValue("HALL", "organisation", "WATER", MARCH),
        FormerValue("CAR", "status", "planned", JULY),
    )
    assert register.as_of(date(1990, 1, 1)) is register.as_of(MARCH - DAY)
    assert register.as_of(MARCH) is register.as_of(JULY - DAY)
    assert register.as_of(MARCH) is not register.as_of(MARCH - DAY)


def test_parents_and_look_ups_follow_the_day() -> None:
    register = _with(
        FormerValue("WATER", "region_parent", "", MARCH),
        FormerValue("R101", "organisation", "WATER", MARCH),
        FormerValue("CAR", "organisation", "WATER", MARCH),
    )
    before = register.as_of(MARCH - DAY)
    assert before.sub_organisations("CITY") == ("CITY", "EDU")
    assert [s.code for s in before.spaces_of("WATER")] == ["R101", "R201"]
    assert before.organisation_of("CAR") == "WATER"
    assert register.sub_organisations("CITY") == ("CITY", "EDU", "WATER")
    assert [v.code for v in register.vehicles_of("EDU")] == ["CAR"]


def test_an_empty_former_value_is_none_or_the_default() -> None:
    register = _with(
        FormerValue("HALL", "gross_area_m2", "", MARCH), FormerValue("M1", "item", "", MARCH)
    )
    before = register.as_of(MARCH - DAY)
    assert before.buildings["HALL"].gross_area_m2 is None
    assert before.meters["M1"].item == ""


def test_change_days_are_those_within() -> None:
    register = _with(
        FormerValue("HALL", "organisation", "WATER", MARCH),
        FormerValue("CAR", "status", "planned", MARCH),
        FormerValue("CAR", "status", "in_use", JULY),
    )
    assert register.change_days(MARCH - DAY, JULY + DAY) == (MARCH, JULY)
    assert register.change_days(MARCH, JULY) == ()
    assert register.change_days(MARCH - DAY, JULY) == (MARCH,)


def test_history_is_in_order_whatever_the_order_of_the_rows() -> None:
    register = _with(
        FormerValue("HALL", "gross_area_m2", "4800", JULY),
        FormerValue("HALL", "gross_area_m2", "", MARCH),
    )
    assert register.history_of("HALL") == {
        "gross_area_m2": [
            Held(None, None, MARCH),
            Held(4800.0, MARCH, JULY),
            Held(5000.0, JULY, None),
        ]
    }
    assert register.history_of("ANNEX") == {}
    assert register.history_of("nobody") == {}


def test_a_value_that_is_none_of_its_column_is_named() -> None:
    register = _with(FormerValue("HALL", "gross_area_m2", "large", MARCH))
    with pytest.raises(InputError, match="HALL's column gross_area_m2, got 'large'"):
        register.as_of(MARCH - DAY)
    with pytest.raises(InputError, match="got 'x'"):
        _with(FormerValue("HALL", "colour", "x", MARCH)).as_of(MARCH - DAY)


def test_a_former_value_of_an_unknown_asset_changes_nothing() -> None:
    register = _with(FormerValue("GONE", "status", "planned", MARCH))
    assert register.as_of(MARCH - DAY).assets == ESTATE.assets


_DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))


@given(
    ends=st.dictionaries(_DAYS, st.integers(1, 9000), max_size=8),
    now=st.integers(1, 9000),
    days=st.lists(_DAYS, min_size=1, max_size=8),
)
def test_on_every_day_it_holds_the_value_that_ends_first_after_it(
    ends: dict[date, int], now: int, days: list[date]
) -> None:
    register = with_records(
        ESTATE,
        equipment=[],
        buildings=[
            type(b)(b.code, b.name_zh, b.name_en, b.site, b.organisation, float(now))
            for b in ESTATE.buildings.values()
        ],
        former_values=[
            FormerValue("HALL", "gross_area_m2", str(area), end) for end, area in ends.items()
        ],
    )
    for day in (*days, *ends, *(end - DAY for end in ends)):
        later = sorted(end for end in ends if end > day)
        expected = ends[later[0]] if later else now
        assert register.as_of(day).buildings["HALL"].gross_area_m2 == expected
