"""Assets that report though the books say otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.reconciliation.lifecycle import contradicted_statuses
from quotawatt.register.model import Binding, FormerValue
from tests.analytics.reconciliation.worlds import (
    BOUND,
    BUILDING,
    DAY,
    LONG_AGO,
    METER,
    NOW,
    found,
    hourly,
    register,
    world,
)

GONE = replace(METER, status="disposed")
SINCE = FormerValue("M-1", "status", "in_use", date(2024, 6, 1))


@pytest.mark.parametrize("status", ["in_use", "idle"])
def test_what_may_report_is_left_alone(status: str) -> None:
    book = register(meters=[replace(METER, status=status)])
    assert found(contradicted_statuses(world(book, hourly("d-1")))) == []


@pytest.mark.parametrize("status", ["disposed", "transferred"])
def test_a_disposed_asset_that_reports_is_found_with_what_it_counted(status: str) -> None:
    book = register(meters=[replace(METER, status=status)], former_values=[SINCE])
    (finding,) = contradicted_statuses(world(book, hourly("d-1")))
    assert (finding.code, finding.subject) == ("asset_still_reporting", "M-1")
    assert finding.detail["status"] == status
    assert finding.detail["status_since"] == "2024-05-31T16:00:00+00:00"
    assert finding.detail["readings"] == 72
    assert finding.detail["increase"] == 71 * 1.5


def test_a_disposed_asset_that_is_silent_is_none() -> None:
    book = register(meters=[GONE])
    assert found(contradicted_statuses(world(book, hourly("d-1", NOW - 4 * DAY)))) == []


def test_what_it_sent_before_it_was_disposed_of_does_not_count() -> None:
    today = replace(SINCE, valid_until=date(2024, 6, 3))
    book = register(meters=[GONE], former_values=[today])
    assert found(contradicted_statuses(world(book, hourly("d-1", NOW - DAY / 2)))) == []
    assert found(contradicted_statuses(world(book, hourly("d-1", NOW)))) != []


def test_a_change_of_status_in_the_future_is_not_yet_one() -> None:
    coming = replace(SINCE, valid_until=date(2024, 7, 1))
    book = register(meters=[GONE], former_values=[coming])
    assert found(contradicted_statuses(world(book, hourly("d-1")))) == []


def test_a_binding_that_ended_does_not_hide_the_device() -> None:
    book = register(meters=[GONE], bindings=[replace(BOUND, valid_until=NOW - 30 * DAY)])
    assert found(contradicted_statuses(world(book, hourly("d-1")))) == [
        ("asset_still_reporting", "M-1")
    ]


def test_a_device_that_was_moved_speaks_for_the_other_asset() -> None:
    moved = NOW - 30 * DAY
    book = register(
        meters=[GONE, replace(METER, code="M-2")],
        bindings=[replace(BOUND, valid_until=moved), Binding("d-1", "M-2", moved)],
    )
    assert found(contradicted_statuses(world(book, hourly("d-1")))) == []


def test_what_is_only_planned_does_not_report() -> None:
    book = register(meters=[replace(METER, status="planned")])
    assert found(contradicted_statuses(world(book, hourly("d-1")))) == [
        ("planned_asset_reporting", "M-1")
    ]


def test_a_meter_of_a_building_that_was_given_up_counts_with_it() -> None:
    book = register(buildings=[replace(BUILDING, status="transferred")])
    assert found(contradicted_statuses(world(book, hourly("d-1")))) == [
        ("asset_still_reporting", "M-1")
    ]
    assert (
        found(contradicted_statuses(world(register(bindings=[Binding("x", "M-1", LONG_AGO)]))))
        == []
    )
