"""Quota and carbon: figures that can be reckoned by hand, unfolded and cited."""

import pytest

from tests.api.scene import Client

ELECTRICITY = "db37t2672-city-b-electricity"


def _by_quota(client: Client, path: str) -> dict[tuple[str, str], dict[str, object]]:
    items = client.get(path).json()["items"]
    return {(i["asset"], i["quota"]): i for i in items}


def test_the_account_of_a_building(client: Client) -> None:
    item = _by_quota(client, "/api/v1/quota/BLD-1")["BLD-1", ELECTRICITY]
    # 365 x 250 kWh = 91,250 kWh on 1,000 m²; the constraint is 80 kWh/m² = 80,000 kWh: 114.0625 %.
    assert item["used"] == pytest.approx(91_250)
    assert item["limits"] == {"constraint": 80_000.0, "baseline": 51_500.0, "guidance": 31_900.0}
    assert item["share_pct"] == pytest.approx(114.0625)
    assert item["standing"] == "over_constraint"
    assert item["parts"][0]["measure"] == "electricity_import_kwh"  # type: ignore[index]
    assert item["clause"]["number"] == "DB37/T 2672-2019"  # type: ignore[index]
    assert item["clause"]["trust"] == "secondary"  # type: ignore[index]


def test_every_account_is_listed_and_those_that_cannot_be_drawn_up_say_why(client: Client) -> None:
    body = client.get("/api/v1/quota").json()
    assert {i["asset"] for i in body["items"]} == {"ORG-1", "ORG-2", "BLD-1", "BLD-2"}
    # ORG-2 has people, but no water was measured.
    missing = [f for f in body["findings"] if f["code"] == "use_missing"]
    assert ("ORG-2", "db37t4452-water") in {(f["subject"], f["detail"]["quota"]) for f in missing}


def test_as_of_judges_an_earlier_day(client: Client) -> None:
    item = _by_quota(client, "/api/v1/quota/BLD-1?as_of=2023-02-01")["BLD-1", ELECTRICITY]
    assert item["used"] == pytest.approx(31 * 250)
    assert item["days"] == 31
    assert item["projected"] is None


def test_carbon_against_the_path(client: Client) -> None:
    body = client.get("/api/v1/carbon").json()
    (item,) = body["items"]
    # Shandong 2023: 0.6191 kgCO2/kWh x 91,250 kWh; 50 kg/m² x (1 - 7 % x 3/5) x 1,000 m².
    assert item["asset"] == "BLD-1"
    assert item["used_kgco2"] == pytest.approx(91_250 * 0.6191)
    assert item["limit_kgco2"] == pytest.approx(50 * 0.958 * 1000)
    assert item["clause"]["title"]["zh"]
    assert {f["code"] for f in body["findings"]} == {"base_value_missing"}


@pytest.mark.parametrize(
    ("path", "status", "value"),
    [
        ("/quota/NONE", 404, "got 'NONE'"),
        ("/quota/MTR-1", 404, "got 'MTR-1'"),
        ("/quota?as_of=yesterday", 422, "got 'yesterday'"),
        ("/quota?as_of=9999-12-31", 422, "years 1990 to 2199, got '9999-12-31'"),
        ("/carbon?as_of=0001-01-01T00:00:00Z", 422, "years 1990 to 2199"),
        ("/carbon?as_of=2023-01-01T00:00:00", 422, "time zone"),
    ],
)
def test_bad_input(client: Client, path: str, status: int, value: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert value in answer.json()["detail"]


def test_a_figure_unfolds_to_what_it_is_made_of(client: Client) -> None:
    path = f"/api/v1/quota/ORG-1/{ELECTRICITY}/unfold"
    body = client.get(path, params={"month": "2023-02"}).json()
    # ORG-1 has both buildings: 250 + 200 kWh a day on 3,000 m².
    assert body["account"]["used"] == pytest.approx(164_250)
    values = [part["line"]["value"] for part in body["parts"]]
    assert sum(values) == pytest.approx(body["account"]["used"], rel=1e-9)
    line = body["parts"][0]["line"]
    assert {x["subject"] for x in line["below"]} >= {"BLD-1", "BLD-2"}
    assert sum(x["amount"] for x in line["below"]) == pytest.approx(line["amount"], rel=1e-9)
    assert len(line["days"]) == 28
    assert sum(body["months"].values()) == pytest.approx(164_250, rel=1e-9)
    held = {(x["subject"], x["amount"], x["days"]) for x in body["denominator"]}
    assert held == {("BLD-1", 1000.0, 365), ("BLD-2", 2000.0, 365)}
    assert body["in_numbers"]["en"].endswith("/ 3,000 m² = 54.75 kWh/m²")
    assert body["account"]["clause"]["number"] == "DB37/T 2672-2019"


def test_a_converted_figure_unfolds_with_its_factors_and_people(client: Client) -> None:
    body = client.get("/api/v1/quota/ORG-1/db37t2672-city-b-per-head/unfold").json()
    factor = body["parts"][0]["factor"]
    assert (factor["value"], factor["unit"], factor["trust"]) == (0.31, "kgce/kWh", "secondary")
    assert factor["clause"]["clause"] == "附录B"
    assert sum(p["line"]["value"] for p in body["parts"]) == pytest.approx(
        body["account"]["used"], rel=1e-9
    )
    assert {x["component"] for x in body["denominator"]} == {"in_post"}
    assert body["account"]["kgce"] == pytest.approx(body["account"]["used"])
    assert body["account"]["basis"] == "等价"


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/api/v1/quota/ORG-1/nothing/unfold", 404, "ORG-1/nothing"),
        (f"/api/v1/quota/MTR-1/{ELECTRICITY}/unfold", 404, "MTR-1"),
        (f"/api/v1/quota/ORG-1/{ELECTRICITY}/unfold?month=2023-13", 422, "YYYY-MM"),
    ],
)
def test_what_cannot_be_unfolded(client: Client, path: str, code: int, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == code
    assert said in answer.json()["detail"]
