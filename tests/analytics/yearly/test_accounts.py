"""Area, people and eligibility of a year in which what is held changes hands."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.carbon.statuses import carbon_statuses
from analytics.totals.segments import Segment, books, segments
from analytics.yearly.accounts import mean_area_m2, mean_people
from analytics.yearly.quotas import quota_statuses
from quotawatt.register.model import BaseValue, FormerValue, Headcount, Organisation, Register
from quotawatt.register.rows import records_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.spans import DAY
from tests.analytics.accounts_example import ZONE, daily, local, register

BOOK = load_rulebook()
ELECTRICITY = "electricity_import_kwh"
JANUARY, JULY, NEXT = date(2023, 1, 1), date(2023, 7, 1), date(2024, 1, 1)
YEAR_END = local(2024, 1, 1)
FIRST_HALF, SECOND_HALF = 181, 184


def changed(*former: FormerValue, base: Register | None = None, **rows: object) -> Register:
    """The example, or ``base``, with former values and with other rows of some kinds."""
    return Register(**{**records_of(base or register()), **rows, "former_values": former})  # type: ignore[arg-type]


def side_by_side(**changes: object) -> Register:
    """The two organisations of the example apart; ``changes`` are of the building BLD-2."""
    one = register()
    apart = [replace(o, region_parent=None) for o in one.organisations.values()]
    second = replace(one.buildings["BLD-2"], **changes)
    return changed(base=one, organisations=apart, buildings=[one.buildings["BLD-1"], second])


def pieces_of(of: Register, until: date = NEXT) -> tuple[Segment, ...]:
    return segments(books(of), JANUARY, until)


def test_a_building_that_goes_over_on_1_july_counts_for_its_days_at_each() -> None:
    # BLD-2 (5000 m²) was ORG-2's for 181 days, then ORG-1's for 184.
    moved = FormerValue("BLD-2", "organisation", "ORG-2", JULY)
    of = changed(moved, base=side_by_side(organisation="ORG-1"))
    assert mean_area_m2("ORG-2", pieces_of(of)) == pytest.approx(5_000 * FIRST_HALF / 365)
    assert mean_area_m2("ORG-1", pieces_of(of)) == pytest.approx(10_000 + 5_000 * SECOND_HALF / 365)
    assert mean_area_m2("BLD-2", pieces_of(of)) == pytest.approx(5_000)
    # On 30 June nobody knows of it yet.
    assert mean_area_m2("ORG-2", pieces_of(of, JULY)) == 5_000


def test_an_extension_and_a_closure_weigh_by_their_days() -> None:
    smaller = FormerValue("BLD-2", "gross_area_m2", "2000", JULY)
    assert mean_area_m2("BLD-2", pieces_of(changed(smaller))) == pytest.approx(
        (2_000 * FIRST_HALF + 5_000 * SECOND_HALF) / 365
    )
    closed = FormerValue("BLD-2", "status", "in_use", JULY)
    of = changed(closed, base=side_by_side(status="disposed"))
    assert mean_area_m2("BLD-2", pieces_of(of)) == pytest.approx(5_000 * FIRST_HALF / 365)


def test_an_area_that_was_unknown_for_a_while_is_no_area() -> None:
    unknown = FormerValue("BLD-2", "gross_area_m2", "", JULY)
    assert mean_area_m2("ORG-1", pieces_of(changed(unknown))) is None


def test_people_follow_who_is_below_on_the_day() -> None:
    # ORG-2 with 50 people came under ORG-1 on 1 July.
    came = FormerValue("ORG-2", "region_parent", "", JULY)
    of = changed(came)
    assert mean_people("ORG-1", ["in_post"], pieces_of(of)) == pytest.approx(
        100 + 50 * SECOND_HALF / 365
    )
    assert mean_people("ORG-2", ["in_post"], pieces_of(of)) == pytest.approx(50)


def test_an_organisation_that_was_closed_leaves_no_gap_behind() -> None:
    closed = FormerValue("ORG-2", "status", "in_use", JULY)
    one = register()
    organisations = [
        one.organisations["ORG-1"],
        replace(one.organisations["ORG-2"], status="disposed"),
    ]
    headcounts = [
        Headcount("ORG-1", "in_post", 100, date(2020, 1, 1)),
        Headcount("ORG-2", "in_post", 50, date(2020, 1, 1), JULY),
    ]
    of = changed(closed, base=one, organisations=organisations, headcounts=headcounts)
    assert mean_people("ORG-1", ["in_post"], pieces_of(of)) == pytest.approx(
        100 + 50 * FIRST_HALF / 365
    )


def test_the_accounts_of_both_hold_what_was_theirs() -> None:
    """ORG-2 hands its only building over on 1 July: both are still judged, each for its days."""
    moved = FormerValue("BLD-2", "organisation", "ORG-2", JULY)
    base = side_by_side(organisation="ORG-1")
    values = [
        BaseValue(o, "carbon_kgco2_per_m2", 2020, 60.0, "invented") for o in ("ORG-1", "ORG-2")
    ]
    of = changed(moved, base=base, base_values=values)
    use = daily({("ORG-2", ELECTRICITY): 100.0}, JANUARY, JULY)
    found = carbon_statuses(use, of, BOOK, YEAR_END, ZONE)
    (account,) = (s for s in found.statuses if s.asset == "ORG-2")
    assert account.gross_area_m2 == pytest.approx(5_000 * FIRST_HALF / 365)
    assert account.grid_region == "shandong"
    quotas = quota_statuses(use, of, BOOK, YEAR_END, ZONE)
    shares = {s.denominator_name: s.denominator for s in quotas.statuses if s.asset == "ORG-2"}
    assert shares == {
        "gross_area_m2": pytest.approx(5_000 * FIRST_HALF / 365),
        "headcount": pytest.approx(50),
    }


def test_what_was_never_in_use_has_no_account_and_misses_nothing() -> None:
    planned = side_by_side(status="planned", gross_area_m2=None)
    use = daily({("ORG-1", ELECTRICITY): 1.0}, JANUARY, NEXT)
    for found in (
        quota_statuses(use, planned, BOOK, YEAR_END, ZONE),
        carbon_statuses(use, planned, BOOK, YEAR_END, ZONE),
    ):
        assert "BLD-2" not in {f.subject for f in found.findings}
        assert "BLD-1" in {f.subject for f in found.findings}


def test_who_heads_a_system_has_its_area_and_people() -> None:
    one = register()
    head = Organisation("HEAD", "局", "Bureau", "party_government", "city")
    below = replace(one.organisations["ORG-2"], system_parent="HEAD")
    of = changed(
        base=one,
        organisations=[head, one.organisations["ORG-1"], below],
        headcounts=[*one.headcounts, Headcount("HEAD", "in_post", 7, date(2020, 1, 1))],
    )
    assert mean_area_m2("HEAD", pieces_of(of)) == 5_000
    assert mean_people("HEAD", ["in_post"], pieces_of(of)) == 57
    # By region nothing has changed, and nothing is doubled there.
    assert mean_area_m2("ORG-1", pieces_of(of)) == 15_000


@given(
    st.lists(
        st.tuples(st.sampled_from(["BLD-1", "BLD-2"]), st.booleans(), st.integers(1, 364)),
        max_size=20,
        unique_by=lambda move: (move[0], move[2]),
    )
)
def test_areas_of_all_who_held_it_add_up_to_the_building(
    moves: list[tuple[str, bool, int]],
) -> None:
    former = [
        FormerValue(code, "organisation", "ORG-1" if first else "ORG-2", JANUARY + day * DAY)
        for code, first, day in moves
    ]
    pieces = pieces_of(changed(*former, base=side_by_side()))
    held = [mean_area_m2(code, pieces) or 0.0 for code in ("ORG-1", "ORG-2")]
    assert math.fsum(held) == pytest.approx(15_000)


def test_changes_of_rooms_and_names_cut_nothing() -> None:
    named = [
        FormerValue("BLD-2", "name_en", "Old", JANUARY + timedelta(days=n)) for n in range(1, 300)
    ]
    (piece,) = pieces_of(changed(*named))
    assert piece.days == 365
