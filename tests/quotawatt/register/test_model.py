"""Head-counts: a denominator that is not wholly known is not known. And look-ups by device."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from quotawatt.register.model import (
    Binding,
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Vehicle,
)

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


def placed(*bindings: Binding) -> Register:
    """A meter in Kashgar, a vehicle, and these bindings."""
    return Register(
        sites=[Site("SITE", "院区", "Site", "Asia/Urumqi", "xinjiang", "B")],
        buildings=[Building("BLD", "楼", "Building", "SITE", "UP")],
        meters=[Meter("MTR", "表", "Meter", "BLD", "water")],
        vehicles=[Vehicle("VEH", "车", "Car", "UP", "新Z·00001", "car", "petrol")],
        bindings=bindings,
    )


def bound(device: str, asset: str, year: int, channel: str = "", datum: str = "wgs84") -> Binding:
    start = datetime(year, 1, 1, tzinfo=UTC)
    return Binding(device, asset, start, channel=channel, datum=datum)


def test_a_device_keeps_the_time_of_its_newest_place() -> None:
    register = placed(
        bound("meter", "MTR", 2020),
        bound("site", "SITE", 2020),
        bound("moved", "MTR", 2020),
        bound("moved", "VEH", 2022),
    )
    assert register.zone_of_device("meter") == ZoneInfo("Asia/Urumqi")
    assert register.zone_of_device("site") == ZoneInfo("Asia/Urumqi")
    assert register.zone_of_device("moved") is None
    assert register.zone_of_device("nobody") is None


def test_bound_channels_are_those_of_all_times() -> None:
    register = placed(
        bound("d", "MTR", 2020), bound("d", "VEH", 2021, "B"), bound("e", "MTR", 2022)
    )
    assert register.bound_channels == {"d": {"", "B"}, "e": {""}}


def test_the_newest_binding_says_the_datum() -> None:
    register = placed(
        bound("d", "VEH", 2020, datum="gcj02"),
        bound("d", "VEH", 2021),
        bound("d", "VEH", 2020, "B", datum="gcj02"),
    )
    assert register.gcj02_channels == {"d": {"B"}}
