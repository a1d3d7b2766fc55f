"""Money over HTTP: contracts, bills with their finding, budgets and what-ifs, each reckoned by hand.

MTR-2 draws 10 kW on 18 and 19 December 2023. In December the demo tariff has 2.5 h sharp at 1.05, 3 h peak at
0.882, 6.5 h flat at 0.63, 9 h valley at 0.378 and 3 h deep valley at 0.294: 2.625 + 2.646 + 4.095 + 3.402 +
0.882 = 13.65 CNY a kW and day, 273 CNY in all.
"""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import select

from analytics.jobs.reconciling import Reconciler
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.repository import RegisterSource
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import local_midnight
from quotawatt.storage.tables import findings
from tests.api.register_scene import stored_scene
from tests.api.scene import ZONE, Client, Scene, result_rows

MONEY = "/api/v1/money"
START = local_midnight(date(2023, 12, 18), ZONE)
DAYS = {"first_day": "2023-12-18", "last_day": "2023-12-19"}
CONTRACT = {"subject": "MTR-2", "tariff": "demo-tou", "valid_from": "2023-01-01"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    scene = stored_scene(tmp_path_factory.mktemp("money"))
    hours = [START + timedelta(hours=n) for n in range(48)]
    rows = result_rows("MTR-2", "electricity_import_kwh", hours, 10.0)
    days = [START, START + timedelta(days=1)]
    costs = result_rows("ORG-2", "electricity_cost_cny", days, 136.5)
    scene.series.write_results(Grain.HOUR, pa.Table.from_pylist(rows, RESULTS))
    scene.series.write_results(Grain.DAY, pa.Table.from_pylist(costs, RESULTS))
    return scene


@pytest.fixture(scope="module")
def client(world: Scene) -> Client:
    return Client(world.app, world.bearer)


@pytest.fixture(scope="module")
def contract(client: Client) -> int:
    answer = client.post(f"{MONEY}/contracts", json=CONTRACT)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["number"])


def bill(contract: int, total: float) -> dict[str, Any]:
    lines = [{"line": "total", "cost_cny": total}]
    return {"bill": "b-1", "contract": contract, **DAYS, "lines": lines}


def differing(world: Scene) -> list[tuple[str, str]]:
    with world.records.connect() as conn:
        t = findings.c
        rows = conn.execute(select(t.key, t.state).where(t.code == "bill_differs"))
        return [(row.key, row.state) for row in rows]


def test_a_contract_names_its_tariff_and_trust_and_may_not_overlap(
    client: Client, contract: int
) -> None:
    kept = client.get(f"{MONEY}/contracts").json()["items"]
    assert [(c["number"], c["measure"], c["trust"]) for c in kept] == [
        (contract, "electricity_import_kwh", "invented")
    ]
    refused = client.post(f"{MONEY}/contracts", json={**CONTRACT, "valid_from": "2024-01-01"})
    assert refused.status_code == 422
    assert f"must not overlap contract {contract}" in refused.json()["detail"]
    before = client.get(f"{MONEY}/contracts?as_of=2022-12-31").json()["items"]
    assert before == []


def test_a_tariff_of_a_day_has_its_windows_and_clause(client: Client) -> None:
    found = client.get(f"{MONEY}/tariffs/demo-tou?as_of=2023-12-18").json()
    assert found["windows"][0]["hours"]["sharp"] == ["16:30-19:00"]
    assert found["clause"]["trust"] == "invented"
    assert client.get(f"{MONEY}/tariffs/none").status_code == 404


def test_the_bill_of_a_contract_is_worked_out(client: Client, contract: int) -> None:
    found = client.get(f"{MONEY}/bill", params={"contract": contract, **DAYS}).json()
    assert (found["known"], found["points"]) == (1.0, ["MTR-2"])
    lines = {(line["line"], line["period"]): line for line in found["lines"]}
    # 10 kW over 2 * 2.5 h at 2.0 times 0.42.
    assert lines["energy", "sharp"]["amount"] == pytest.approx(50)
    assert lines["energy", "sharp"]["cost_cny"] == 42
    assert lines["total", ""]["cost_cny"] == pytest.approx(273)


def test_a_bill_that_differs_is_a_finding_until_it_agrees(
    world: Scene, client: Client, contract: int
) -> None:
    checked = client.post(f"{MONEY}/bills", json=bill(contract, 300.0))
    assert checked.status_code == 201, checked.text
    total = next(line for line in checked.json()["lines"] if line["line"] == "total")
    assert (checked.json()["agrees"], total["cost_difference_cny"]) == (False, pytest.approx(27))
    assert differing(world) == [("b-1", "open")]
    client.post(f"{MONEY}/bills", json=bill(contract, 274.0))
    assert client.get(f"{MONEY}/bills/b-1").json()["agrees"]
    client.post(f"{MONEY}/bills/check")
    assert differing(world) == [("b-1", "cleared")]


def test_the_daily_check_lists_a_bill_that_later_data_contradict(
    world: Scene, client: Client, contract: int
) -> None:
    client.post(f"{MONEY}/bills", json=bill(contract, 273.0))
    assert ("b-1", "open") not in differing(world)
    at = START + timedelta(hours=5)
    corrected = result_rows("MTR-2", "electricity_import_kwh", [at], 110.0)
    world.series.write_results(Grain.HOUR, pa.Table.from_pylist(corrected, RESULTS))
    stores = (world.series, world.records)
    source = RegisterSource(world.records)
    check = Reconciler(*stores, source, load_rulebook(), Settings(timezone=ZONE.key))
    check.run(START + timedelta(days=3))
    assert differing(world) == [("b-1", "open")]
    put_right = result_rows("MTR-2", "electricity_import_kwh", [at], 10.0)
    world.series.write_results(Grain.HOUR, pa.Table.from_pylist(put_right, RESULTS))
    check.run(START + timedelta(days=4))
    assert differing(world) == [("b-1", "cleared")]


def test_what_cannot_be_asked_is_refused(client: Client, contract: int) -> None:
    backwards = {"contract": contract, "first_day": "2023-12-19", "last_day": "2023-12-18"}
    assert client.get(f"{MONEY}/bill", params=backwards).status_code == 422
    long = {"contract": contract, "first_day": "2021-01-01", "last_day": "2023-12-18"}
    assert client.get(f"{MONEY}/bill", params=long).status_code == 422
    assert client.get(f"{MONEY}/bill", params={"contract": 999, **DAYS}).status_code == 404
    asked = {"contract": contract, **DAYS, "tariff": "demo-gas"}
    answer = client.get(f"{MONEY}/compare", params=asked)
    assert (answer.status_code, "to be compared, got demo-gas" in answer.text) == (422, True)


def test_shifting_and_saving_say_what_they_take_for_granted(client: Client, contract: int) -> None:
    asked = {"contract": contract, **DAYS}
    found = client.get(f"{MONEY}/shift", params={**asked, "kw": 1}).json()
    # 1 kW of 5.5 h a day leaves 2.5 * 1.05 + 3 * 0.882 = 5.271 for the cheap time, where 9 h cost 0.378 and
    # 3 h 0.294: 5.5 * 4.284 / 12 = 1.9635. So 3.3075 a day, 6.615 in all.
    assert (found["moved"], found["less_cny"]) == (pytest.approx(11), pytest.approx(6.615))
    assert "1 kW" in found["assumptions"][1]["en"]
    found = client.get(f"{MONEY}/save", params={**asked, "percent": 10}).json()
    # 10 % of 10 kW over 22-23 (0.63) and 23-06 (7 * 0.378): 3.276 a day.
    assert found["less_cny"] == pytest.approx(6.552)


def test_a_budget_is_held_against_what_was_spent(client: Client) -> None:
    body = {"organisation": "ORG-2", "carrier": "electricity", "year": 2023, "amount_cny": 1000}
    assert client.send("PUT", f"{MONEY}/budgets", json=body).status_code == 200
    (found,) = client.get(f"{MONEY}/budgets?as_of=2024-01-01").json()["items"]
    assert (found["spent_cny"], found["share_pct"]) == (273, pytest.approx(27.3))
    assert found["known"] == pytest.approx(2 / 365)
    wrong = client.send("PUT", f"{MONEY}/budgets", json={**body, "organisation": "BLD-2"})
    assert wrong.status_code == 422
