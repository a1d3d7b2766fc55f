"""Costs beside the use: by the analyser, rolled up, computed anew where a price or contract comes late.

The demo tariff in February: energy 0.42 CNY/kWh times 1.6 (peak), 1.0 (flat), 0.4 (valley), and 0.18 + 0.03
at all times: 0.882, 0.63 and 0.378. A day has 5 h of peak, 7 h of flat and 12 h of valley, so one kW costs
5 * 0.882 + 7 * 0.63 + 12 * 0.378 = 4.41 + 4.41 + 4.536 = 13.356 CNY a day.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.grid import Grid
from analytics.money.costs import point_costs
from quotawatt.money.book import ContractBook
from quotawatt.money.contracts import Draft, SupplyContract
from quotawatt.readings import Grain
from quotawatt.register.model import FormerValue, Register
from quotawatt.register.problems import Where
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.analytics.jobs.test_analyser import DAY, START, Bench, differing, town, whole_day

COSTS = ("cost_cny", "electricity_cost_cny", "fuel_cost_cny")
KW_DAY = 13.356
FEBRUARY = date(2023, 2, 1)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def bench(tmp_path: Path, rulebook: Rulebook) -> Iterator[Bench]:
    records = open_records("sqlite", tmp_path)
    save_register(records, town(), actor="test", at=START)
    yield Bench(MemorySeriesStore(), records, rulebook, RegisterSource(records, check_every_s=0))
    records.dispose()


def contracts(bench: Bench, *given: SupplyContract) -> list[SupplyContract]:
    book = ContractBook(bench.records, bench.source(), bench.rulebook)
    drafts = [Draft(Where("test"), contract) for contract in given]
    return book.add(drafts, "manager", START)


def electricity(
    subject: str = "ORG-TOP", first: date = FEBRUARY, until: date | None = None
) -> SupplyContract:
    return SupplyContract(0, subject, "electricity_import_kwh", "demo-tou", first, until)


PETROL = SupplyContract(0, "ORG-TOP", "petrol_l", "demo-petrol", FEBRUARY)


def two_days(bench: Bench) -> None:
    analyser = bench.analyser()
    for day in range(2):
        bench.take_in(whole_day(day))
        analyser.run(START + (day + 1) * DAY)


def test_costs_go_beside_the_use_and_up_the_tree(bench: Bench) -> None:
    contracts(bench, electricity(), PETROL)
    two_days(bench)
    days = bench.results(Grain.DAY, *COSTS)
    assert days["M-1", "cost_cny", START][0] == pytest.approx(10 * KW_DAY)
    assert days["M-1-A", "cost_cny", START][0] == pytest.approx(4 * KW_DAY)
    assert days["BLD-1", "cost_cny", START][0] == pytest.approx(10 * KW_DAY)
    assert days["ORG-LOW", "electricity_cost_cny", START][0] == pytest.approx(15 * KW_DAY)
    # 6 L at 7.8 CNY on each day; the organisation has both.
    assert days["VEH-1", "cost_cny", START][0] == pytest.approx(46.8)
    assert days["ORG-TOP", "fuel_cost_cny", START][0] == pytest.approx(46.8)
    assert days["ORG-TOP", "cost_cny", START][0] == pytest.approx(15 * KW_DAY + 46.8)
    months = bench.results(Grain.MONTH, *COSTS)
    assert months["ORG-TOP", "cost_cny", START][0] == pytest.approx(2 * (15 * KW_DAY + 46.8))


def test_an_hour_costs_by_its_own_period_and_a_meter_keeps_one_series(bench: Bench) -> None:
    contracts(bench, electricity())
    two_days(bench)
    hours = bench.results(Grain.HOUR, *COSTS)
    # 10 kWh at 17:00 (peak), 06:00 (flat) and 23:00 (valley) of local time.
    found = [hours["M-1", "cost_cny", START + timedelta(hours=h)][0] for h in (17, 6, 23)]
    assert found == pytest.approx([8.82, 6.3, 3.78])
    assert ("M-1", "electricity_cost_cny", START) not in hours
    assert hours["BLD-1", "electricity_cost_cny", START][0] == pytest.approx(3.78)


def test_without_a_contract_nothing_costs_and_with_others_it_is_found(bench: Bench) -> None:
    two_days(bench)
    assert bench.results(Grain.DAY, *COSTS) == {}
    assert "contract_missing" not in {code for code, _ in bench.findings()}
    contracts(bench, electricity("BLD-1"))
    bench.take_in(whole_day(2))
    bench.analyser().run(START + 3 * DAY)
    days = bench.results(Grain.DAY, *COSTS)
    assert ("BLD-2", "cost_cny", START + 2 * DAY) not in days
    # What is known of the organisation is building 1; coverage says that half of its buildings are missing.
    value, _, coverage = days["ORG-LOW", "electricity_cost_cny", START + 2 * DAY]
    assert (value, coverage) == pytest.approx((10 * KW_DAY, 0.5))
    assert ("contract_missing", "M-2") in bench.findings()
    assert ("contract_missing", "M-1") not in bench.findings()


def test_a_contract_that_comes_late_prices_the_past_and_one_that_goes_takes_it_back(
    bench: Bench,
) -> None:
    two_days(bench)
    (kept,) = contracts(bench, electricity())
    bench.analyser().run(START + 2 * DAY)
    days = bench.results(Grain.DAY, *COSTS)
    assert days["ORG-TOP", "cost_cny", START][0] == pytest.approx(15 * KW_DAY)
    # From the second day on only.
    book = ContractBook(bench.records, bench.source(), bench.rulebook)
    later = replace(kept, valid_from=FEBRUARY + timedelta(days=1))
    book.change(Draft(Where("test"), later), "manager", START)
    bench.analyser().run(START + 2 * DAY)
    days = bench.results(Grain.DAY, *COSTS)
    assert ("M-1", "cost_cny", START) not in days
    assert days["M-1", "cost_cny", START + DAY][0] == pytest.approx(10 * KW_DAY)
    book.withdraw(kept.number, "manager", START)
    bench.analyser().run(START + 2 * DAY)
    assert bench.results(Grain.DAY, *COSTS) == {}
    assert bench.results(Grain.MONTH, *COSTS) == {}


def test_a_late_price_computes_its_month_anew(bench: Bench) -> None:
    agent = replace(electricity(), tariff="demo-agent")
    key = "demo 1-10kv 2023-02"
    unknown = dict(bench.rulebook.agent_prices)
    known = unknown.pop(key)
    bench.rulebook = replace(bench.rulebook, agent_prices=unknown)
    contracts(bench, agent)
    two_days(bench)
    assert bench.results(Grain.DAY, *COSTS) == {}
    assert ("price_missing", "M-1") in bench.findings()
    bench.rulebook = replace(bench.rulebook, agent_prices={**unknown, key: known})
    bench.analyser().run(START + 2 * DAY)
    # Peak 7.5 h at 0.6, flat 8.5 h at 0.4, valley 8 h at 0.2 = 9.5; 24 h of 0.23 = 5.52: 15.02 a kW and day.
    days = bench.results(Grain.DAY, *COSTS)
    assert days["M-1", "cost_cny", START][0] == pytest.approx(150.2)


def test_whole_recomputation_gives_the_same_costs_as_the_days_did(bench: Bench) -> None:
    contracts(bench, electricity(), PETROL)
    two_days(bench)
    before = {grain: bench.results(grain, *COSTS) for grain in Grain}
    fresh = Bench(MemorySeriesStore(), bench.records, bench.rulebook, bench.source)
    fresh.take_in([r for day in range(2) for r in whole_day(day)])
    fresh.analyser().run(START + 2 * DAY)
    assert before[Grain.HOUR]
    assert differing(before, {grain: fresh.results(grain, *COSTS) for grain in Grain}) == []


def test_a_building_is_priced_by_the_organisation_that_had_it_on_the_day(bench: Bench) -> None:
    """ORG-LOW's contract prices building 1 on 1 February alone: from the 2nd on it is ORG-TOP's."""
    moved = FormerValue("BLD-1", "organisation", "ORG-LOW", FEBRUARY + timedelta(days=1))
    base = town()
    buildings = [
        replace(building, organisation="ORG-TOP") if code == "BLD-1" else building
        for code, building in base.buildings.items()
    ]
    register = Register(
        organisations=list(base.organisations.values()),
        sites=list(base.sites.values()),
        buildings=buildings,
        meters=list(base.meters.values()),
        vehicles=list(base.vehicles.values()),
        bindings=base.bindings,
        former_values=[moved],
    )
    save_register(bench.records, register, actor="test", at=START)
    contracts(bench, electricity("ORG-LOW"))
    two_days(bench)
    days = bench.results(Grain.DAY, *COSTS)
    assert days["M-1", "cost_cny", START][0] == pytest.approx(10 * KW_DAY)
    assert ("M-1", "cost_cny", START + DAY) not in days
    assert days["M-2", "cost_cny", START + DAY][0] == pytest.approx(5 * KW_DAY)


def test_what_no_contract_prices_is_not_computed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracts(bench, electricity("M-2"))
    computed: set[str] = set()

    def noted(use: Grid, *rest: Any) -> Grid:
        computed.update(key.subject for key in use.keys)
        return point_costs(use, *rest)

    monkeypatch.setattr("analytics.jobs.costs.point_costs", noted)
    analyser = bench.analyser()
    analyser.run(START)  # the past is priced by the contract that is new
    computed.clear()
    bench.take_in(whole_day(0))
    analyser.run(START + DAY)
    assert "M-2" in computed
    assert not {"M-1-A", "VEH-1"} & computed
    assert ("contract_missing", "M-1") in bench.findings()
