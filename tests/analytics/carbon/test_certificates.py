"""Certificates matched with use: by hand, and never more than the use."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.carbon.certificates import Period, match_certificates
from quotawatt.carbon.certificates import Certificate

YEAR_END = date(2023, 12, 31)
YEAR = Certificate(
    "GEC-1", "gec", "ORG-1", 6.0, date(2023, 1, 1), date(2024, 1, 1), date(2023, 12, 1)
)
FLAT = np.full(12, 1000.0)


def test_a_year_s_certificate_covers_the_months_by_their_use() -> None:
    use = {"ORG-1": np.arange(12) * 1000.0}
    found = match_certificates(use, {}, [YEAR], 2023, YEAR_END)["ORG-1"]
    # 6000 of 66000 kWh: an eleventh of each month.
    assert found.matched_kwh == pytest.approx(np.arange(12) * 1000 / 11)
    assert (found.unused_kwh, found.unmatched) == (0.0, {})


def test_what_is_held_only_or_of_another_period_counts_nothing() -> None:
    held = replace(YEAR, number="held", cancelled_on=None)
    later = replace(YEAR, number="later", cancelled_on=date(2024, 1, 5))
    old = replace(
        YEAR, number="old", generated_from=date(2022, 1, 1), generated_until=date(2023, 1, 1)
    )
    found = match_certificates({"ORG-1": FLAT}, {}, [held, later, old], 2023, YEAR_END)["ORG-1"]
    assert found.matched_kwh.sum() == 0
    assert found.unmatched == {
        "held": "not_cancelled",
        "later": "not_cancelled",
        "old": "other_period",
    }


def test_by_the_month_a_certificate_is_of_one_month() -> None:
    july = replace(YEAR, generated_from=date(2023, 7, 1), generated_until=date(2023, 8, 1))
    by_month = match_certificates({"ORG-1": FLAT}, {}, [july], 2023, YEAR_END, Period.MONTH)
    # July used 1000 kWh: 5000 of the 6000 find no use.
    assert by_month["ORG-1"].matched_kwh.tolist() == [0, 0, 0, 0, 0, 0, 1000, 0, 0, 0, 0, 0]
    assert by_month["ORG-1"].unused_kwh == 5000
    by_quarter = match_certificates({"ORG-1": FLAT}, {}, [july], 2023, YEAR_END, Period.QUARTER)
    assert by_quarter["ORG-1"].matched_kwh.sum() == pytest.approx(3000)
    yearly = match_certificates({"ORG-1": FLAT}, {}, [YEAR], 2023, YEAR_END, Period.MONTH)
    assert yearly["ORG-1"].unmatched == {"GEC-1": "other_period"}


def test_an_upper_organisation_has_what_those_below_matched() -> None:
    use = {"ORG-1": 3 * FLAT, "ORG-2": FLAT}
    of_below = replace(YEAR, number="GEC-2", organisation="ORG-2", energy_mwh=20.0)
    found = match_certificates(use, {"ORG-1": ["ORG-2"]}, [YEAR, of_below], 2023, YEAR_END)
    # ORG-2 covers all of its 12000 kWh, and 8000 are of no use to anybody else.
    assert found["ORG-2"].matched_kwh.sum() == pytest.approx(12_000)
    assert found["ORG-2"].unused_kwh == pytest.approx(8_000)
    assert found["ORG-1"].matched_kwh.sum() == pytest.approx(18_000)


@given(
    st.lists(st.floats(0, 1e6), min_size=12, max_size=12),
    st.lists(st.floats(0, 1), min_size=12, max_size=12),
    st.lists(st.floats(0.001, 1e4), min_size=2, max_size=2),
    st.sampled_from(Period),
)
def test_no_more_is_matched_than_was_used_or_cancelled(
    use: Sequence[float], shares: Sequence[float], mwh: Sequence[float], period: Period
) -> None:
    whole = np.array(use)
    uses = {"ORG-1": whole, "ORG-2": whole * np.array(shares)}
    span = {
        Period.YEAR: (date(2023, 1, 1), date(2024, 1, 1)),
        Period.QUARTER: (date(2023, 4, 1), date(2023, 7, 1)),
        Period.MONTH: (date(2023, 5, 1), date(2023, 6, 1)),
    }[period]
    held = [
        replace(
            YEAR,
            organisation=code,
            energy_mwh=energy,
            generated_from=span[0],
            generated_until=span[1],
        )
        for code, energy in zip(("ORG-1", "ORG-2"), mwh, strict=True)
    ]
    found = match_certificates(uses, {"ORG-1": ["ORG-2"]}, held, 2023, YEAR_END, period)
    for code, matched in found.items():
        assert (matched.matched_kwh <= uses[code]).all()
        assert (matched.matched_kwh >= 0).all()
    assert found["ORG-1"].matched_kwh.sum() <= 1000 * sum(mwh) * (1 + 1e-9)
    for n, code in enumerate(("ORG-1", "ORG-2")):
        assert found[code].unused_kwh <= 1000 * mwh[n] * (1 + 1e-9)
