"""Which entries are new, which correct one, and what stands against it."""

from dataclasses import replace

from quotawatt.hand.drafting import drafted
from quotawatt.hand.planning import make_plan
from tests.quotawatt.hand.world import SETTING, bill, broken, entry, plan, reading, stored


def test_the_same_row_twice_is_one_entry() -> None:
    found = plan(reading("2024-05-01", 1.0), reading("2024-05-01", 1.0, number=3))
    assert len(found.added) == 1
    again = plan(reading("2024-05-01", 1.0), kept=found.added)
    assert (again.added, again.corrected, len(again.unchanged)) == ((), (), 1)


def test_two_rows_that_contradict_each_other_are_refused() -> None:
    found = plan(reading("2024-05-01", 1.0), reading("2024-05-01", 2.0, number=3))
    assert broken(found) == [("", "entered_twice")]
    assert "表:2" in str(found.problems[0])


def test_another_figure_corrects_and_keeps_the_document() -> None:
    with_scan = replace(entry(bill("2024-05-01", "2024-05-31", 3.0), "hand_bills"), document="ab12")
    same = plan(bill("2024-05-01", "2024-05-31", 3.0), form="hand_bills", kept=(with_scan,))
    assert len(same.unchanged) == 1
    found = plan(bill("2024-05-01", "2024-05-31", 4.0), form="hand_bills", kept=(with_scan,))
    ((kept, becomes),) = found.corrected
    assert (kept.entry, becomes.amount, becomes.document) == (with_scan, 4.0, "ab12")


def test_a_corrected_reading_is_held_against_its_neighbours_not_itself() -> None:
    kept = (entry(reading("2024-05-01", 10.0)), entry(reading("2024-06-01", 1000.0)))
    assert broken(plan(reading("2024-06-01", 20.0), kept=kept)) == []
    assert broken(plan(reading("2024-06-01", 9.0), kept=kept)) == [("value", "falls")]


def test_a_correction_by_number_must_not_take_anothers_place() -> None:
    kept = stored(entry(reading("2024-05-01", 10.0)), entry(reading("2024-06-01", 20.0)))
    moved, _ = drafted({"hand_readings": [reading("2024-06-01", 15.0)]}, SETTING)
    found = make_plan(moved, kept, SETTING, correcting=kept[0])
    assert broken(found) == [("", "entered_already")]
    free, _ = drafted({"hand_readings": [reading("2024-05-15", 15.0)]}, SETTING)
    ((old, new),) = make_plan(free, kept, SETTING, correcting=kept[0]).corrected
    assert (old.number, new.value) == (1, 15.0)
