"""What is charged by the month, as results of contracts' subjects, buildings and organisations.

The demo tariff asks 42 CNY a kW of the highest demand, what lies beyond 105 % of a contracted one twice. The
town draws 15 kW (building 1: 10, building 2: 5). 12 kW are contracted: 12 * 1.05 = 12.6; 15 + (15 - 12.6) =
17.4 kW are charged, 730.80 CNY a month, of two days of February's 28 that is 17.4 * 42 * 2 / 28 = 52.20 CNY.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from quotawatt.money.book import ContractBook
from quotawatt.money.contracts import Draft, SupplyContract
from quotawatt.readings import Grain
from quotawatt.register.problems import Where
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.analytics.jobs.test_analyser import DAY, START, Bench, town, whole_day
from tests.analytics.jobs.test_costs import contracts, electricity, two_days

FIXED = ("cost_fixed_cny", "electricity_cost_fixed_cny", "heat_cost_fixed_cny")
FEBRUARY = date(2023, 2, 1)
CONTRACTED = replace(electricity(), charge="contracted", demand_kw=12.0)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def bench(tmp_path: Path, rulebook: Rulebook) -> Iterator[Bench]:
    records = open_records("sqlite", tmp_path)
    save_register(records, town(), actor="test", at=START)
    yield Bench(MemorySeriesStore(), records, rulebook, RegisterSource(records, check_every_s=0))
    records.dispose()


def fixed(bench: Bench, measure: str = FIXED[0]) -> dict[str, float]:
    """By subject what February's whole days so far came to."""
    found = bench.results(Grain.MONTH, measure)
    return {subject: value for (subject, _, start), (value, *_) in found.items() if start == START}


def test_basic_charge_goes_to_the_payer_and_by_share_of_use_to_its_buildings(bench: Bench) -> None:
    contracts(bench, CONTRACTED)
    two_days(bench)
    found = fixed(bench)
    # 10 of 15 kW are building 1's, 5 building 2's: 52.20 * 2 / 3 and 52.20 / 3.
    assert found == pytest.approx(
        {"ORG-TOP": 52.2, "ORG-LOW": 52.2, "BLD-1": 34.8, "BLD-2": 17.4}, abs=1e-9
    )
    assert fixed(bench, "electricity_cost_fixed_cny") == pytest.approx(found)
    assert fixed(bench, "heat_cost_fixed_cny") == {}


def test_a_meters_contract_goes_to_its_building_and_those_above(bench: Bench) -> None:
    # By capacity: 50 kVA * 28 CNY * 2 / 28 = 100 CNY.
    contracts(bench, replace(electricity("M-2"), charge="capacity", capacity_kva=50.0))
    two_days(bench)
    found = fixed(bench)
    assert found == pytest.approx(dict.fromkeys(("M-2", "BLD-2", "ORG-LOW", "ORG-TOP"), 100.0))
    assert set(fixed(bench, "electricity_cost_fixed_cny")) == {"BLD-2", "ORG-LOW", "ORG-TOP"}


def test_heat_by_area_needs_no_meter(bench: Bench) -> None:
    # 28 CNY/m2 over five months: 5.60 a month; 1,000 m2, two of 28 days: 400 CNY.
    area = SupplyContract(0, "BLD-2", "heat_gj", "demo-heat-area", FEBRUARY, area_m2=1000.0)
    contracts(bench, area)
    two_days(bench)
    assert fixed(bench, "heat_cost_fixed_cny")["ORG-TOP"] == pytest.approx(400.0)
    assert fixed(bench)["BLD-2"] == pytest.approx(400.0)


def test_late_use_contract_and_withdrawal_compute_the_month_anew(bench: Bench) -> None:
    two_days(bench)
    (kept,) = contracts(bench, CONTRACTED)
    bench.analyser().run(START + 2 * DAY)
    assert fixed(bench)["ORG-TOP"] == pytest.approx(52.2)
    book = ContractBook(bench.records, bench.source(), bench.rulebook)
    # By what was met instead: 15 * 42 * 2 / 28 = 45 CNY.
    book.change(Draft(Where("test"), replace(kept, charge="actual")), "manager", START)
    bench.analyser().run(START + 2 * DAY)
    assert fixed(bench)["BLD-1"] == pytest.approx(30.0)
    book.withdraw(kept.number, "manager", START)
    bench.analyser().run(START + 2 * DAY)
    assert fixed(bench) == {}


def test_the_present_month_grows_by_whole_days(bench: Bench) -> None:
    contracts(bench, CONTRACTED)
    two_days(bench)
    analyser = bench.analyser()
    analyser.run(START + 2 * DAY + timedelta(hours=12))
    assert fixed(bench)["ORG-TOP"] == pytest.approx(52.2)
    bench.take_in(whole_day(2))
    analyser.run(START + 3 * DAY)
    assert fixed(bench)["ORG-TOP"] == pytest.approx(78.3)


def test_whole_recomputation_gives_the_same(bench: Bench) -> None:
    contracts(bench, CONTRACTED)
    two_days(bench)
    before = fixed(bench)
    bench.analyser().recompute(Span(START, START + 2 * DAY), START + 2 * DAY)
    assert fixed(bench) == pytest.approx(before)
