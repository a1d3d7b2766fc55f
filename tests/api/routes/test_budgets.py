"""Budgets over the API: figures reckoned by hand, months that are set, revised limits."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from quotawatt.readings import RESULTS, Grain
from quotawatt.spans import local_midnight
from tests.api.budget_world import emptied
from tests.api.scene import ZONE, Client, Scene, build_scene, result_rows

QUOTA = "db37t2672-city-b-electricity"
"""80 kWh/m² a year: BLD-1 with 1,000 m² may take 80,000 kWh; it takes 250 a day, 91,250 in 2023."""
ACCOUNT = f"/api/v1/quota/BLD-1/{QUOTA}"
PAPER = {"document": "2023-7", "decided_on": "2023-01-05"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return build_scene(tmp_path_factory.mktemp("world"))


@pytest.fixture
def scene(built: Scene) -> Scene:
    return emptied(built)


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def get(client: Client, what: str, **params: str) -> dict[str, Any]:
    answer = client.get(f"{ACCOUNT}/{what}", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_whole_year_beside_its_budget(client: Client) -> None:
    budget = get(client, "budget")
    assert (budget["limit"], budget["used"]) == (80_000, pytest.approx(91_250))
    assert budget["budget_to_date"] == pytest.approx(80_000)
    assert budget["ahead"] == pytest.approx(11_250)
    assert budget["ahead_pct"] == pytest.approx(14.0625)
    assert (budget["basis"], budget["calendar_announced"]) == ("assumed", True)
    assert budget["allowance"] == dict.fromkeys(
        ("per_day", "working_day", "non_working_day", "scale")
    )
    months = budget["months"]
    assert sum(month["budget"] for month in months) == pytest.approx(80_000)
    assert (months[1]["month"], months[1]["used"]) == ("2023-02-01", pytest.approx(28 * 250))


def test_a_day_within_the_year(client: Client) -> None:
    budget = get(client, "budget", as_of="2023-07-01")
    # 181 days at 250 kWh; 249 working days and 116 others in 2023, the latter at half: 307 shares.
    # To the end of June 123 working days and 58 others: 152 of 307.
    assert (budget["complete_days"], budget["used"]) == (181, pytest.approx(45_250))
    assert budget["budget_to_date"] == pytest.approx(80_000 * 152 / 307)
    left = budget["allowance"]
    # 34,750 are left for 126 working days and 58 others: 155 shares.
    assert left["working_day"] == pytest.approx(34_750 / 155)
    assert left["non_working_day"] == pytest.approx(34_750 / 155 / 2)
    assert 126 * left["working_day"] + 58 * left["non_working_day"] == pytest.approx(34_750)
    assert [month["days"] for month in budget["months"][5:7]] == [30, 0]


def test_last_year_is_the_pattern_where_it_is_known(client: Client, scene: Scene) -> None:
    new_year = [local_midnight(date(2024, 1, 1), ZONE)]
    rows = result_rows("BLD-1", "electricity_import_kwh", new_year, 240.0)
    scene.series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    budget = get(client, "budget", as_of="2024-01-02")
    assert (budget["year"], budget["basis"]) == (2024, "bills")
    assert budget["months"][0]["projected"] > 240.0
    # Every day of 2023 was alike, as by bills: the kinds of days are assumed. 251 working days, 115 others.
    days = get(client, "calendar", as_of="2024-01-02")["items"]
    assert len(days) == 366
    of_kind = {
        kind: {round(d["budget"], 6) for d in days if d["working"] is kind}
        for kind in (True, False)
    }
    assert of_kind == {True: {round(80_000 / 308.5, 6)}, False: {round(40_000 / 308.5, 6)}}
    # Days of this year that are not known change no budget; that they are not known is told.
    later = get(client, "calendar", as_of="2024-03-01")["items"]
    assert [day["budget"] for day in later] == [day["budget"] for day in days]
    budget = get(client, "budget", as_of="2024-03-01")
    assert (budget["complete_days"], budget["known_days"]) == (60, 1)
    assert (budget["months"][1]["used"], budget["months"][1]["difference"]) == (None, None)


def test_the_energy_calendar(client: Client) -> None:
    calendar = get(client, "calendar", as_of="2023-03-01")
    days = {day["day"]: day for day in calendar["items"]}
    assert len(days) == 365
    new_year, working, ahead = (days[d] for d in ("2023-01-01", "2023-01-28", "2023-03-01"))
    assert (new_year["working"], new_year["colour"]) == (False, "red")
    # A Saturday that was worked: 80,000 / 307 = 260.6 kWh, of which 250 were used.
    assert (working["working"], working["colour"]) == (True, "green")
    assert working["budget"] == pytest.approx(80_000 / 307)
    assert (ahead["used"], ahead["colour"]) == (None, "ahead")


def test_months_that_are_set_go_first(client: Client) -> None:
    months = [10_000, *[6_000] * 8, *[22_000 / 3] * 3]
    done = client.send("PUT", f"{ACCOUNT}/months", json={"year": 2023, "months": months, **PAPER})
    assert done.status_code == 200, done.text
    budget = get(client, "budget")
    assert budget["basis"] == "set"
    assert [m["budget"] for m in budget["months"]] == pytest.approx(months)
    listed = client.get("/api/v1/ledger", params={"action": "month_budgets_set"}).json()["items"]
    assert [entry["subject"] for entry in listed] == ["BLD-1"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"months": [6_000] * 12}, "must sum to the year's limit of 80000"),
        ({"months": [6_000] * 11}, "at least 12"),
        ({"months": [-1, *[7_000] * 11]}, "greater than or equal to 0"),
        ({"document": " "}, "must be the number of a document"),
        ({"effective_from": "2022-05-01"}, "must lie in the year 2023"),
    ],
)
def test_months_that_cannot_be_are_refused(
    client: Client, changes: dict[str, Any], words: str
) -> None:
    body = {"year": 2023, "months": [80_000 / 12] * 12, **PAPER, **changes}
    answer = client.send("PUT", f"{ACCOUNT}/months", json=body)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_account_that_is_not_there(client: Client) -> None:
    answer = client.get("/api/v1/quota/BLD-1/no-such-quota/budget")
    assert answer.status_code == 404
    assert "an account must be one that is drawn up" in answer.text


def test_a_revised_quota_counts_from_its_day_on(client: Client) -> None:
    body = {"year": 2023, "value": 95.0, "effective_from": "2023-06-01", **PAPER}
    done = client.post(f"{ACCOUNT}/revisions", json=body)
    assert done.status_code == 201, done.text
    assert (done.json()["original"], done.json()["unit"]) == (80.0, "kWh/m²")
    assert get(client, "budget", as_of="2023-06-01")["limit"] == 80_000
    revised = get(client, "budget", as_of="2023-06-02")
    assert (revised["limit"], revised["document"]) == (95_000, "2023-7")
    again = client.post(f"{ACCOUNT}/revisions", json={**body, "value": 90.0, "note": "less"})
    assert again.status_code == 422
    assert "must lie after 2023-06-01" in again.text
    (listed,) = get(client, "revisions", year="2023")["items"]
    assert (listed["value"], listed["version"]) == (95.0, 1)
