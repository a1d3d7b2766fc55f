"""Changes hold from their day on and never before it; corrections leave no trace of what was wrong."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.register.check import check_rows
from quotawatt.register.editing import judged, rows_of
from quotawatt.register.model import Binding, FormerValue
from quotawatt.register.operations import (
    change,
    correct,
    dispose,
    move_space,
    set_status,
    take_back,
    transfer,
)
from tests.quotawatt.register.estate import ESTATE, START, with_records

MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)
DAY = timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")


def test_a_change_keeps_what_held_before() -> None:
    after = change(ESTATE, "HALL", {"organisation": "WATER", "gross_area_m2": 5100.0}, MARCH)
    assert after.buildings["HALL"].organisation == "WATER"
    assert set(after.former_values) == {
        FormerValue("HALL", "organisation", "EDU", MARCH),
        FormerValue("HALL", "gross_area_m2", "5000.0", MARCH),
    }
    assert ESTATE.former_values == ()


def test_what_holds_already_is_no_change() -> None:
    after = change(ESTATE, "HALL", {"organisation": "EDU"}, MARCH)
    assert (after.former_values, after.assets) == ((), ESTATE.assets)


def test_a_second_change_of_the_same_day_takes_the_place_of_the_first() -> None:
    once = change(ESTATE, "HALL", {"organisation": "WATER"}, MARCH)
    twice = change(once, "HALL", {"organisation": "CITY"}, MARCH)
    assert twice.former_values == once.former_values
    assert twice.buildings["HALL"].organisation == "CITY"
    back = change(twice, "HALL", {"organisation": "EDU"}, MARCH)
    assert (back.former_values, back.assets) == ((), ESTATE.assets)


def test_a_change_before_a_later_one_is_refused() -> None:
    later = change(ESTATE, "HALL", {"organisation": "WATER"}, JULY)
    with pytest.raises(
        StateError, match=r"must not come before the one on 2024-07-01 .* 2024-03-01"
    ):
        change(later, "HALL", {"organisation": "CITY"}, MARCH)
    # another column has nothing to do with it
    other = change(later, "HALL", {"gross_area_m2": 1.0}, MARCH)
    assert other.as_of(MARCH).buildings["HALL"].organisation == "EDU"


def test_taking_back_is_as_if_it_had_never_been_decided() -> None:
    once = change(ESTATE, "HALL", {"organisation": "WATER"}, MARCH)
    twice = change(once, "HALL", {"organisation": "CITY"}, JULY)
    assert take_back(twice, "HALL", "organisation", JULY).assets == once.assets
    first_gone = take_back(twice, "HALL", "organisation", MARCH)
    assert first_gone.former_values == (FormerValue("HALL", "organisation", "EDU", JULY),)
    assert first_gone.buildings["HALL"].organisation == "CITY"
    with pytest.raises(NotFoundError, match="must have changed on the day"):
        take_back(ESTATE, "HALL", "organisation", MARCH)


def test_a_correction_leaves_no_former_value() -> None:
    changed = change(ESTATE, "HALL", {"gross_area_m2": 5100.0}, MARCH)
    after = correct(changed, "HALL", {"gross_area_m2": 5200.0, "year_built": 1998})
    assert after.former_values == changed.former_values
    assert after.as_of(MARCH - DAY).buildings["HALL"].gross_area_m2 == 5000.0
    assert after.as_of(MARCH - DAY).buildings["HALL"].year_built == 1998
    assert after.buildings["HALL"].gross_area_m2 == 5200.0


@pytest.mark.parametrize("column", ["code", "colour", ""])
def test_what_is_no_column_does_not_change(column: str) -> None:
    with pytest.raises(InputError, match="must be a column of buildings other than code"):
        change(ESTATE, "HALL", {column: "x"}, MARCH)
    with pytest.raises(InputError, match="must be a column of buildings other than code"):
        correct(ESTATE, "HALL", {column: "x"})
    with pytest.raises(NotFoundError, match="got 'nobody'"):
        change(ESTATE, "nobody", {"status": "idle"}, MARCH)


def test_a_room_moves_with_nobody_known_in_it() -> None:
    after = move_space(ESTATE, "R101", "WATER", MARCH)
    room, before = after.spaces["R101"], after.as_of(MARCH - DAY).spaces["R101"]
    assert (room.organisation, room.post, room.occupants) == ("WATER", "", None)
    assert before == ESTATE.spaces["R101"]
    assert [s.code for s in after.spaces_of("WATER")] == ["R101", "R201"]
    with pytest.raises(InputError, match="must be one of spaces, got 'HALL' of buildings"):
        move_space(ESTATE, "HALL", "WATER", MARCH)


def test_equipment_leaves_its_place_when_it_is_transferred() -> None:
    after = transfer(ESTATE, "PRN", "WATER", MARCH, building="ANNEX", space="R201")
    printer = after.equipment["PRN"]
    assert (printer.organisation, printer.building, printer.space, printer.serves) == (
        *("WATER", "ANNEX", "R201"),
        None,
    )
    assert transfer(ESTATE, "PRN", "WATER", MARCH).equipment["PRN"].building is None
    assert check_rows(rows_of(after)) == []


def test_vehicles_and_buildings_are_transferred_and_nothing_else() -> None:
    assert transfer(ESTATE, "CAR", "WATER", MARCH).vehicles["CAR"].organisation == "WATER"
    assert transfer(ESTATE, "HALL", "WATER", MARCH).buildings["HALL"].organisation == "WATER"
    with pytest.raises(InputError, match="only equipment must be given a place, got 'ANNEX'"):
        transfer(ESTATE, "CAR", "WATER", MARCH, building="ANNEX")
    with pytest.raises(InputError, match="must be one of buildings or equipment or vehicles"):
        transfer(ESTATE, "M1", "WATER", MARCH)


def test_a_disposed_meter_is_fed_no_more_from_the_local_day_on() -> None:
    after = dispose(ESTATE, "M1", MARCH, UTC_ZONE)
    assert after.meters["M1"].status == "disposed"
    assert after.as_of(MARCH - DAY).meters["M1"].status == "in_use"
    (binding,) = after.bindings_of("M1")
    assert binding.valid_until == datetime(2024, 2, 29, 16, tzinfo=UTC)  # midnight in Shanghai
    assert check_rows(rows_of(after)) == []


def test_without_a_site_the_given_zone_says_when_the_day_begins() -> None:
    (binding,) = dispose(ESTATE, "CAR", MARCH, UTC_ZONE).bindings_of("CAR")
    assert binding.valid_until == datetime(2024, 3, 1, tzinfo=UTC)


def test_bindings_may_go_on_after_disposal_and_ended_ones_stay() -> None:
    assert dispose(ESTATE, "M1", MARCH, UTC_ZONE, end_bindings=False).bindings == ESTATE.bindings
    ended = Binding("dev-1", "M1", START, valid_until=START + DAY)
    early = with_records(ESTATE, bindings=[ended])
    assert dispose(early, "M1", MARCH, UTC_ZONE).bindings == (ended,)


def test_marks_of_adoption_follow_the_binding() -> None:
    adopted = type(ESTATE)(
        bindings=ESTATE.bindings, meters=list(ESTATE.meters.values()), adopted=ESTATE.bindings
    )
    after = dispose(adopted, "M1", MARCH, UTC_ZONE)
    assert set(after.adopted) == set(after.bindings)


def test_what_breaks_a_rule_is_refused_and_what_was_broken_before_is_not_asked_again() -> None:
    wrong = transfer(ESTATE, "CAR", "NOBODY", MARCH)
    with pytest.raises(
        RegisterError, match="vehicles CAR organisation: must be a code of organisations"
    ):
        judged(ESTATE, wrong)
    assert judged(wrong, set_status(wrong, "VAN", "idle", MARCH)).vehicles["VAN"].status == "idle"


_ORGANISATIONS = st.sampled_from(["CITY", "SYSTEM", "EDU", "WATER"])
_DAYS = st.dates(date(2022, 1, 1), date(2025, 12, 31))


@given(st.lists(st.tuples(_DAYS, _ORGANISATIONS), max_size=6), st.tuples(_DAYS, _ORGANISATIONS))
def test_a_change_holds_from_its_day_on_and_leaves_every_day_before(
    earlier: list[tuple[date, str]], last: tuple[date, str]
) -> None:
    before = ESTATE
    for day, organisation in sorted(earlier, key=lambda step: step[0]):
        before = change(before, "HALL", {"organisation": organisation}, day)
    day, organisation = last
    latest = max((f.valid_until for f in before.former_values), default=date.min)
    if day < latest:
        with pytest.raises(StateError):
            change(before, "HALL", {"organisation": organisation}, day)
        return
    after = change(before, "HALL", {"organisation": organisation}, day)
    assert check_rows(rows_of(after)) == []
    edges = {day, *(step for step, _ in earlier)}
    for edge in (*edges, *(edge - DAY for edge in edges)):
        held = after.as_of(edge).buildings["HALL"].organisation
        expected = before.as_of(edge).buildings["HALL"].organisation if edge < day else organisation
        assert held == expected


@given(st.lists(st.tuples(_DAYS, _ORGANISATIONS), min_size=1, max_size=6, unique_by=lambda s: s[0]))
def test_taking_back_the_last_change_undoes_it(steps: list[tuple[date, str]]) -> None:
    before, after = ESTATE, ESTATE
    for day, organisation in sorted(steps, key=lambda step: step[0]):
        before, after = after, change(after, "HALL", {"organisation": organisation}, day)
    new = set(after.former_values) - set(before.former_values)
    for former in new:
        undone = take_back(after, "HALL", "organisation", former.valid_until)
        assert set(undone.former_values) == set(before.former_values)
        assert undone.assets == before.assets
