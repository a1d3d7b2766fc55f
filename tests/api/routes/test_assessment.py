"""Rankings, scores and reports over the API, within one's reach."""

from io import BytesIO
from typing import Any

import docx
import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from tests.api.asking import answer_as
from tests.api.register_scene import stored_scene
from tests.api.scene import Client, Scene

V1 = "/api/v1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return stored_scene(tmp_path_factory.mktemp("assessment"))


def client_of(world: Scene, organisation: str = "", role: Role = Role.MANAGER) -> Client:
    asker = Principal("manager", (Grant(role, organisation),))
    answer_as(world.app, asker)
    return Client(world.app, world.bearer)


def groups(body: dict[str, Any], ranking: str, asset: str) -> list[dict[str, Any]]:
    return [g for g in body["items"] if (g["ranking"], g["group"]["asset"]) == (ranking, asset)]


def test_figures_by_hand_and_too_few_peers_said(world: Scene) -> None:
    body = client_of(world).get(f"{V1}/assessment/rankings", params={"period": "2023"}).json()
    (group,) = groups(body, "electricity-kwh-per-m2", "building")
    rows = {row["code"]: row for row in group["rows"]}
    # BLD-1: 365 x 250 kWh on 1,000 m²; BLD-2: 365 x 200 on 2,000 m².
    assert (rows["BLD-1"]["value"], rows["BLD-2"]["value"]) == (91.25, 36.5)
    assert (rows["BLD-1"]["apart"], group["ranked"]) == ("too_few", 0)
    # City level, zone B: the constraint is 80.0 kWh/m².
    tier = rows["BLD-1"]["tiers"][0]
    assert (tier["tier"], tier["value"]) == ("constraint", 80.0)
    assert tier["above_pct"] == pytest.approx(14.0625)
    (energy,) = groups(body, "energy-kgce-per-m2", "organisation")
    first = next(row for row in energy["rows"] if row["code"] == "ORG-1")
    # 365 x 450 kWh x 0.31 / 3,000 m².
    assert first["value"] == pytest.approx(16.9725)
    assert first["basis"] == "等价"
    assert [b["id"] for b in first["benchmarks"]] == ["nation-2022-area", "nation-2020-area"]
    assert first["benchmarks"][0]["electricity_basis"] == "unknown"


def test_a_part_of_a_year_and_an_instant(world: Scene) -> None:
    client = client_of(world)
    body = client.get(
        f"{V1}/assessment/rankings",
        params={"period": "2023", "as_of": "2023-07-01", "ranking": "electricity-kwh-per-m2"},
    ).json()
    assert (body["until"], {g["ranking"] for g in body["items"]}) == (
        "2023-07-01",
        {"electricity-kwh-per-m2"},
    )
    (group,) = groups(body, "electricity-kwh-per-m2", "building")
    assert group["rows"][0]["value"] == pytest.approx(181 * 200 / 2000)
    assert group["rows"][0]["tiers"] == []
    rolling = client.get(f"{V1}/assessment/rankings").json()
    assert (rolling["period"], rolling["first"]) == ("R2023-12", "2023-01-01")


@pytest.mark.parametrize(
    ("path", "params", "status", "words"),
    [
        ("rankings", {"period": "2023-13"}, 422, "a period must be written"),
        ("rankings", {"period": "2030"}, 422, "a period must have begun"),
        ("rankings", {"ranking": "x"}, 404, "a ranking must be one of the rulebook, got 'x'"),
        ("scores", {"scheme": "x"}, 404, "a scheme must be one of the rulebook, got 'x'"),
        ("scores", {"year": "2030"}, 422, "a period must have begun"),
        ("confirmations", {"scheme": "x"}, 404, "a scheme must be one of the rulebook, got 'x'"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    world: Scene, path: str, params: dict[str, str], status: int, words: str
) -> None:
    answer = client_of(world).get(f"{V1}/assessment/{path}", params=params)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_only_ones_own_are_listed(world: Scene) -> None:
    client = client_of(world, "ORG-2", Role.VIEWER)
    body = client.get(f"{V1}/assessment/rankings", params={"period": "2023"}).json()
    assert {r["code"] for g in body["items"] for r in g["rows"]} == {"ORG-2", "BLD-2"}
    # The other is counted all the same: the median is that of both.
    (group,) = groups(body, "electricity-kwh-per-m2", "building")
    assert group["median"] == pytest.approx((91.25 + 36.5) / 2)
    scores = client.get(f"{V1}/assessment/scores", params={"year": 2023}).json()["items"]
    assert {row["code"] for row in scores} == {"ORG-2"}


def test_a_confirmation_counts_in_the_score_and_is_in_the_ledger(world: Scene) -> None:
    client = client_of(world)
    body = {
        "organisation": "ORG-2",
        "year": 2023,
        "scheme": "annual-targets",
        "item": "training",
        "share": 0.5,
        "evidence": "Minutes of 2023-09",
    }

    def training() -> float | None:
        rows = client.get(f"{V1}/assessment/scores", params={"year": 2023}).json()["items"]
        row = next(r for r in rows if r["code"] == "ORG-2")
        return next(i["points"] for i in row["items"] if i["id"] == "training")

    assert training() is None
    made = client.post(f"{V1}/assessment/confirmations", json=body)
    assert (made.status_code, made.json()["confirmed_by"]) == (201, "manager")
    assert training() == 2.5
    params = {"scheme": "annual-targets", "year": 2023}
    (kept,) = client.get(f"{V1}/assessment/confirmations", params=params).json()["items"]
    assert (kept["item"], kept["share"]) == ("training", 0.5)
    assert "assessment_confirmed" in {e.action for e in Ledger(world.records).entries()}
    wrong = client.post(f"{V1}/assessment/confirmations", json={**body, "item": "quotas"})
    assert wrong.status_code == 422


def test_an_assigned_target_counts_in_the_score_and_in_the_circular(world: Scene) -> None:
    """ORG-2 used 365 x 200 = 73,000 kWh: over the 70,000 that were assigned to it, within 75,000."""
    client = client_of(world)
    target = {
        "asset": "ORG-2",
        "indicator": "electricity_kwh",
        "year": 2023,
        "assigner": "ORG-1",
        "document": "2023-12",
        "decided_on": "2023-01-15",
    }

    def scored(amount: float, **changes: str) -> tuple[float, list[str]]:
        body = {"targets": [{**target, "amount": amount, **changes}]}
        assert client.post(f"{V1}/assigned", json=body).status_code == 201
        rows = client.get(f"{V1}/assessment/scores", params={"year": 2023}).json()["items"]
        row = next(r for r in rows if r["code"] == "ORG-2")
        return next(i["points"] for i in row["items"] if i["id"] == "assigned"), row["missed"]

    assert scored(70_000) == (0, ["assigned"])
    revised = {"effective_from": "2023-07-01", "note": "a hall was opened"}
    assert scored(75_000, **revised) == (15, [])
    about = {"kind": "circular", "subject": "ORG-1", "period": "2023-12"}
    quotas = client.get(f"{V1}/reports/draft", params=about).json()["content"]["quotas"]
    (row,) = (q for q in quotas if q["kind"] == "assigned")
    assert (row["code"], row["document"], row["share_pct"]) == (
        "ORG-2",
        "2023-12",
        pytest.approx(100 * 73_000 / 75_000),
    )
    page = client.get(f"{V1}/reports/draft/document", params={**about, "format": "html"}).text
    assert "下达指标：" in page
    assert "（2023-12）" in page


def test_a_report_from_draft_to_correction(world: Scene) -> None:
    client = client_of(world)
    about = {"kind": "circular", "subject": "ORG-1", "period": "2023-03"}
    draft = client.get(f"{V1}/reports/draft", params=about).json()
    assert (draft["issued"], draft["content"]["totals"][0]["amount"]) == (None, 13_950)
    made = client.post(f"{V1}/reports", json=about)
    assert made.status_code == 201
    number = made.json()["number"]
    assert (number, made.json()["late"]) == ("circular-2023-03-ORG-1-1", True)
    again = client.post(f"{V1}/reports", json=about)
    assert again.status_code == 409
    same = client.post(f"{V1}/reports", json={**about, "corrects": number, "note": "none"})
    assert "must differ from what it corrects" in same.json()["detail"]
    (row,) = client.get(f"{V1}/reports", params={"kind": "circular"}).json()["items"]
    assert row["number"] == number
    kept = client.get(f"{V1}/reports/{number}").json()
    assert kept["content"]["figures"] == draft["content"]["figures"]
    lower = client_of(world, "ORG-2")
    assert lower.get(f"{V1}/reports/{number}").status_code == 404
    assert lower.get(f"{V1}/reports").json()["items"] == []
    assert lower.post(f"{V1}/reports", json=about).status_code == 404


def test_a_report_as_word_file_and_as_page(world: Scene) -> None:
    client = client_of(world)
    about = {"kind": "analysis", "subject": "ORG-2", "period": "2023"}
    number = client.post(f"{V1}/reports", json=about).json()["number"]
    word = client.get(f"{V1}/reports/{number}/document")
    assert word.headers["content-disposition"].endswith(f"{number}.docx")
    read = docx.Document(BytesIO(word.content))
    assert read.paragraphs[0].text == "2023年能源资源消费分析报告"
    page = client.get(f"{V1}/reports/{number}/document", params={"format": "html", "lang": "en"})
    assert page.headers["content-type"].startswith("text/html")
    assert "Energy and Resource Analysis, 2023" in page.text
    # 365 x 200 kWh on 2,000 m².
    assert "73,000" in page.text
    draft = client.get(f"{V1}/reports/draft/document", params={**about, "format": "html"})
    assert "（未发布）" in draft.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"period": "2023"}, "the period of a report must be a month, got 2023"),
        ({"period": "2024-02"}, "must be over for its report to be issued, got 2024-02"),
        ({"period": "2023-2"}, "a period must be written"),
    ],
)
def test_a_period_must_fit_and_be_over(world: Scene, changes: dict[str, str], words: str) -> None:
    about = {"kind": "circular", "subject": "ORG-1", "period": "2023-03", **changes}
    answer = client_of(world).post(f"{V1}/reports", json=about)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
