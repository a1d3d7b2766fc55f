"""Cases over the API: listed, read, counted."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from alerts.cases.model import CaseState
from quotawatt.storage.case_tables import cases
from tests.api.case_world import QUOTA, add_case
from tests.api.scene import NOW, Client, Scene, build_scene

PLACE = "/api/v1/cases"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """1 overdue and critical, 2 of ORG-1, 3 closed in time, 4 of a finding."""
    scene = build_scene(tmp_path_factory.mktemp("world"))
    month_ago = NOW - timedelta(days=30)
    account = f"BLD-2/{QUOTA}/2023"
    add_case(
        scene,
        rule="quota-exhausted",
        subject=account,
        severity="critical",
        opened_at=month_ago,
        due_on=date(2023, 12, 15),
    )
    add_case(scene, rule="meter-silent", subject="MTR-1", asset="MTR-1", organisation="ORG-1")
    ended = {"state": CaseState.CLOSED, "closed_at": NOW, "closed_how": "telemetry"}
    add_case(scene, rule="meter-silent", opened_at=NOW - timedelta(days=2), firing=False)
    add_case(scene, rule="finding:meter_silent", subject="MTR-2", asset="MTR-2")
    close(scene, 3, ended)
    return scene


def close(scene: Scene, number: int, ended: dict[str, Any]) -> None:
    with scene.records.begin() as conn:
        conn.execute(update(cases).where(cases.c.id == number).values(ended))


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 4, 2]),
        ("?state=closed", [3]),
        ("?organisation=ORG-2", [1, 4]),
        ("?organisation=ORG-1&severity=warning", [4, 2]),
        ("?rule=meter-silent&state=open&state=closed", [2, 3]),
        ("?overdue=true", [1]),
        ("?mine=true", []),
        ("?q=二号楼总表", [4]),
        ("?q=QUOTA", [1]),
        ("?q=已用完", [1]),
        ("?limit=1&offset=1", [4]),
    ],
)
def test_what_is_listed(client: Client, query: str, numbers: list[int]) -> None:
    body = client.get(PLACE + query).json()
    assert [item["number"] for item in body["items"]] == numbers
    assert body["total"] == (3 if "limit" in query else len(numbers))


def test_one_case_in_the_words_of_its_rule(client: Client) -> None:
    answer = client.get(f"{PLACE}/1")
    found = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert (found["title"]["zh"], found["clause"]["clause"]) == ("年度定额已用完", "17")
    assert (found["account"]["id"], found["year"], found["overdue"]) == (QUOTA, 2023, True)
    assert [step["event"] for step in found["steps"]] == ["opened"]
    assert (found["evidence"], found["notices"], found["explanations"]) == ([], [], [])


def test_a_case_of_a_finding_has_the_findings_words(client: Client) -> None:
    found = client.get(f"{PLACE}/4").json()
    assert found["title"]["en"] != "finding:meter_silent"
    assert found["advice"]["zh"]
    assert found["clause"] is None


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/99", 404, "a case must exist by its number, got 99"),
        ("?organisation=ORG-9", 404, "got 'ORG-9'"),
        ("?state=ajar", 422, "state"),
        ("/statistics", 422, "from"),
        ("/statistics?from=2024-01-02&until=2023-01-01", 422, "from must lie before until"),
        (f"/1/evidence/{'0' * 64}", 404, "a document must be one of its case"),
        ("/1/evidence/zz", 422, "zz"),
    ],
)
def test_what_there_is_not(client: Client, path: str, status: int, words: str) -> None:
    answer = client.get(PLACE + path)
    assert answer.status_code == status
    assert words in answer.text


def counted(client: Client, by: str, more: str = "") -> dict[str, dict[str, Any]]:
    until = (NOW + timedelta(days=2)).date().isoformat()
    query = f"from=2023-11-01&until={until}&by={by}{more}"
    answer = client.get(f"{PLACE}/statistics?{query}").json()
    return {row["group"]: row for row in (*answer["items"], answer["whole"])}


def test_statistics_by_organisation_count_what_is_below(client: Client) -> None:
    found = counted(client, "organisation")
    assert {group: row["cases"] for group, row in found.items()} == {"ORG-1": 4, "ORG-2": 3, "": 4}
    two = found["ORG-2"]
    assert (two["closed_by_telemetry"], two["unanswered"], two["overdue"]) == (1, 1, 1)
    assert (two["close_h_median"], two["title"]["zh"]) == (48.0, "乙机关")
    # The overdue one counts as late; the closed one had no date.
    assert two["in_time_pct"] == 0.0


def test_statistics_by_rule_clause_and_month(client: Client) -> None:
    rules = counted(client, "rule", "&organisation=ORG-2")
    assert rules["quota-exhausted"]["title"]["en"] == "Yearly quota used up"
    assert rules["finding:meter_silent"]["cases"] == 1
    clauses = counted(client, "clause")
    assert clauses["conservation-regulation 17"]["cases"] == 1
    assert clauses["conservation-regulation 17"]["title"]["zh"].endswith("条例 17")
    assert sum(row["cases"] for group, row in clauses.items() if group) >= 3
    assert set(counted(client, "month")) == {"2023-12", "2024-01", ""}
