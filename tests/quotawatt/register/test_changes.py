"""What a change has computed anew: what it touches, from the day on which it makes a difference."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quotawatt.register.changes import affected, changes_between
from quotawatt.register.model import FormerValue, Headcount, Register, VirtualMeter
from quotawatt.register.operations import change, correct, dispose, take_back
from quotawatt.register.recomputation import describe_recomputation
from tests.quotawatt.register.estate import ESTATE, START, with_records

MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)
MARCH_AT_SITE = datetime(2024, 2, 29, 16, tzinfo=UTC)
MARCH_ANYWHERE = datetime(2024, 2, 29, 10, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _affected(before: Register, after: Register) -> dict[str, datetime]:
    return {f"{d} {c}".strip(): start for d, c, start in affected(before, after)}


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("M1", {"parent": None}, {"dev-1": MARCH_AT_SITE}),
        ("M1", {"status": "disposed"}, {"dev-1": MARCH_AT_SITE}),
        ("HALL", {"organisation": "WATER"}, {"asset:HALL": MARCH_AT_SITE}),
        ("EDU", {"region_parent": None}, {"asset:EDU": MARCH_ANYWHERE}),
        ("EDU", {"system_parent": "CITY"}, {"asset:EDU": MARCH_ANYWHERE}),
        ("CAR", {"organisation": "WATER"}, {"dev-car": MARCH_ANYWHERE}),
        # accounts are drawn up anew with every register: no result has to be
        ("HALL", {"gross_area_m2": 5100.0}, {}),
        ("EDU", {"owner_zh": "张工", "kind": "school"}, {}),
        ("CAR", {"plate": "鲁Z·00003"}, {}),
        ("R101", {"organisation": "WATER"}, {}),
        ("PRN", {"status": "idle"}, {}),
    ],
)
def test_a_dated_change_is_computed_from_its_day(
    code: str, values: dict[str, Any], expected: dict[str, datetime]
) -> None:
    assert _affected(ESTATE, change(ESTATE, code, values, MARCH)) == expected


def test_a_correction_is_computed_from_the_first_reading() -> None:
    after = correct(ESTATE, "HALL", {"organisation": "WATER"})
    assert _affected(ESTATE, after) == {"asset:HALL": START}
    assert _affected(ESTATE, correct(ESTATE, "M1", {"rated_power_kw": 90.0})) == {"dev-1": START}


def test_a_correction_after_a_dated_change_begins_with_that() -> None:
    before = change(ESTATE, "HALL", {"organisation": "WATER"}, MARCH)
    after = correct(before, "HALL", {"organisation": "CITY"})
    assert _affected(before, after) == {"asset:HALL": MARCH_AT_SITE}


def test_a_change_that_is_taken_back_is_computed_from_its_day() -> None:
    before = change(ESTATE, "HALL", {"organisation": "WATER"}, MARCH)
    assert _affected(before, take_back(before, "HALL", "organisation", MARCH)) == {
        "asset:HALL": MARCH_AT_SITE
    }


def test_a_former_value_alone_makes_the_difference_up_to_its_day() -> None:
    after = with_records(ESTATE, former_values=[FormerValue("M1", "parent", "", MARCH)])
    assert _affected(ESTATE, after) == {"dev-1": START}
    later = with_records(ESTATE, former_values=[FormerValue("M1", "parent", "", JULY)])
    assert _affected(after, later) == {"dev-1": MARCH_AT_SITE}


def test_what_nothing_feeds_has_nothing_to_compute() -> None:
    bare = with_records(ESTATE, bindings=[])
    assert _affected(bare, change(bare, "HALL", {"organisation": "WATER"}, MARCH)) == {}
    assert _affected(bare, change(bare, "M1", {"parent": None}, MARCH)) == {}


def test_a_binding_that_ended_before_the_day_is_left_alone() -> None:
    ended = replace(ESTATE.bindings[1], valid_until=START + timedelta(days=9))
    before = with_records(ESTATE, bindings=[ended])
    assert _affected(before, change(before, "M1", {"parent": None}, MARCH)) == {}


def test_an_ended_binding_and_a_status_are_one_change_from_one_day() -> None:
    after = dispose(ESTATE, "M2", MARCH, SHANGHAI)
    assert _affected(ESTATE, after) == {"dev-2": MARCH_AT_SITE}
    assert {kind: c.counts() for kind, c in changes_between(ESTATE, after).items()} == {
        "meters": {"added": 0, "changed": 1, "removed": 0},
        "bindings": {"added": 0, "changed": 1, "removed": 0},
        "former_values": {"added": 1, "changed": 0, "removed": 0},
    }


SHARING = with_records(
    ESTATE,
    virtual_meters=[
        VirtualMeter(
            "VM", "分", "Share", "HALL", "electricity_import_kwh", "share(M1, area, R101)"
        ),
        VirtualMeter(
            "VP", "人", "Staff", "HALL", "electricity_import_kwh", "share(VM, people, EDU)"
        ),
        VirtualMeter("VB", "楼", "House", "HALL", "electricity_import_kwh", "BLD + 0.5*HALL"),
    ],
)


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("VM", {"formula": "M0 - M1"}, {"asset:VM": MARCH_AT_SITE}),
        ("VM", {"serves": "R101"}, {"asset:VM": MARCH_AT_SITE}),
        ("VB", {"status": "idle"}, {"asset:VB": MARCH_AT_SITE}),
        ("VM", {"name_en": "Other"}, {}),
        ("M1", {"serves": None}, {"dev-1": MARCH_AT_SITE}),
        ("R101", {"area_m2": 30.0}, {"asset:VM": MARCH_AT_SITE, "asset:VP": MARCH_AT_SITE}),
        ("R101", {"post": "staff"}, {}),
        ("R201", {"area_m2": 40.0}, {}),
    ],
)
def test_what_virtual_meters_rest_on_is_computed_from_its_day(
    code: str, values: dict[str, Any], expected: dict[str, datetime]
) -> None:
    assert _affected(SHARING, change(SHARING, code, values, MARCH)) == expected


def test_a_virtual_meter_that_comes_or_goes_is_computed_from_the_first_reading() -> None:
    without = with_records(ESTATE, virtual_meters=[])
    assert _affected(without, ESTATE) == {"asset:VM": START}
    assert _affected(ESTATE, without) == {"asset:VM": START}


def test_a_share_by_people_is_computed_from_the_head_count_on() -> None:
    more = [*SHARING.headcounts, Headcount("WATER", "in_post", 20, MARCH)]
    found = _affected(SHARING, with_records(SHARING, headcounts=more))
    assert found == {"asset:VP": MARCH_AT_SITE}
    more = [*ESTATE.headcounts, Headcount("WATER", "in_post", 20, MARCH)]
    assert _affected(ESTATE, with_records(ESTATE, headcounts=more)) == {}


def test_what_will_be_computed_is_described() -> None:
    told = describe_recomputation(ESTATE, change(ESTATE, "M1", {"parent": None}, MARCH))
    assert (told.start, told.channels, told.assets) == (MARCH_AT_SITE, (("dev-1", ""),), ("M1",))
    assert told.totals == ("CITY", "EDU", "HALL", "R101", "SYSTEM", "VM")
    assert told.text("en", SHANGHAI) == (
        "Computed anew from 2024-03-01 00:00 on: 1 assets (1 channels of devices) and the 6 totals"
        " that they are in."
    )
    assert "自 2024-03-01 00:00 起重新计算：1 个资产" in told.text("zh", SHANGHAI)


def test_old_and_new_totals_are_described() -> None:
    told = describe_recomputation(ESTATE, change(ESTATE, "HALL", {"organisation": "WATER"}, MARCH))
    assert (told.channels, told.assets) == ((), ())
    assert told.totals == ("CITY", "EDU", "HALL", "SYSTEM", "WATER")


def test_nothing_is_said_of_nothing() -> None:
    told = describe_recomputation(ESTATE, correct(ESTATE, "R101", {"post": "staff"}))
    assert told.start is None
    assert told.text("en", SHANGHAI) == "Nothing is computed anew."
    assert told.text("zh", SHANGHAI) == "不需要重新计算。"
