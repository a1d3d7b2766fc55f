"""Cases as data: what holds, what fails and what is no case."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.cases_run import failures, find_cases, load_case
from quotawatt.errors import InputError
from tests.collectors.written import decoder_of

MINE = """
- topics: ["x/{device}"]
  time: {path: t, format: epoch_s}
  groups: [{fields: [{path: u, quantity: voltage_v}, {path: i, quantity: current_a}]}]
- topics: ["b/{device}"]
  announces: {each: "m[]", key: "{a}", name: "{n}", unit: u}
- topics: ["y/{device}"]
  groups: [{at: "m[]", named: {name: n, value: v, alias: a}, fields: [{path: p, quantity: voltage_v}]}]
"""
GOOD: dict[str, Any] = {
    "topic": "x/d",
    "payload": '{"t": 0, "u": 230, "i": 1.5}',
    "expect": [
        {"quantity": "current_a", "value": 1.5, "time": "1970-01-01T08:00:00+08:00"},
        {"device": "d", "quantity": "voltage_v", "value": 230, "time": "1970-01-01T00:00:00Z"},
    ],
}


def run(tmp_path: Path, **changes: Any) -> list[str]:
    folder = tmp_path / "mine"
    folder.mkdir(exist_ok=True)
    case = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    (folder / "case.yaml").write_text(yaml.safe_dump(case), encoding="utf-8")
    (path,) = find_cases(tmp_path)
    return failures(load_case(path), decoder_of(MINE))


def test_readings_in_any_order(tmp_path: Path) -> None:
    assert run(tmp_path) == []


def test_bytes_and_messages_before(tmp_path: Path) -> None:
    assert run(tmp_path, payload=None, payload_hex=GOOD["payload"].encode().hex()) == []
    before = [{"topic": "b/d", "payload": '{"m": [{"a": 7, "n": "p"}]}'}]
    expect = [
        {
            "quantity": "voltage_v",
            "value": 5,
            "time": "2023-06-01T00:00:00Z",
            "timed_by_server": True,
        }
    ]
    again = {"topic": "y/d", "payload": '{"m": [{"a": 7, "v": 5}]}', "expect": expect}
    assert run(tmp_path, **again, before=before) == []
    assert run(tmp_path, **again)[0].startswith("got unknown_alias: ")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"payload": '{"t": 0, "u": 231, "i": 1.5}'}, ["expected {", "'value': 231.0"]),
        ({"payload": '{"t": 0, "u": 230}'}, ["expected {'quantity': 'current_a'"]),
        ({"expect": GOOD["expect"][:1]}, ["'quantity': 'voltage_v'"]),
        ({"payload": '{"t": "x"}'}, ["got bad_time", "expected 2 readings"]),
        ({"expect": None, "reject": "bad_time"}, ["expected reject: bad_time", "'value': 230.0"]),
        ({"expect": None, "ignore": True}, ["'value': 1.5"]),
        ({"payload": '{"t": 0, "u": 230, "i": "x"}'}, ["expected problems []", "bad_value"]),
        ({"payload": '{"u": 230, "i": 1.5}'}, ["'timed_by_server': True"]),
        (
            {"before": [{"topic": "q", "payload": "1"}]},
            ["the message before, to q: got no_profile"],
        ),
    ],
)
def test_what_does_not_hold_is_said(
    tmp_path: Path, changes: dict[str, Any], says: list[str]
) -> None:
    text = "\n".join(run(tmp_path, **changes))
    assert [words for words in says if words not in text] == []


def test_the_profile_is_that_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    path = tmp_path / "other" / "case.yaml"
    path.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    assert failures(load_case(path), decoder_of(MINE)) == [
        "expected profile other, by its folder; got mine"
    ]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reject": "bad_time"}, "have one of expect, reject, ignore"),
        ({"expect": None}, "have one of expect, reject, ignore"),
        ({"expect": None, "reject": "mood"}, "be refused for a known reason, got 'mood'"),
        ({"topics": "x"}, "have no other keys"),
        ({"topic": None}, "have a topic"),
        ({"expect": [{**GOOD["expect"][0], "values": 1}]}, "expect keys of readings only"),
        ({"expect": [{"quantity": "voltage_v"}]}, "expect readings with quantity, value and time"),
        (
            {"payload": None, "payload_hex": "xx"},
            "in quotation marks, two hex digits a byte, got 'xx'",
        ),
        ({"payload_hex": "00"}, "have either payload or payload_hex"),
        ({"payload": None}, "have either payload or payload_hex"),
        ({"payload": {"t": 0}}, "have its payload in quotation marks (or after |), got {'t': 0}"),
        ({"before": [{"topic": "x/d"}]}, "have either payload or payload_hex, before"),
        ({"before": 5}, "have a list of messages before it, got 5"),
        ({"arrived": "noon"}, "arrive at an ISO 8601 time with zone, got 'noon'"),
        ({"arrived": "2023-06-01T00:00:00"}, "arrive at an ISO 8601 time with zone"),
        (
            {"expect": [{**GOOD["expect"][0], "channel": 1}]},
            "expect a channel in quotation marks, got 1",
        ),
        (
            {"expect": [{**GOOD["expect"][0], "value": "1.5"}]},
            "expect a number as value, got '1.5'",
        ),
        (
            {"expect": [{**GOOD["expect"][0], "time": "1970-01-01T00:00:00"}]},
            "expect an ISO 8601 time with",
        ),
        ({"expect": {"quantity": "voltage_v"}}, "expect readings with quantity, value and time"),
        ({"expect": [5]}, "expect readings with quantity, value and time"),
    ],
)
def test_what_is_no_case(tmp_path: Path, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(InputError, match="a case must") as error:
        run(tmp_path, **changes)
    assert rule in str(error.value)


def test_times_may_stand_without_quotation_marks(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "case.yaml"
    reading = "{quantity: current_a, value: 1.5, time: 1970-01-01T08:00:00+08:00}"
    text = f"""topic: x/d
payload: '{{"t": 0, "i": 1.5}}'
arrived: 2023-06-01T00:00:00Z
expect: [{reading}]
"""
    path.write_text(text, encoding="utf-8")
    assert failures(load_case(path), decoder_of(MINE)) == []


@pytest.mark.parametrize("content", [b"a: [", b"\xff", b"5", b""])
def test_what_is_no_yaml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match="a case must be"):
        load_case(path)
