"""Areas and head-counts that were changed without a date."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analytics.reconciliation.undated import (
    CODE,
    Said,
    baseline_from_json,
    baseline_to_json,
    undated_changes,
)
from quotawatt.findings import finding_key
from quotawatt.register.model import FormerValue, Headcount, Register
from tests.analytics.reconciliation.worlds import BUILDING, DAY, found, register

MONDAY = date(2024, 6, 3)
STAFF = Headcount("O-1", "in_post", 40, date(2023, 1, 1))


def house(area: float | None, *formers: FormerValue, **changes: Any) -> Register:
    buildings = [replace(BUILDING, gross_area_m2=area)]
    return register(buildings=buildings, former_values=list(formers), **changes)


def changes(before: Register, after: Register, days: int = 1) -> list[tuple[str, str]]:
    _, baseline = undated_changes(before, MONDAY, {}, ())
    findings, _ = undated_changes(after, MONDAY + days * DAY, baseline, ())
    return found(findings)


def test_the_first_check_only_remembers() -> None:
    findings, baseline = undated_changes(house(1000.0), MONDAY, {}, ())
    assert findings == []
    assert baseline["B-1"] == Said(MONDAY, {"gross_area_m2": 1000.0})


def test_a_change_without_a_date_is_found_and_stays() -> None:
    _, baseline = undated_changes(house(1000.0), MONDAY, {}, ())
    for days in (1, 2, 30):
        (finding,), baseline = undated_changes(house(1200.0), MONDAY + days * DAY, baseline, ())
        assert (finding.code, finding.subject) == (CODE, "B-1")
        assert finding.detail == {
            "column": "gross_area_m2",
            "before": 1000.0,
            "after": 1200.0,
            "day": "2024-06-03",
        }
    taken_back, _ = undated_changes(house(1000.0), MONDAY + 40 * DAY, baseline, ())
    assert taken_back == []


def test_a_change_with_its_date_is_none() -> None:
    for until in (date(2024, 1, 1), MONDAY, MONDAY + DAY, date(2025, 1, 1)):
        former = FormerValue("B-1", "gross_area_m2", "1000.0", until)
        assert changes(house(1000.0), house(1200.0, former)) == []


def test_putting_the_date_in_later_clears_it() -> None:
    _, baseline = undated_changes(house(1000.0), MONDAY, {}, ())
    _, baseline = undated_changes(house(1200.0), MONDAY + DAY, baseline, ())
    dated = house(1200.0, FormerValue("B-1", "gross_area_m2", "1000.0", MONDAY))
    findings, baseline = undated_changes(dated, MONDAY + 2 * DAY, baseline, ())
    assert findings == []
    assert baseline["B-1"].figures["gross_area_m2"] == 1200.0


def test_what_was_accepted_counts_from_then_on() -> None:
    _, baseline = undated_changes(house(1000.0), MONDAY, {}, ())
    (finding,), _ = undated_changes(house(1200.0), MONDAY + DAY, baseline, ())
    accepted = {("B-1", finding_key(finding))}
    _, baseline = undated_changes(house(1200.0), MONDAY + 2 * DAY, baseline, accepted)
    assert baseline["B-1"] == Said(MONDAY + 2 * DAY, {"gross_area_m2": 1200.0})
    again, _ = undated_changes(house(1300.0), MONDAY + 3 * DAY, baseline, accepted)
    assert [finding_key(f) in {key for _, key in accepted} for f in again] == [False]


def test_what_was_not_known_before_may_be_filled_in() -> None:
    assert changes(house(None), house(1200.0)) == []
    assert changes(house(1200.0), house(None)) == [(CODE, "B-1")]


def test_people_are_looked_at_too() -> None:
    now = house(1000.0, headcounts=[STAFF])
    assert changes(now, house(1000.0, headcounts=[replace(STAFF, people=50)])) == [(CODE, "O-1")]
    assert changes(now, house(1000.0)) == [(CODE, "O-1")]
    dated = [replace(STAFF, valid_until=MONDAY), replace(STAFF, people=50, valid_from=MONDAY)]
    assert changes(now, house(1000.0, headcounts=dated)) == []


def test_an_asset_that_was_removed_is_forgotten() -> None:
    _, baseline = undated_changes(house(1000.0), MONDAY, {}, ())
    findings, following = undated_changes(register(buildings=[], meters=[]), MONDAY, baseline, ())
    assert findings == []
    assert "B-1" not in following


@given(areas=st.lists(st.floats(1, 1e6), min_size=1, max_size=8))
def test_the_baseline_survives_the_store_and_nothing_is_found_of_nothing(
    areas: list[float],
) -> None:
    baseline: dict[str, Said] = {}
    for day, area in enumerate(areas):
        _, baseline = undated_changes(house(area), MONDAY + day * DAY, baseline, ())
        kept = baseline_from_json(baseline_to_json(baseline))
        assert {code: said for code, said in baseline.items() if said.figures} == kept
    unchanged, _ = undated_changes(house(areas[0]), MONDAY + 99 * DAY, baseline, ())
    assert unchanged == []
