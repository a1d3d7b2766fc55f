"""A figure unfolded: its lines sum to it at every level, over months, days and changes of the register."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.grid import Key
from analytics.totals.relations import Relations
from analytics.totals.segments import Segment, segments, total_books
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.formulae import in_numbers
from analytics.yearly.quotas import QuotaStatus, quota_statuses
from analytics.yearly.unfolding import Line, by_months, node_of, unfolded
from quotawatt.register.model import Building, FormerValue, Meter, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from tests.analytics.accounts_example import ZONE, daily, local

BOOK = load_rulebook()
KWH = "electricity_import_kwh"
ELECTRICITY = "db37t2672-city-b-electricity"
YEAR = (date(2023, 1, 1), date(2024, 1, 1))


def books(formers: Sequence[FormerValue] = ()) -> Register:
    return Register(
        organisations=[
            Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city"),
            Organisation("ORG-2", "乙局", "Bureau B", "party_government", "city"),
        ],
        sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        buildings=[
            Building("BLD-1", "甲楼", "A", "SITE-1", "ORG-1", 10_000, data_centre_area_m2=500),
            Building("BLD-2", "乙楼", "B", "SITE-1", "ORG-1", 5_000),
        ],
        meters=[
            Meter("MTR-1", "", "", "BLD-1", "electricity"),
            Meter("MTR-2", "", "", "BLD-1", "electricity"),
            Meter("MTR-3", "", "", "BLD-1", "electricity", item="D1", parent="MTR-1"),
            Meter("MTR-4", "", "", "BLD-2", "electricity"),
            Meter("MTR-5", "", "", "BLD-2", "water"),
        ],
        former_values=formers,
    )


USE = {
    ("ORG-1", KWH): 3000.0,
    ("BLD-1", KWH): 2000.0,
    ("BLD-2", KWH): 1000.0,
    ("MTR-1", KWH): 1500.0,
    ("MTR-2", KWH): 500.0,
    ("MTR-3", KWH): 300.0,
    ("BLD-1/item:D1", KWH): 300.0,
    ("MTR-4", KWH): 1000.0,
}


def unfold(
    asset: str,
    register: Register,
    frame: pd.DataFrame,
    *,
    depth: int = 2,
    month: date | None = None,
    own: frozenset[Key] = frozenset(),
) -> tuple[QuotaStatus, list[Line]]:
    use = DailyUse(frame, register, ZONE)
    found = quota_statuses(use, register, BOOK, local(2024, 1, 1), ZONE)
    status = next(s for s in found.statuses if (s.asset, s.quota) == (asset, ELECTRICITY))
    pieces = segments(total_books(register), *YEAR)

    @cache
    def relations(piece: Segment) -> Relations:
        return Relations(piece.register, piece.first, own)

    nodes = [node_of(part, pieces, relations, depth) for part in status.parts]
    return status, unfolded(status, nodes, use, month)


def assert_sums(line: Line) -> None:
    """The lines below sum to the line, and its months too."""
    if line.below:
        assert sum(x.amount for x in line.below) == pytest.approx(line.amount, rel=1e-9, abs=1e-6)
    months = sum(m.amount or 0.0 for m in line.months)
    assert months == pytest.approx(line.amount, rel=1e-9, abs=1e-6)
    for one in line.below:
        assert_sums(one)


def test_an_organisation_down_to_its_meters() -> None:
    status, lines = unfold("ORG-1", books(), daily(USE, *YEAR))
    # 3,000 kWh a day, 300 of them in the data centre: 2,700 * 365 = 985,500 on 14,500 m².
    assert status.used == pytest.approx(985_500)
    assert sum(line.value for line in lines) == pytest.approx(status.used, rel=1e-9)
    of_all, left_out = lines
    assert [x.subject for x in of_all.below] == ["BLD-1", "BLD-2"]
    # A sub-meter stands behind its parent and is no part of the building's sum.
    assert [(x.subject, x.amount) for x in of_all.below[0].below] == [
        ("MTR-1", pytest.approx(547_500)),
        ("MTR-2", pytest.approx(182_500)),
    ]
    assert (left_out.subject, left_out.value) == ("BLD-1/item:D1", pytest.approx(-109_500))
    assert [x.subject for x in left_out.below] == ["MTR-3"]
    for line in lines:
        assert_sums(line)


def test_months_and_days_of_a_figure() -> None:
    status, lines = unfold("BLD-1", books(), daily(USE, *YEAR), month=date(2023, 2, 1))
    assert by_months(lines)[date(2023, 2, 1)] == pytest.approx(28 * 1700)
    assert sum(by_months(lines).values()) == pytest.approx(status.used, rel=1e-9)
    assert [d.first for d in lines[0].days] == [date(2023, 2, n) for n in range(1, 29)]
    assert sum(d.value or 0 for d in lines[0].days) == pytest.approx(28 * 2000)


def test_what_no_line_explains_has_a_line_of_its_own() -> None:
    without = {key: v for key, v in USE.items() if key[0] != "MTR-2"}
    _, lines = unfold("BLD-1", books(), daily(without, *YEAR))
    rest = [x for x in lines[0].below if x.kind == "rest"]
    assert [x.amount for x in rest] == [pytest.approx(500 * 365)]
    assert_sums(lines[0])


def test_what_was_entered_of_a_building_itself_is_a_line() -> None:
    use = {**USE, ("BLD-2", KWH): 1400.0, ("ORG-1", KWH): 3400.0, ("BLD-2/hand", KWH): 400.0}
    own = frozenset({Key("BLD-2/hand", KWH)})
    status, lines = unfold("BLD-2", books(), daily(use, *YEAR), own=own)
    assert [(x.subject, x.kind) for x in lines[0].below] == [("MTR-4", "asset"), ("BLD-2", "hand")]
    assert sum(line.value for line in lines) == pytest.approx(status.used, rel=1e-9)


def test_a_building_that_went_over_counts_with_each_for_its_days() -> None:
    # BLD-2 was ORG-2's until 1 July.
    formers = [FormerValue("BLD-2", "organisation", "ORG-2", date(2023, 7, 1))]
    before = daily(
        {**USE, ("ORG-1", KWH): 2000.0, ("ORG-2", KWH): 1000.0}, YEAR[0], date(2023, 7, 1)
    )
    after = daily(USE, date(2023, 7, 1), YEAR[1])
    frame = pd.concat([before, after], ignore_index=True)
    status, lines = unfold("ORG-1", books(formers), frame)
    second = next(x for x in lines[0].below if x.subject == "BLD-2")
    assert second.amount == pytest.approx(1000 * 184)
    assert second.months[0].first == date(2023, 7, 1)
    assert sum(line.value for line in lines) == pytest.approx(status.used, rel=1e-9)
    for line in lines:
        assert_sums(line)


def test_the_formula_with_its_numbers() -> None:
    status, _ = unfold("BLD-1", books(), daily(USE, *YEAR))
    words = in_numbers(status, BOOK)
    # 2,000 * 365 = 730,000 and 300 * 365 = 109,500 kWh; 10,000 - 500 m²: 65.3158 kWh/m².
    assert words.en == "(730,000 kWh − 109,500 kWh) / (10,000 m² − 500 m²) = 65.3158 kWh/m²"
    per_head = replace(status, denominator_name="headcount", adjustments=())
    assert " 人 = " in in_numbers(per_head, BOOK).zh


@settings(max_examples=20, deadline=None)
@given(
    meters=st.lists(st.floats(0, 1e6), min_size=4, max_size=4),
    total=st.floats(0, 1e7),
    gaps=st.sets(st.integers(0, 9), max_size=5),
)
def test_lines_always_sum_to_the_figure(
    meters: Sequence[float], total: float, gaps: set[int]
) -> None:
    use: Mapping[tuple[str, str], float] = {
        ("ORG-1", KWH): total,
        ("BLD-1", KWH): total / 2,
        **{(f"MTR-{i}", KWH): value for i, value in enumerate(meters, 1)},
        ("BLD-1/item:D1", KWH): meters[2],
    }
    frame = daily(use, YEAR[0], date(2023, 1, 11))
    frame = frame.drop(index=[g for g in gaps if g < 9] + [10 + g for g in gaps])
    status, lines = unfold("ORG-1", books(), frame)
    assert sum(line.value for line in lines) == pytest.approx(status.used, rel=1e-9, abs=1e-6)
    for line in lines:
        assert_sums(line)


def test_a_meter_of_another_carrier_is_no_line() -> None:
    _, (line,) = unfold("BLD-2", books(), daily(USE, *YEAR))
    assert [below.subject for below in line.below] == ["MTR-4"]
