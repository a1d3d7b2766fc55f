"""Totals follow the register as it was at each hour."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key, empty_grid, hour_starts
from analytics.totals.rollup import add_up, to_days
from analytics.totals.segments import followed_tree
from analytics.totals.tree import Tree
from quotawatt.register.model import (
    Building,
    FormerValue,
    Meter,
    Organisation,
    Register,
    Site,
    Vehicle,
)
from quotawatt.spans import DAY, Span, local_midnight
from tests.analytics.builders import IMPORT, SHANGHAI, binding

FIRST = date(2023, 6, 26)
DAYS = 10
HALF_WAY = date(2023, 7, 1)
ORGANISATIONS = ("ORG-A", "ORG-B", "ORG-C")
ZONES = {"SITE-E": "Asia/Shanghai", "SITE-W": "Asia/Kolkata", "SITE-N": "Europe/Berlin"}
HOURS = Span(local_midnight(FIRST, SHANGHAI), local_midnight(FIRST + DAYS * DAY, SHANGHAI))
POINTS = [Key(f"M-{site}", IMPORT) for site in ZONES]


def town(*former: FormerValue, **changes: object) -> Register:
    """ORG-A above ORG-B above ORG-C by region; a house of ORG-B with a meter on each of three sites."""
    return Register(
        organisations=[
            Organisation(
                code, code, code, "party_government", "city", above, status=_status(code, changes)
            )
            for code, above in zip(ORGANISATIONS, (None, "ORG-A", "ORG-B"), strict=True)
        ],
        sites=[Site(code, code, code, zone, "shandong", "B") for code, zone in ZONES.items()],
        buildings=[
            Building(
                f"B-{s}", s, s, s, "ORG-B", gross_area_m2=900.0, status=_status(f"B-{s}", changes)
            )
            for s in ZONES
        ],
        meters=[
            Meter(f"M-{s}", s, s, f"B-{s}", "electricity", status=_status(f"M-{s}", changes))
            for s in ZONES
        ],
        vehicles=[Vehicle("CAR", "车", "Car", "ORG-B", "鲁A", "car", "petrol")],
        bindings=[binding(f"dev-{s}", f"M-{s}") for s in ZONES],
        former_values=former,
    )


def _status(code: str, changes: dict[str, object]) -> str:
    return str(changes.get(code.replace("-", "_"), "in_use"))


def use(points: Sequence[Key] = POINTS) -> Grid:
    """Every hour measured; no two hours of any points are the same, and sums are exact."""
    empty = empty_grid(points, hour_starts(HOURS))
    value = np.arange(empty.value.size, dtype=float).reshape(empty.value.shape) ** 2 + 1
    full = np.ones(empty.value.shape)
    return Grid(empty.keys, empty.starts, value, full, empty.estimated)


def totals_of(register: Register, hours: Grid) -> Grid:
    tree = Tree(Wiring(register), SHANGHAI)
    return add_up(hours, tree.totals_over(dict.fromkeys(hours.keys, HOURS)), tree)


def daily(total: Grid, code: str, measure: str = IMPORT) -> list[float]:
    """The sums of the subject's days in Shanghai; NaN where there is none."""
    days = to_days(total.select([Key(code, measure)]), SHANGHAI)
    return [float(value) for value in days.value[0]]


def day_sums(hours: Grid, row: int) -> list[float]:
    return [float(x) for x in hours.value[row].reshape(DAYS, 24).sum(axis=1)]


def test_a_building_counts_at_each_of_its_organisations_in_its_time() -> None:
    moved = FormerValue("B-SITE-E", "organisation", "ORG-C", HALF_WAY)
    hours = use(POINTS[:1])
    total = totals_of(town(moved), hours)
    whole = day_sums(hours, 0)
    cut = (HALF_WAY - FIRST).days
    assert daily(total, "ORG-C")[:cut] == whole[:cut]
    assert np.isnan(daily(total, "ORG-C")[cut:]).all()
    # ORG-C is below ORG-B: from there on it is its own, and was so all the time.
    assert daily(total, "ORG-B") == daily(total, "ORG-A") == whole
    assert (total.select([Key("ORG-A", IMPORT)]).coverage == 1).all()


def test_a_day_is_that_of_the_place_where_the_energy_was_used() -> None:
    moved = FormerValue("B-SITE-N", "organisation", "ORG-C", HALF_WAY)
    hours = use([Key("M-SITE-N", IMPORT)])
    known = totals_of(town(moved), hours).select([Key("ORG-C", IMPORT)]).known()[0]
    berlin = local_midnight(HALF_WAY, ZoneInfo("Europe/Berlin"))
    assert known.sum() == (berlin - HOURS.start) / timedelta(hours=1)


def test_an_organisation_that_comes_under_another_brings_its_totals_from_that_day() -> None:
    before = FormerValue("ORG-B", "region_parent", "", HALF_WAY)
    hours = use(POINTS[:1])
    total = totals_of(town(before), hours)
    cut = (HALF_WAY - FIRST).days
    assert np.isnan(daily(total, "ORG-A")[:cut]).all()
    assert daily(total, "ORG-A")[cut:] == day_sums(hours, 0)[cut:]
    assert daily(total, "ORG-B") == day_sums(hours, 0)


def test_a_meter_that_becomes_a_sub_meter_leaves_the_sum() -> None:
    was_root = FormerValue("M-SITE-W", "parent", "", HALF_WAY)
    of = town(was_root)
    register = Register(
        organisations=tuple(of.organisations.values()),
        sites=tuple(of.sites.values()),
        buildings=tuple(of.buildings.values()),
        meters=[
            replace(m, building="B-SITE-E", parent="M-SITE-E" if m.code == "M-SITE-W" else None)
            for m in of.meters.values()
        ],
        bindings=of.bindings,
        former_values=of.former_values,
    )
    hours = use(POINTS[:2])
    total = totals_of(register, hours)
    one, two = day_sums(hours, 0), day_sums(hours, 1)
    cut = (HALF_WAY - FIRST).days
    together = [a + b for a, b in zip(one, two, strict=True)]
    assert daily(total, "B-SITE-E") == together[:cut] + one[cut:]


def test_a_vehicle_that_goes_over_takes_its_fuel_with_it() -> None:
    moved = FormerValue("CAR", "organisation", "ORG-C", HALF_WAY)
    hours = use([Key("CAR", "fuel_used_l")])
    total = totals_of(town(moved), hours)
    cut = (HALF_WAY - FIRST).days
    assert daily(total, "ORG-C", "petrol_l")[:cut] == day_sums(hours, 0)[:cut]
    assert np.isnan(daily(total, "ORG-C", "petrol_l")[cut:]).all()


@pytest.mark.parametrize("code", ["M-SITE-E", "B-SITE-E"])
@pytest.mark.parametrize(
    ("status", "in_use"),
    [
        ("planned", False),
        ("in_use", True),
        ("idle", True),
        ("transferred", False),
        ("disposed", False),
    ],
)
def test_what_is_not_in_use_is_neither_counted_nor_missed(
    code: str, status: str, in_use: bool
) -> None:
    was = FormerValue(code, "status", "in_use", HALF_WAY)
    register = town(was, **{code.replace("-", "_"): status})
    hours = use(POINTS[:1])
    total = totals_of(register, hours)
    cut = (HALF_WAY - FIRST).days
    counted = [not np.isnan(value) for value in daily(total, "ORG-B")]
    assert counted == [True] * cut + [in_use] * (DAYS - cut)
    tree = Tree(Wiring(register), SHANGHAI)
    expected = tree.expected(Key("M-SITE-E", IMPORT), hours.starts).reshape(DAYS, 24).all(axis=1)
    assert expected.tolist() == [True] * cut + [in_use or code != "M-SITE-E"] * (DAYS - cut)


def test_a_silent_building_lowers_the_coverage_only_of_who_has_it() -> None:
    moved = FormerValue("B-SITE-E", "organisation", "ORG-C", HALF_WAY)
    hours = use()
    hours.value[0], hours.coverage[0] = np.nan, 0.0
    total = totals_of(town(moved), hours).select([Key("ORG-C", IMPORT), Key("ORG-B", IMPORT)])
    assert not total.known()[0].any()
    # Three houses in all are due of ORG-B, whose own or ORG-C's they are.
    assert np.allclose(total.coverage[1], 2 / 3)


# --- conservation -----------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(
        st.sampled_from(sorted(ZONES)),
        st.sampled_from(["ORG-A", "ORG-B", "ORG-C"]),
        st.integers(1, DAYS - 1),
    ),
    max_size=12,
    unique_by=lambda move: (move[0], move[2]),
)


@given(moves)
def test_transfers_lose_and_double_nothing(moved: list[tuple[str, str, int]]) -> None:
    """Organisations side by side: at each hour their totals add up to the sum of the buildings."""
    former = [
        FormerValue(f"B-{site}", "organisation", held, FIRST + day * DAY)
        for site, held, day in moved
    ]
    of = town(*former)
    apart = Register(
        organisations=[replace(o, region_parent=None) for o in of.organisations.values()],
        sites=tuple(of.sites.values()),
        buildings=tuple(of.buildings.values()),
        meters=tuple(of.meters.values()),
        bindings=of.bindings,
        former_values=former,
    )
    hours = use()
    total = totals_of(apart, hours)
    organisations = [key for key in total.keys if key.subject in ORGANISATIONS]
    summed = np.nansum(total.select(organisations).value, axis=0)
    assert np.array_equal(summed, hours.value.sum(axis=0))
    # In one tree the top has it all, whoever below it has which house.
    at_top = totals_of(of, hours).select([Key("ORG-A", IMPORT)])
    assert np.array_equal(at_top.value[0], hours.value.sum(axis=0))


# --- by system --------------------------------------------------------------------------------------


def schools() -> Register:
    """A city above a bureau and a district; the bureau heads the district's schools by system.

    The city is a parent by both: by region of the bureau and the district, by system of the bureau.
    """
    organisations = [
        Organisation("CITY", "市", "City", "party_government", "city"),
        Organisation("BUREAU", "局", "Bureau", "party_government", "city", "CITY", "CITY"),
        Organisation("DISTRICT", "区", "District", "party_government", "county", "CITY"),
        Organisation("SCHOOL-1", "校", "School", "education", "county", "DISTRICT", "BUREAU"),
        Organisation("SCHOOL-2", "校", "School", "education", "county", "DISTRICT", "BUREAU"),
    ]
    own = ("BUREAU", "SCHOOL-1", "SCHOOL-2")
    return Register(
        organisations=organisations,
        sites=[Site("SITE-E", "院", "Site", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building(f"B-{o}", o, o, "SITE-E", o) for o in own],
        meters=[Meter(f"M-{o}", o, o, f"B-{o}", "electricity") for o in own],
        bindings=[binding(f"dev-{o}", f"M-{o}") for o in own],
    )


def test_who_heads_a_system_only_has_its_totals_and_the_rest_those_by_region() -> None:
    register = schools()
    hours = use([Key(f"M-{o}", IMPORT) for o in ("BUREAU", "SCHOOL-1", "SCHOOL-2")])
    bureau, one, two = (sum(day_sums(hours, row)) for row in range(3))
    total = totals_of(register, hours)
    found = {key.subject: float(np.sum(total.select([key]).value)) for key in total.keys}
    assert {code: value for code, value in found.items() if not code.startswith("B-")} == {
        "SCHOOL-1": one,
        "SCHOOL-2": two,
        "DISTRICT": one + two,
        "BUREAU": bureau + one + two,
        "CITY": bureau + one + two,
    }
    assert followed_tree(register, "CITY") == "region"
    assert followed_tree(register, "BUREAU") == "system"
