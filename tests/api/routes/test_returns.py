"""A return over the API: filled, written, checked, submitted, accepted, summed, exported, printed.

BLD-1 of ORG-1 takes 250 kWh a day, BLD-2 of ORG-2 200: in the last quarter of 2023, 92 days, ORG-1 itself
23,000 kWh and ORG-2 18,400.
"""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.api.return_desk import V1, Desk, accepted, cells, desk, filled, office, ok

__all__ = ["desk", "office"]


def test_a_return_is_filled_from_results_and_register(desk: Desk) -> None:
    made = filled(desk)
    known = cells(made)
    assert known["use.electricity"]["value"] == 18_400  # 92 days of 200 kWh
    assert known["use.electricity.2023-11"]["value"] == 6_000
    assert known["use.electricity"]["quality"] == "measured"
    assert known["base.gross_area"]["value"] == 2000
    assert known["base.name"]["value"] == "乙机关"
    assert known["base.people"]["value"] == 60
    assert known["use.coal"]["value"] is None  # nothing is known: not zero
    assert (made["version"], made["state"], made["due"]) == ("2022", "draft", "2024-01-15")
    assert made["clause"]["trust"] == "secondary"
    assert made["trust"] == "unverified"


def test_many_are_filled_at_once_all_or_none(desk: Desk) -> None:
    body = {"organisations": ["ORG-1", "ORG-2"], "period": "2023-Q4"}
    items = ok(desk.post(f"{V1}/fill-many", json=body))["items"]
    assert [(item["organisation"], item["state"]) for item in items] == [
        ("ORG-1", "draft"),
        ("ORG-2", "draft"),
    ]
    assert cells(ok(desk.get(f"{V1}/{items[1]['number']}")))["use.electricity"]["value"] == 18_400
    ok(desk.post(f"{V1}/fill", json={"organisation": "ORG-1", "period": "2023-Q3"}))
    mixed = {"organisations": ["ORG-2", "BLD-1"], "period": "2023-Q3"}
    assert desk.post(f"{V1}/fill-many", json=mixed).status_code == 422
    assert ok(desk.get(f"{V1}?period=2023-Q3"))["total"] == 1


def test_each_institution_answers_for_its_own(desk: Desk) -> None:
    """ORG-2 is below ORG-1: its 200 kWh a day are not in ORG-1's return."""
    assert cells(filled(desk, "ORG-1"))["use.electricity"]["value"] == 23_000


def test_from_draft_to_snapshot_with_what_was_done(desk: Desk) -> None:
    done = accepted(desk)
    assert done["state"] == "accepted"
    assert done["issued"] == "energy-statistics-2023-Q4-ORG-2-1"
    assert [step["action"] for step in done["steps"]] == ["fill", "set", "submit", "accept"]
    assert done["actions"] == ["reopen"]
    assert len(done["snapshots"]) == 1


def test_nobody_accepts_what_they_handed_in(desk: Desk) -> None:
    number = accepted(desk)["number"]
    ok(desk.post(f"{V1}/{number}/reopen", json={"comment": "late bill"}))
    ok(desk.post(f"{V1}/{number}/submit", json={}))
    own = desk.post(f"{V1}/{number}/accept", json={})
    assert own.status_code == 409
    assert "by somebody who neither handed it in nor wrote in it" in own.json()["detail"]
    assert ok(desk.accept(number))["state"] == "accepted"


def test_a_blocking_check_stops_it_and_names_every_cell(desk: Desk) -> None:
    number = filled(desk)["number"]
    found = ok(desk.get(f"{V1}/{number}/check"))
    assert found["blocks"]
    missing = {item["cell"] for item in found["items"] if item["check"] == "missing"}
    assert "use.water" in missing
    refused = desk.post(f"{V1}/{number}/submit", json={})
    assert refused.status_code == 422
    assert "use.water: check 'missing' must hold" in refused.json()["detail"]


def test_what_fits_no_state_is_a_conflict(desk: Desk) -> None:
    number = filled(desk)["number"]
    answer = desk.post(f"{V1}/{number}/accept", json={})
    assert answer.status_code == 409
    assert "must be submitted for 'accept', got draft" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"organisation": "BLD-1", "period": "2023"}, "must be an organisation's"),
        ({"organisation": "ORG-2", "period": "2023-13"}, "a period must be YYYY or YYYY-Qn"),
        ({"organisation": "ORG-2", "period": "2024-Q3"}, "a period must have begun"),
    ],
)
def test_what_cannot_be_filled_is_said(desk: Desk, body: dict[str, str], said: str) -> None:
    answer = desk.post(f"{V1}/fill", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_an_unknown_form_is_not_found(desk: Desk) -> None:
    body = {"organisation": "ORG-2", "period": "2023", "form": "x"}
    assert desk.post(f"{V1}/fill", json=body).status_code == 404


def test_who_is_late_is_listed(desk: Desk) -> None:
    accepted(desk)
    rows = {r["organisation"]: r for r in ok(desk.get(f"{V1}/due?period=2023-Q4"))["items"]}
    assert (rows["ORG-2"]["state"], rows["ORG-2"]["overdue"]) == ("accepted", False)
    assert (rows["ORG-1"]["state"], rows["ORG-1"]["overdue"]) == ("not_begun", False)
    rows = {r["organisation"]: r for r in ok(desk.get(f"{V1}/due?period=2023-Q3"))["items"]}
    assert rows["ORG-1"]["overdue"]  # due on 15 October; now it is the end of December


def test_what_is_reopened_for_a_correction_is_not_late(desk: Desk) -> None:
    number = accepted(desk, period="2023-Q3")["number"]
    reopened = ok(desk.post(f"{V1}/{number}/reopen", json={"comment": "late bill"}))
    assert (reopened["state"], reopened["due"], reopened["overdue"]) == (
        "reopened",
        "2023-10-15",
        False,
    )


def test_levels_add_up_what_is_accepted_and_say_who_is_missing(desk: Desk) -> None:
    accepted(desk)
    items = ok(desk.get(f"{V1}/sum?period=2023-Q4"))["items"]
    top = next(item for item in items if item["code"] == "ORG-1")
    assert (top["counted"], top["missing"]) == (["ORG-2"], ["ORG-1"])
    accepted(desk, "ORG-1")
    for by in ("region", "class"):
        items = ok(desk.get(f"{V1}/sum?period=2023-Q4&by={by}"))["items"]
        sums = [
            figure["value"]
            for item in items
            if len(item["counted"]) == 2
            for figure in item["figures"]
            if figure["cell"] == "use.electricity"
        ]
        assert sums == [41_400]


def test_the_workbook_holds_numbers_and_the_line_to_sign(desk: Desk) -> None:
    number = accepted(desk)["number"]
    for language, sealed in (("zh", "（盖章）"), ("en", "(seal)")):
        answer = desk.get(f"{V1}/{number}/export.xlsx?lang={language}")
        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        assert len(book.sheet_names) == 4
        rows = book.get_sheet_by_name(book.sheet_names[1]).to_python()
        power = next(row for row in rows if row[1] == "kWh")
        assert power[2:6] == [18_400, 6_200, 6_000, 6_200]
        assert any(sealed in str(cell) for row in rows for cell in row)
        assert any("energy-statistics-2023-Q4-ORG-2-1" in str(row[0]) for row in rows)


def test_the_page_to_print_has_a_place_for_the_seal(desk: Desk) -> None:
    number = filled(desk)["number"]
    zh = desk.get(f"{V1}/{number}/print?lang=zh")
    assert zh.headers["content-type"] == "text/html; charset=utf-8"
    for words in (
        "单位负责人",
        "统计负责人",
        "填表人",
        "联系电话",
        "填报日期",
        "（盖章）",
        "18,400",
    ):
        assert words in zh.text
    assert "未审核" in zh.text
    assert ("党政机关" in zh.text, "市级" in zh.text, "party_government" in zh.text) == (
        True,
        True,
        False,
    )
    assert "未核实" in zh.text  # the number of the form
    assert "(seal)" in desk.get(f"{V1}/{number}/print?lang=en").text


def test_the_form_in_force_is_that_of_the_day(desk: Desk) -> None:
    old = ok(desk.get(f"{V1}/forms?as_of=2025-11-18"))["items"]
    new = ok(desk.get(f"{V1}/forms?as_of=2025-12-31"))["items"]
    assert [form["version"] for form in (*old, *new)] == ["2022", "2025-11"]
    rows = [
        {row["id"] for sheet in form["sheets"] for row in sheet["rows"]} for form in (*old, *new)
    ]
    assert rows[0] - rows[1] == {
        "base.site_area", "base.charging_points", "base.renewables", "data_centre.ups_capacity",
    }  # fmt: skip
    titles = [
        row["title"]["zh"]
        for form in (*old, *new)
        for sheet in form["sheets"]
        for row in sheet["rows"]
        if row["id"] == "heating.heat"
    ]
    assert titles == ["热力", "热力消费量（按热量收费）"]


def test_lists_are_filtered(desk: Desk) -> None:
    filled(desk)
    filled(desk, "ORG-1", "2023")
    listed = ok(desk.get(f"{V1}?period=2023-Q4"))
    assert [(r["organisation"], r["name"]["zh"] != "") for r in listed["items"]] == [
        ("ORG-2", True)
    ]
    assert ok(desk.get(f"{V1}?state=accepted"))["total"] == 0
    assert desk.get(f"{V1}?period=soon").status_code == 422
