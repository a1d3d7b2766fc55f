"""Season and kind of day: what a day would be at last year's level."""

import numpy as np
import pytest

from analytics.yearly.projection.daykinds import BREAK, OFF, WORKING, day_kinds, kind_factors
from analytics.yearly.projection.profile import profile
from tests.analytics.yearly.projection.days import NAN, days


def test_kinds_of_the_state_councils_calendar() -> None:
    kinds = day_kinds(2024)
    assert len(kinds) == 366
    # Spring Festival 10 to 17 February 2024; worked before on Sunday the 4th, after on Sunday the 18th.
    assert kinds[34] == WORKING
    assert (kinds[40:48] == BREAK).all()
    assert kinds[48] == WORKING
    assert kinds[5] == kinds[6] == OFF  # an ordinary weekend


def test_elsewhere_the_countrys_own_holidays() -> None:
    england = day_kinds(2024, "GB-ENG")
    assert (england[88:92] == BREAK).all()  # Good Friday to Easter Monday
    assert (england[359:361] == OFF).all()  # 25 and 26 December
    assert set(day_kinds(2024, "ZZ").tolist()) == {WORKING, OFF}  # weekends alone


def test_factors_are_drawn_to_the_more_common_kind() -> None:
    kinds = np.array([WORKING] * 5 + [OFF] * 2)
    week = np.where(kinds == WORKING, 10.0, 4.0)
    factors = kind_factors(np.tile(week, 52)[None, :], np.tile(kinds, 52))[0]
    assert factors[OFF] / factors[WORKING] == pytest.approx(0.4, abs=0.05)
    assert factors[BREAK] == factors[OFF]  # there was none
    few = kind_factors(week[None, :], kinds)[0]
    assert factors[OFF] < few[OFF] < 1


def test_a_straight_line_over_what_nobody_has_seen() -> None:
    last = days((100, 10), (100, NAN), (165, 20))
    kinds = np.zeros(365, dtype=int)
    found = profile(last, kinds, kinds)
    assert found.days[0, 50] == pytest.approx(10)
    assert found.days[0, 150] == pytest.approx(15, abs=0.3)
    assert found.filled[0, 120:180].all()
    assert not found.filled[0, :100].any()


def test_and_across_new_year() -> None:
    last = days((20, NAN), (165, 10), (165, 20), (15, NAN))
    kinds = np.zeros(365, dtype=int)
    found = profile(last, kinds, kinds)
    assert 10 < found.days[0, 5] < 20
    assert found.days[0, 5] < found.days[0, 360] < 20


def test_what_is_never_known_has_no_profile() -> None:
    kinds = np.zeros(365, dtype=int)
    assert np.isnan(profile(days((365, NAN)), kinds, kinds).days).all()
