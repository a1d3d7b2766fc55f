"""Changes in words: records of the register, entries of the rulebook, anything that a ledger may hold."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.console.changes_view import SHOWN, changes_of, plain_value, rule_changes, told
from api.console.ledger_view import entry_page
from api.console.register_words import Reader
from api.console.texts import Words
from quotawatt.register.rows import KINDS
from tests.api.scene import NOW, REGISTER

ZONE = ZoneInfo("Asia/Shanghai")
ZH, EN = (Reader(Words(language), REGISTER, ZONE) for language in ("zh", "en"))

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
NAMES = st.sampled_from([*KINDS, "code", "name_zh", "asset", "valid_from", "device"]) | st.text()
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "–", "–"),
        ("", "–", "–"),
        (True, "是", "yes"),
        (1234567, "1,234,567", "1,234,567"),
        (0.5, "0.5", "0.5"),
        ("handed_over", "已移交", "handed over"),
        ("results.read", "查看数据", "read results"),
        ("meter_silent", "计量中断", "Measurement has stopped"),
        ("MTR-1", "一号楼总表 MTR-1", "Building One, main MTR-1"),
        ("2023-12-31T16:00:00+00:00", "2024-01-01 00:00", "2024-01-01 00:00"),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        (["lend", "transfer"], "出借、调拨", "lend, pass on"),
        ("whatever else", "whatever else", "whatever else"),
    ],
)
def test_values_in_words(value: Any, zh: str, en: str) -> None:
    assert (plain_value(ZH, value), plain_value(EN, value)) == (zh, en)


def test_what_stays_the_same_is_not_drawn() -> None:
    (thing,) = changes_of(ZH, {"state": "open", "by": 1}, {"state": "accepted", "by": 1}).things
    assert [(v.label, v.before, v.after) for v in thing.values] == [("状态", "待处理", "已接受")]
    assert thing.change == "changed"


def test_a_value_by_itself() -> None:
    (thing,) = changes_of(ZH, False, True).things
    assert [(v.label, v.before, v.after) for v in thing.values] == [("", "否", "是")]
    assert changes_of(ZH, None, None).things == []


def test_records_are_told_apart_by_their_keys() -> None:
    before = {"meters": [{"code": "MTR-1", "name_zh": "旧名", "carrier": "electricity"}]}
    after = {
        "meters": [
            {"code": "MTR-1", "name_zh": "新名", "carrier": "electricity"},
            {"code": "MTR-9", "name_zh": "新表", "building": "BLD-1"},
        ]
    }
    one, two = changes_of(ZH, before, after).things
    assert (one.title, one.change, [v.label for v in one.values]) == (
        "新名 MTR-1",
        "changed",
        ["中文名称"],
    )
    assert (two.title, two.change) == ("新表 MTR-9", "added")
    assert "一号楼" in [v.after for v in two.values]


def test_of_very_many_the_others_are_counted() -> None:
    rows = [{"code": f"M-{n}"} for n in range(SHOWN + 7)]
    changes = changes_of(ZH, None, {"meters": rows})
    assert (len(changes.things), changes.left_out) == (SHOWN, 7)
    entry = {"section": "rules", "id": "x", "change": "added", "before": {}, "after": {"above": 1}}
    assert rule_changes(ZH, [entry] * (SHOWN + 2)).left_out == 2


def test_nested_values_say_where_they_stand() -> None:
    assert told(ZH, {"wanted": {"kind": "x"}, "matches": [{"asset": "BLD-1"}, {"asset": "y"}]}) == [
        ("需求 › 类别", "x"),
        ("合用资产 › 1 › 资产", "一号楼 BLD-1"),
        ("合用资产 › 2 › 资产", "y"),
    ]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["before", "after", "changes", "mentions", "x"]), JSON))
def test_whatever_an_entry_holds_can_be_drawn(detail: dict[str, Any]) -> None:
    item = {"seq": 1, "at": NOW, "actor": "a", "action": "b", "subject": "c", "detail": detail}
    for reader in (ZH, EN):
        page = entry_page(reader, item)
        for thing in (*page.changes.things, *page.rules.things):
            assert all(isinstance(v.before, str) and isinstance(v.after, str) for v in thing.values)
