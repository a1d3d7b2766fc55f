"""What was said with the newest step of a case."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert

from alerts.cases.model import CaseState
from alerts.messages.notes import Noted, events_told, note_text, read_notes
from alerts.messages.rendering import render
from alerts.messages.summarising import summarise
from quotawatt.rulebook.basics import Text
from quotawatt.storage.case_tables import case_steps
from quotawatt.storage.records import open_records
from tests.alerts.messages.scene import NOW, OFFICER, Bundle, Notice, case, telling

_URUMQI = ZoneInfo("Asia/Urumqi")
_KWH = Text("kWh", "kWh")
_WRONG = {"time": "2023-06-03T18:00:00+00:00", "was": 120.5, "is": 98.0}


@pytest.fixture
def records(tmp_path: Any) -> Engine:
    return open_records("sqlite", tmp_path)


def _step(engine: Engine, number: int, action: str, comment: str = "", **detail: Any) -> None:
    row = {"case": number, "at": NOW, "actor": "wang", "action": action, "comment": comment}
    with engine.begin() as conn:
        conn.execute(insert(case_steps).values({**row, "detail": detail}))


def test_the_newest_step_that_is_told_of_counts(records: Engine) -> None:
    _step(records, 1, "opened")
    _step(records, 1, "sent_back", "no photo")
    _step(records, 1, "sent_back", "still no photo")
    _step(records, 1, "commented", "not told")
    _step(records, 2, "corrected", note={"corrected": [_WRONG]})
    _step(records, 3, "opened")
    told = events_told(
        [Bundle((Notice(1, "opened"), Notice(1, "sent_back"), Notice(2, "corrected"), Notice(3)))]
    )
    with records.connect() as conn:
        found = read_notes(conn, told)
    assert found == {
        1: Noted("wang", "still no photo", {}),
        2: Noted("wang", "", {"corrected": [_WRONG]}),
    }


def test_a_comment_names_who_made_it() -> None:
    found = note_text(Noted("wang", "no photo", {}), _URUMQI, _KWH)
    assert (found.zh, found.en) == ("wang：no photo", "wang: no photo")


def test_corrections_say_what_was_and_what_is_now() -> None:
    found = note_text(Noted("alerts", "", {"corrected": [_WRONG]}), _URUMQI, _KWH)
    assert found.zh == "2023-06-04 00:00 (Asia/Urumqi) 的数据由 120.5 kWh 更正为 98.0 kWh"
    assert found.en == "2023-06-04 00:00 (Asia/Urumqi): corrected from 120.5 kWh to 98.0 kWh"
    gone = note_text(Noted("alerts", "", {"corrected": [{**_WRONG, "is": None}]}), _URUMQI, _KWH)
    assert gone.zh.endswith("由 120.5 kWh 更正为 不详")


def test_of_many_corrections_three_are_named() -> None:
    found = note_text(Noted("alerts", "", {"corrected": [_WRONG] * 5}), _URUMQI, _KWH)
    assert found.zh.count("更正为") == 3
    assert found.zh.endswith("；等共 5 项")
    assert found.en.endswith("; and 2 more")


def test_late_data_are_said_to_be_late() -> None:
    found = note_text(Noted("alerts", "", {"late": {"since": "2023-06-01"}}), _URUMQI, _KWH)
    assert (found.zh, found.en) == ("依据补报的数据", "by data that came late")


def test_a_message_says_it() -> None:
    told = telling()
    notes = {12: Noted("alerts", "", {"corrected": [_WRONG]})}
    over = case(state=CaseState.RETRACTED)
    summaries = summarise([over], told, NOW, notes)
    body = render(Bundle((Notice(12, "retracted"),)), summaries, OFFICER, "email", told, NOW)
    assert (
        "说明：2023-06-04 00:00 (Asia/Urumqi) 的数据由 120.5\u00a0% 更正为 98.0\u00a0%"
        in body["text"]
    )
    assert body["title"].endswith("的撤销通知")
    # Nothing is left to do.
    assert [word for word in ("建议", "限期", "办理") if word in body["text"]] == []
