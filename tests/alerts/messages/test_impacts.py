"""What cases come to, from results in a store. 2023-06-01 to 2023-06-04 have results."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from alerts.cases.model import Case
from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.impacts import impact_of
from quotawatt.readings import Grain
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.alerts.messages.scene import BOOK, NOW, QUOTA_FIGURES, REGISTER, case
from tests.alerts.results import SHANGHAI, results_table

_DAYS = ("2023-06-01", "2023-06-02", "2023-06-03", "2023-06-04")
_DAILY = {
    "electricity_import_kwh": 1300.0,
    "electricity_excess_kwh": 300.0,
    "electricity_cost_cny": 910.0,
    "gas_cost_cny": 90.0,
    "carbon_kgco2": 800.0,
    "water_m3": 4.0,
    "water_cost_cny": 20.0,
}
_SHIPPED = load_rulebook()
_BOOK = Rulebook(
    instruments=_SHIPPED.instruments,
    factor_sets={**_SHIPPED.factor_sets, **BOOK.factor_sets},
    grid_factors=_SHIPPED.grid_factors,
    quotas=BOOK.quotas,
    targets=BOOK.targets,
    rules=BOOK.rules,
)


class CountingStore(MemorySeriesStore):
    """A memory store that counts the questions it is asked."""

    asked = 0

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """Counted."""
        self.asked += 1
        return super().sum_results(grain, subjects, measures, span)


@pytest.fixture
def store() -> CountingStore:
    """Four days of the main building."""
    found = CountingStore()
    lines = [("BLD-1", name, day, value) for day in _DAYS for name, value in _DAILY.items()]
    found.write_results(Grain.DAY, results_table(lines))
    return found


def _impact(
    store: MemorySeriesStore, one: Case, now: datetime = NOW, book: Rulebook = _BOOK
) -> Impact:
    return impact_of(store, [one], REGISTER, book, now, SHANGHAI)[one.id]


def test_a_quota_that_is_projected_over(store: CountingStore) -> None:
    found = _impact(store, case())
    over = 23247.75 - 22300.0
    assert (found.amount, found.unit, found.projected) == (over, "kgce", True)
    assert (found.kgce, found.basis, found.factor_set) == (over, "等价", "factors")
    assert found.share_pct == 104.25
    # At the average price and emission of a unit of the account so far; water is no energy.
    assert found.cost_cny == pytest.approx(4 * 1000.0 * over / 9876.54)
    assert found.kgco2 == pytest.approx(4 * 800.0 * over / 9876.54)


def test_the_price_of_an_account_is_that_of_the_days_its_figures_are_of(
    store: CountingStore,
) -> None:
    # The site's day ends after Shanghai's next one has begun: two days of results begin before that.
    found = _impact(store, case(figures={**QUOTA_FIGURES, "day": "2023-06-01"}))
    over = 23247.75 - 22300.0
    assert found.cost_cny == pytest.approx(2 * 1000.0 * over / 9876.54)
    assert found.kgco2 == pytest.approx(2 * 800.0 * over / 9876.54)


def test_a_quota_that_is_exceeded_counts_what_was_used_beyond_it(store: CountingStore) -> None:
    figures = {**QUOTA_FIGURES, "quota_used_kgce": 22400.0, "quota_share_pct": 100.4}
    found = _impact(store, case(rule="quota-exhausted", figures=figures))
    assert (found.amount, found.projected, found.share_pct) == (100.0, False, 100.4)


def test_a_quota_within_its_limit_has_no_amount(store: CountingStore) -> None:
    found = _impact(store, case(figures={**QUOTA_FIGURES, "quota_projected_kgce": 100.0}))
    assert (found.amount, found.kgce, found.cost_cny) == (None, None, None)


@pytest.mark.parametrize(
    ("unit", "factor", "basis"), [("tce", 1000.0, "等价"), ("kwh", 0.31, "等价")]
)
def test_accounts_in_other_units_of_energy(
    store: CountingStore, unit: str, factor: float, basis: str
) -> None:
    figures = {name.replace("kgce", unit): value for name, value in QUOTA_FIGURES.items()}
    found = _impact(store, case(figures=figures))
    assert found.kgce == pytest.approx((23247.75 - 22300.0) * factor)
    assert found.basis == basis


def test_an_account_of_water_has_its_own_cost_and_no_carbon(store: CountingStore) -> None:
    figures = {name.replace("kgce", "m3"): value for name, value in QUOTA_FIGURES.items()}
    found = _impact(store, case(figures=figures))
    assert found.cost_cny == pytest.approx(4 * 20.0 * (23247.75 - 22300.0) / 9876.54)
    assert (found.unit, found.kgce, found.kgco2) == ("m³", None, None)


def test_carbon_beyond_its_path_is_carbon_itself(store: CountingStore) -> None:
    figures = {"carbon_used_kgco2": 30000.0, "carbon_limit_kgco2": 58050.0}
    figures |= {"carbon_projected_kgco2": 61000.0, "carbon_projected_share_pct": 105.08}
    one = case(rule="carbon-projected-over", subject="ORG-1/path/2023", figures=figures)
    found = _impact(store, one)
    assert (found.amount, found.unit, found.kgco2) == (2950.0, "kgCO₂", 2950.0)
    assert (found.kgce, found.cost_cny, store.asked) == (None, None, 0)


def _excess(**figures: Any) -> Case:
    return case(13, "use-above-expected", subject="BLD-1", figures={"value": 20.0, **figures})


def test_use_above_what_is_expected_since_it_began(store: CountingStore) -> None:
    found = _impact(store, _excess())
    # It began on 1 June at 22:00 of the site's clock: that day's results start at Shanghai's midnight,
    # which is before the site's, so three days count.
    assert (found.amount, found.unit) == (900.0, "kWh")
    assert found.kgce == pytest.approx(900.0 * 0.1229)
    assert (found.basis, found.factor_set) == ("当量", "gbt2589-2020")
    assert found.cost_cny == pytest.approx(900.0 * 910.0 / 1300.0)
    grid = _SHIPPED.grid_factor("shandong", 2023)
    assert found.kgco2 == pytest.approx(900.0 * grid.kgco2_per_kwh)
    assert found.kgco2_trust is grid.trust


def test_without_prices_and_factors_nothing_is_made_up(store: CountingStore) -> None:
    bare = MemorySeriesStore()
    lines = [("BLD-1", "electricity_excess_kwh", day, 300.0) for day in _DAYS]
    bare.write_results(Grain.DAY, results_table(lines))
    found = _impact(bare, _excess(), book=BOOK)
    assert (found.amount, found.cost_cny, found.kgco2) == (900.0, None, None)
    assert found.kgce is None  # no national set in that book
    assert _impact(MemorySeriesStore(), _excess()) == NOTHING_KNOWN


def test_use_beyond_a_threshold_of_its_rule(store: CountingStore) -> None:
    one = case(17, "water-at-night", subject="BLD-1", figures={"value": 4.0})
    found = _impact(store, one)
    assert (found.amount, found.unit) == (1.5, "m³")
    assert found.cost_cny == pytest.approx(1.5 * 20.0 / 4.0)
    assert found.kgce is None


@pytest.mark.parametrize(
    ("rule", "figures"),
    [("meter-silent", {"value": 30.0}), ("factor-low", {"value": 0.8}), ("stuck", {})],
)
def test_silence_readings_and_findings_come_to_nothing_that_is_summed(
    store: CountingStore, rule: str, figures: dict[str, Any]
) -> None:
    one = case(rule=rule, subject="MTR-1", figures=figures)
    assert _impact(store, one) == NOTHING_KNOWN
    assert store.asked == 0


def test_a_rule_that_is_no_longer_in_the_book_has_none(store: CountingStore) -> None:
    assert impact_of(store, [case(rule="gone")], REGISTER, _BOOK, NOW, SHANGHAI) == {}


def test_many_cases_are_read_at_once(store: CountingStore) -> None:
    cases = [case(number, "use-above-expected", subject="BLD-1") for number in range(1, 2001)]
    cases += [case(number) for number in range(2001, 4001)]
    found = impact_of(store, cases, REGISTER, _BOOK, NOW, SHANGHAI)
    assert len(found) == 4000
    assert store.asked == 2  # one for each span: the year, and since it began
    assert found[4000].kgce_trust is Trust.SOURCE


def test_how_far_back_is_bounded(store: CountingStore) -> None:
    old = datetime.fromisoformat("2010-01-01T00:00:00+00:00")
    one = case(13, "use-above-expected", subject="BLD-1", began_at=old, figures={"value": 20.0})
    assert _impact(store, one).amount == 1200.0
