"""Accounts that go on from the day before are those that are drawn up from the beginning."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.gathering import Gathering
from analytics.yearly.kept import Kept
from analytics.yearly.needed import account_holders, account_series
from analytics.yearly.quotas import Decided, quota_results, quota_statuses
from quotawatt.assigned.values import AssignedTarget, Decision
from quotawatt.register.model import (
    Building,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
)
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Tier
from tests.analytics.accounts_example import ZONE, local

BOOK = load_rulebook()
FIRST, UNTIL = date(2022, 11, 1), date(2023, 4, 1)
KWH = "electricity_import_kwh"


def register(former: Sequence[FormerValue] = ()) -> Register:
    """Two organisations, three buildings; one with a data centre metered, one without any meter."""
    return Register(
        organisations=[
            Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city"),
            Organisation("ORG-2", "乙局", "Bureau B", "party_government", "city", "ORG-1"),
        ],
        headcounts=[
            Headcount("ORG-1", "in_post", 100, date(2020, 1, 1), date(2023, 2, 20)),
            Headcount("ORG-1", "in_post", 120, date(2023, 2, 20)),
            Headcount("ORG-2", "in_post", 50, date(2020, 1, 1)),
        ],
        sites=[Site("SITE-1", "院", "Court", str(ZONE), "shandong", "B", city="jinan")],
        buildings=[
            Building("BLD-1", "甲楼", "House A", "SITE-1", "ORG-1", 10_000, heated_area_m2=9_000),
            Building("BLD-2", "乙楼", "House B", "SITE-1", "ORG-2", 5_000, heated_area_m2=5_000),
            Building("BLD-3", "丙楼", "House C", "SITE-1", "ORG-2", 2_000),
        ],
        meters=[Meter("MTR-1", "", "", "BLD-1", "electricity", item="D1")],
        former_values=former,
    )


@st.composite
def daily_results(draw: st.DrawFn) -> pd.DataFrame:
    """Days of some series; some begin late, some have days that are not known."""
    pairs = sorted(account_series(register(), BOOK))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=8, unique=True))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    days = pd.date_range(FIRST, UNTIL, inclusive="left", tz=ZONE).tz_convert("UTC")
    frames = []
    for subject, measure in dict.fromkeys([("BLD-1", KWH), ("ORG-1", KWH), *chosen]):
        known = rng.random(len(days)) < rng.choice([0.6, 1.0])
        known &= np.arange(len(days)) >= rng.choice([0, 0, 100])
        use, covered = rng.lognormal(4, 1, len(days)), rng.random(len(days))
        frame = pd.DataFrame({"start": days, "value": use, "coverage": covered})[known]
        frames.append(frame.assign(subject=subject, measure=measure))
    return pd.concat(frames, ignore_index=True)


INSTANTS = [local(2023, 2, 10), local(2023, 2, 11), local(2023, 2, 11, 9), local(2023, 3, 2)]

ASSIGNED = Decided(
    [
        AssignedTarget(
            *("BLD-1", "electricity_kwh_per_m2", 2023, 90.0, "ORG-1", "region", 1),
            date(2023, 2, 11),
            False,
            Decision("鲁机管〔2023〕1 号", date(2023, 2, 11), "", "", "officer", INSTANTS[0]),
        )
    ]
)

GREW = FormerValue("BLD-2", "gross_area_m2", "4000", date(2023, 2, 10))


@settings(max_examples=10)
@given(
    results=daily_results(),
    former=st.sampled_from([(), (GREW,)]),
    decided=st.sampled_from([Decided(), ASSIGNED]),
    instants=st.permutations(INSTANTS),
)
def test_the_next_day_is_as_though_it_were_the_first(
    results: pd.DataFrame,
    former: Sequence[FormerValue],
    decided: Decided,
    instants: Sequence[datetime],
) -> None:
    held = register(former)
    use, kept = DailyUse(results, held, ZONE), Kept(held, BOOK)
    holders = account_holders(held, BOOK)
    for as_of in instants:
        gathering = Gathering(use, held, BOOK, as_of, decided, kept)
        table, findings = quota_results(gathering, holders, as_of)
        anew = Gathering(use, held, BOOK, as_of, decided)
        expected, expected_findings = quota_results(anew, holders, as_of)
        assert findings == expected_findings
        assert table.drop(["value"]).equals(expected.drop(["value"]))
        np.testing.assert_allclose(
            table["value"].to_numpy(), expected["value"].to_numpy(), rtol=1e-9
        )


def test_results_are_the_figures_of_the_statuses() -> None:
    days = pd.date_range(date(2022, 1, 1), UNTIL, inclusive="left", tz=ZONE).tz_convert("UTC")
    frame = pd.DataFrame(
        {"subject": "BLD-1", "measure": KWH, "start": days, "value": 2_400.0, "coverage": 0.9}
    )
    held, as_of = register(), local(2023, 4, 1)
    use = DailyUse(frame, held, ZONE)
    table, findings = quota_results(Gathering(use, held, BOOK, as_of, Decided()), ["BLD-1"], as_of)
    found = quota_statuses(use, held, BOOK, as_of, ZONE, ["BLD-1"])
    assert sorted(findings, key=lambda f: f.subject) == list(found.findings)
    rows = {(r["subject"], r["measure"]): r for r in table.to_pylist()}
    assert {subject for subject, _ in rows} == {f"BLD-1/{s.quota}" for s in found.statuses}
    for status in found.statuses:
        if status.unit == "kWh":
            of = {m: r for (subject, m), r in rows.items() if subject.endswith(status.quota)}
            assert of["quota_used_kwh"]["value"] == status.used
            assert of["quota_limit_kwh"]["value"] == status.limits[Tier.CONSTRAINT]
            assert of["quota_projected_high_kwh"]["value"] == status.projected_high
            assert of["quota_ahead_kwh"]["value"] == status.ahead
            assert of["quota_share_pct"]["value"] == pytest.approx(status.share_pct)
            assert of["quota_used_kwh"]["coverage"] == pytest.approx(status.coverage)
            assert of["quota_used_kwh"]["quality"] == "estimated"


def test_a_day_on_which_nothing_changes_takes_over_all_cases() -> None:
    held = register()
    kept = Kept(held, BOOK)
    frame = pd.DataFrame(
        {"subject": "BLD-1", "measure": KWH, "start": [local(2023, 2, 1)], "value": 1.0}
    ).assign(coverage=1.0)
    use = DailyUse(frame, held, ZONE)
    first = Gathering(use, held, BOOK, local(2023, 2, 10), Decided(), kept).cases("BLD-1")
    later = Gathering(use, held, BOOK, local(2023, 2, 11), Decided(), kept).cases("BLD-1")
    assert [case.terms for _, case in first] == [case.terms for _, case in later]
    assert all(a.terms is b.terms for (_, a), (_, b) in zip(first, later, strict=True))
    assert {b.days - a.days for (a, _), (b, _) in zip(first, later, strict=True)} == {1}
    assert later[0][1].held[-1].piece.until - first[0][1].held[-1].piece.until == timedelta(days=1)
