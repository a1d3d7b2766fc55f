"""Shared compounds (合署办公): every part of a building's use and area in one organisation's account."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.totals.segments import Segment
from analytics.yearly.compounds import shared_parts
from analytics.yearly.needed import account_series
from analytics.yearly.quotas import QuotaAccounts, QuotaStatus, quota_statuses
from quotawatt.register.model import (
    Building,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
    Space,
    VirtualMeter,
)
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import ZONE, daily, local

BOOK = load_rulebook()
YEAR = (date(2023, 1, 1), date(2024, 1, 1))
KWH = "electricity_import_kwh"
ELECTRICITY = "db37t2672-city-b-electricity"
BUILDING = Building("BLD-1", "", "", "SITE-1", "ORG-1", 10_000, data_centre_area_m2=400)
BY_AREA = VirtualMeter("VMT-1", "", "", "BLD-1", KWH, "share(BLD-1, area, ORG-2)", serves="ORG-2")


def books(
    *virtual: VirtualMeter,
    item: bool = False,
    former: FormerValue | None = None,
    organisation: str = "ORG-2",
) -> Register:
    """A compound of 10,000 m² accounted to ORG-1, of whose rooms ORG-2 has 250 of 1,000 m²."""
    meters = [Meter("MTR-1", "", "", "BLD-1", "electricity")]
    meters += [Meter("MTR-2", "", "", "BLD-1", "electricity", item="D1", parent="MTR-1")] * item
    return Register(
        organisations=[
            Organisation("ORG-0", "", "", "party_government", "city"),
            Organisation("ORG-1", "", "", "party_government", "city", "ORG-0"),
            Organisation("ORG-2", "", "", "party_government", "city", "ORG-0"),
        ],
        headcounts=[
            Headcount("ORG-1", "in_post", 60, date(2020, 1, 1)),
            Headcount("ORG-2", "in_post", 40, date(2020, 1, 1)),
        ],
        sites=[Site("SITE-1", "", "", "Asia/Shanghai", "shandong", "B", city="jinan")],
        buildings=[BUILDING],
        spaces=[
            Space("SPC-1", "", "", "BLD-1", "office", 750),
            Space("SPC-2", "", "", "BLD-1", "office", 250, organisation=organisation),
        ],
        meters=meters,
        virtual_meters=virtual,
        former_values=[] if former is None else [former],
    )


def judged(register: Register, part: float, extra: dict[tuple[str, str], float]) -> QuotaAccounts:
    """The accounts of 2023, the building using 2,000 kWh a day of which VMT-1 has a part."""
    of_all = {(code, KWH): 2000.0 for code in ("BLD-1", "ORG-0", "ORG-1")}
    use = {**of_all, ("VMT-1", KWH): 2000 * part, **extra}
    return quota_statuses(daily(use, *YEAR), register, BOOK, local(2024, 1, 1), ZONE)


def of(found: QuotaAccounts, asset: str) -> QuotaStatus:
    return next(s for s in found.statuses if (s.asset, s.quota) == (asset, ELECTRICITY))


def test_use_and_area_go_to_the_other_organisation_together() -> None:
    # 2,000 kWh x 365 = 730,000; a quarter of the rooms is ORG-2's: 182,500 kWh and 2,500 m².
    found = judged(books(BY_AREA), 0.25, {})
    first, second = of(found, "ORG-1"), of(found, "ORG-2")
    assert (first.used, first.denominator) == (pytest.approx(547_500), pytest.approx(7_500))
    assert (second.used, second.denominator) == (pytest.approx(182_500), pytest.approx(2_500))
    assert first.intensity == pytest.approx(73) == second.intensity
    assert [(p.role, p.subject) for p in first.parts] == [
        ("carrier", "ORG-1"),
        ("shared_out", "VMT-1"),
    ]
    assert [(p.role, p.subject) for p in second.parts] == [("shared_in", "VMT-1")]


def test_who_is_above_both_has_each_part_once() -> None:
    found = judged(books(BY_AREA), 0.25, {})
    above, parts = of(found, "ORG-0"), [of(found, "ORG-1"), of(found, "ORG-2")]
    assert above.used == pytest.approx(730_000) == pytest.approx(sum(p.used for p in parts))
    assert above.denominator == 10_000 == pytest.approx(sum(p.denominator for p in parts))
    assert [p.role for p in above.parts] == ["carrier"]


@given(part=st.integers(1, 99))
@settings(max_examples=5, deadline=None)
def test_nothing_is_lost_by_whatever_share(part: int) -> None:
    meter = replace(BY_AREA, formula=f"0.{part:02d}*BLD-1")
    register, use = books(meter, item=True), {("BLD-1/item:D1", KWH): 500.0}
    found = judged(register, part / 100, use)
    both = [of(found, "ORG-1"), of(found, "ORG-2")]
    # 1,500 kWh a day on 10,000 - 400 m² are shared; the data centre left out of each goes by the same part.
    assert sum(s.used for s in both) == pytest.approx(1500 * 365)
    assert sum(s.denominator for s in both) == pytest.approx(9_600)
    assert both[1].used == pytest.approx(1500 * 365 * part / 100)
    for status in both:
        assert sum(p.value for p in status.parts) == pytest.approx(status.used)


def test_a_sub_meter_takes_the_area_of_the_rooms_and_none_of_the_items() -> None:
    # MTR-2 is all that ORG-2 uses; the data centre's meter is another.
    meter = replace(BY_AREA, formula="MTR-2")
    (part,) = shared_parts(Segment(*YEAR, books(meter, item=True)))
    assert part.of_area == pytest.approx(0.25)
    assert part.of_meter(books(item=True).meters["MTR-1"], books(item=True)) == 0


def test_a_share_by_people() -> None:
    meter = replace(BY_AREA, formula="share(MTR-1, people, ORG-2)")
    (part,) = shared_parts(Segment(*YEAR, books(meter)))
    # The only root meter stands for the building: 40 of 100 people.
    assert part.of_area == pytest.approx(0.4)


def test_a_share_follows_the_rooms_from_day_to_day() -> None:
    # ORG-2 moved in on 1 July 2023 (184 of 365 days): 10,000 x 0.25 x 184 / 365 m².
    former = FormerValue("SPC-2", "organisation", "ORG-1", date(2023, 7, 1))
    register = books(BY_AREA, former=former)
    use = {(code, KWH): 2000.0 for code in ("BLD-1", "ORG-0", "ORG-1")}
    whole = daily(use, *YEAR)
    since = daily({("VMT-1", KWH): 500.0}, date(2023, 7, 1), YEAR[1])
    frame = type(whole)(data=[*whole.to_dict("records"), *since.to_dict("records")])
    found = quota_statuses(frame, register, BOOK, local(2024, 1, 1), ZONE)
    assert of(found, "ORG-2").denominator == pytest.approx(2_500 * 184 / 365)
    assert of(found, "ORG-2").used == pytest.approx(500 * 184)
    assert of(found, "ORG-1").denominator == pytest.approx(10_000 - 2_500 * 184 / 365)


def test_a_carrier_that_nobody_shares_is_told() -> None:
    found = judged(books(BY_AREA), 0.25, {("BLD-1", "gas_m3"): 10.0, ("ORG-1", "gas_m3"): 10.0})
    told = [f for f in found.findings if f.code == "share_incomplete"]
    assert {f.subject for f in told} == {"ORG-1", "ORG-2"}
    assert {f.detail["measures"] for f in told} == {"gas_m3"}


def test_its_series_is_read() -> None:
    assert ("VMT-1", KWH) in account_series(books(BY_AREA), BOOK)
    of_room = replace(BY_AREA, serves="SPC-2")
    assert ("VMT-1", KWH) not in account_series(books(of_room), BOOK)
    assert shared_parts(Segment(*YEAR, books(of_room))) == ()
