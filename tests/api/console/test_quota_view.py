"""Bars, courses, the day that is asked about, and accounts in sentences; by hand."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.yearly.tiers import Standing as Tiered
from api.console.quota_asof import as_of
from api.console.quota_course import account_course
from api.console.quota_sentences import account_sentences, amount, chance
from api.console.quota_view import Filters, account_page, account_row
from api.console.texts import Words
from quotawatt.rulebook.model import Tier
from tests.api.scene import NOW, REGISTER, build_scene

DAYS = [{"day": date(2023, 1, 1) + timedelta(days=n), "budget": 1.0, "used": 2.0} for n in range(4)]


def account(**changes: Any) -> dict[str, Any]:
    """Four days of which two are over; 2 a day is used of a limit of 4."""
    return {
        "asset": "BLD-1",
        "quota": "q",
        "indicator": "electricity_kwh_per_m2",
        "indicator_title": {"zh": "电耗", "en": "electricity"},
        "unit": "kWh",
        "intensity_unit": "kWh/m²",
        "denominator": 2.0,
        "denominator_name": "gross_area_m2",
        "tiers": {Tier.CONSTRAINT: 2.0},
        "clause": {"number": "DB 1", "name": {"zh": "第 1 条", "en": "Article 1"}},
        "used": 4.0,
        "limits": {Tier.CONSTRAINT: 4.0},
        "standing": Tiered.WITHIN_GUIDANCE,
        "projected_standing": Tiered.OVER_CONSTRAINT,
        "share_pct": 100.0,
        "projected": 8.0,
        "projected_low": 6.0,
        "projected_high": 10.0,
        "projected_share_pct": 200.0,
        "budget_to_date": 2.0,
        "ahead": 2.0,
        "over_probability": {Tier.CONSTRAINT: 0.999},
        "exhaustion_day": date(2023, 1, 3),
        "allowance_per_day": 0.0,
        "days": 2,
        "days_in_year": 4,
        **changes,
    }


def test_the_bar_is_drawn_to_scale() -> None:
    # The highest end, 10, gets 4 % of room: the whole is 10.4.
    bar = account_row(account()).bar
    assert bar.used == pytest.approx(100 * 4 / 10.4)
    assert bar.limit == bar.used
    assert bar.budget == pytest.approx(100 * 2 / 10.4)
    assert (bar.low, bar.high) == pytest.approx((100 * 6 / 10.4, 100 * 10 / 10.4))
    unknown = account_row(account(projected=None, projected_low=None, projected_high=None)).bar
    assert (unknown.projected, unknown.low, unknown.high) == (None, None, None)


def test_the_worst_comes_first_and_filters_leave_their_own() -> None:
    fine = account(asset="BLD-2", projected_standing=Tiered.WITHIN_GUIDANCE)
    open_yet = account(asset="ORG-1", projected_standing=None)
    items = [fine, open_yet, account()]
    page = account_page(items, REGISTER, Filters(), 1)
    assert [row.item["asset"] for row in page.rows] == ["BLD-1", "ORG-1", "BLD-2"]
    assert page.counts == {"over": 1, "amber": 0, "unknown": 1, "fine": 1}
    below = account_page(items, REGISTER, Filters(organisation="ORG-2"), 9)
    assert [row.item["asset"] for row in below.rows] == ["BLD-2"]
    assert below.page == 1
    assert account_page(items, REGISTER, Filters(organisation="NOBODY"), 1).total == 0
    assert account_page(items, REGISTER, Filters(indicator="other"), 1).total == 0
    over = account_page(items, REGISTER, Filters(group="over"), 1)
    assert (over.total, over.counts["fine"]) == (1, 1)


def test_the_course_runs_from_use_through_the_months_to_the_end() -> None:
    budget = {"months": [{"month": date(2023, 1, 1), "projected": 8.0}]}
    course = account_course(account(), budget, DAYS)
    # The top is 10 * 1.08 = 10.8: a use of 2 lies at 100 - 18.52, one of 4 at 100 - 37.04.
    assert course.used == "0.00,100.00 25.00,81.48 50.00,62.96"
    assert course.projected == "50.00,62.96 100.00,25.93"
    assert course.band == "50.00,62.96 100.00,7.41 100.00,44.44"
    assert course.budget.endswith("100.00,62.96")
    assert (course.today, course.limits[0].tier) == (50.0, "constraint")


def test_a_year_that_is_over_has_no_projection_to_draw() -> None:
    budget = {"months": [{"month": date(2023, 1, 1), "projected": 8.0}]}
    course = account_course(account(days=4), budget, DAYS)
    assert (course.projected, course.band) == ("", "")


def test_an_account_in_sentences() -> None:
    item = account()
    words = " ".join(
        account_sentences(item, account_row(item).standing, date(2023, 1, 2), Words("en"))
    )
    assert "Up to 2023-01-02 it has used 4.00 kWh, 100.0\u00a0% of the year's limit" in words
    assert "constraint value of 2.00 kWh/m² times 2.00 m², gross area; by DB 1 Article 1" in words
    assert "it is 2.00 kWh (100.0\u00a0%) ahead of it" in words
    assert "come to 8.00 kWh, 200.0\u00a0% of the limit (80 % interval 6.00 to 10.0 kWh)" in words
    assert "On this course the limit is passed on 2023-01-03" in words
    # Nothing is left to be used: no allowance is spoken of.
    assert "each day left" not in words


def test_what_is_past_or_not_known_is_said_so() -> None:
    item = account(exhaustion_day=date(2023, 1, 2), allowance_per_day=0.5, ahead=-1.0)
    standing = account_row(item).standing
    past = "".join(account_sentences(item, standing, date(2023, 1, 2), Words("zh")))
    assert "限额已于 2023-01-02 用尽" in past
    assert "尚结余 1.00 kWh" in past
    assert "其余每天平均可用 0.500 kWh" in past
    early = account(projected=None, projected_standing=None, ahead=None, clause=None)
    said = account_sentences(early, account_row(early).standing, date(2023, 1, 2), Words("en"))
    assert said[-1] == "It is too early to say what the year comes to."
    closed = account(days=4)
    said = account_sentences(closed, account_row(closed).standing, date(2023, 1, 4), Words("en"))
    assert said[-1] == "The year is over: Heading over."


def test_a_chance_is_never_made_certain() -> None:
    assert [chance(p) for p in (None, 0.0, 0.5, 1.0)] == [
        "–",
        "< 1\u00a0%",
        "50\u00a0%",
        "> 99\u00a0%",
    ]
    assert [amount(v, "kgCO2") for v in (None, 0.0, 1234.5)] == ["–", "0 kgCO₂", "1,234 kgCO₂"]


def test_a_day_means_its_end_and_never_the_future(tmp_path: Path) -> None:
    services = build_scene(tmp_path).services
    chosen = as_of(services, date(2023, 6, 30))
    assert chosen.at == datetime(2023, 6, 30, 16, tzinfo=UTC)
    assert (chosen.day, chosen.chosen) == (date(2023, 6, 30), "2023-06-30")
    for day in (None, date(2024, 1, 1), date.max):
        now = as_of(services, day)
        assert (now.at, now.day, now.chosen) == (NOW, date(2023, 12, 31), "")
