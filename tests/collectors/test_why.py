"""Why a payload becomes what it becomes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.decode import Decoder
from collectors.why import why
from collectors.whypaths import leaves, located
from collectors.whytexts import words
from tests.collectors.written import ARRIVED, decoder_of

MINE = """
- topics: ["x/{device}"]
  shape: [{path: kind, in: [other]}]
- topics: ["x/{device}"]
  shape: [{path: kind, present: true}]
  require: [{path: state, in: [ok]}]
  time: {path: t, format: epoch_s}
  groups:
    - at: "ph[]"
      channel: "{no}"
      fields:
        - {path: u, quantity: voltage_v, unit: mV}
        - {path: p, quantity: electricity_power_kw, scale: 0.001, invalid: [9]}
        - {path: serial}
"""
PHASES = [{"no": 1, "u": 230000, "p": 9, "serial": "x", "new": 5}, {"no": 2, "u": "high"}]
PAYLOAD = {"kind": "meter", "state": "ok", "t": 60, "ph": PHASES}


def steps(payload: object = PAYLOAD, topic: str = "x/dev") -> list[dict[str, Any]]:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return why(decoder_of(MINE), topic, content, ARRIVED)


def test_every_step_is_said() -> None:
    found = {step["step"]: step for step in steps() if step["step"] != "field"}
    assert found["skipped"] == {
        "step": "skipped", "profile": "mine", "message": 1, "rule": "kind in: ['other']"
    }  # fmt: skip
    assert (found["taken"]["profile"], found["taken"]["message"]) == ("mine", 2)
    assert (found["device"]["value"], found["device"]["source"]) == ("dev", "topic")
    assert (found["time"]["value"], found["time"]["raw"]) == ("1970-01-01T00:01:00Z", "60")
    assert found["known"]["path"] == "ph.0.serial"
    assert found["unread"] == {
        "step": "unread",
        "paths": ["ph.0.new"],
        "more": 0,
    }


def test_every_field_is_said_with_what_becomes_of_it() -> None:
    fields = [step for step in steps() if step["step"] == "field"]
    assert [(f["path"], f["raw"], f["quantity"], f["by"]) for f in fields] == [
        ("ph.0.u", "230000", "voltage_v", "mV"),
        ("ph.0.p", "9", "electricity_power_kw", "x * 0.001"),
        ("ph.1.u", "'high'", "voltage_v", "mV"),
    ]
    assert (fields[0]["value"], fields[0]["channel"]) == (230.0, "1")
    assert fields[1]["value"] is None
    assert fields[2]["problem"] == "voltage_v: a value must be a number, got 'high'"


@pytest.mark.parametrize(
    ("payload", "topic", "step", "says"),
    [
        (b"", "x/dev", "ignored", "empty"),
        ({"kind": "other"}, "x/dev", "ignored", "no_groups"),
        ({**PAYLOAD, "state": "off"}, "x/dev", "ignored", "state in: ['ok']"),
        ({**PAYLOAD, "t": "noon"}, "x/dev", "refused", "bad_time"),
        ({}, "x/dev", "refused", "no_profile"),
        (b"{", "x/dev", "refused", "not_json"),
        (PAYLOAD, "y", "refused", "no_profile"),
    ],
)
def test_where_it_ends(payload: object, topic: str, step: str, says: str) -> None:
    last = steps(payload, topic)[-1]
    assert last["step"] == step
    assert says in (last.get("rule"), last.get("reason"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_has_words(language: str) -> None:
    for payload in (PAYLOAD, b"", b"{", {"kind": "other"}):
        said = steps(payload)
        assert len(words(said, language)) == len(said)
    text = "\n".join(words(steps(), language))
    assert "ph.0.u = 230000" in text
    assert "voltage_v 230" in text
    assert ("没有字段读取" if language == "zh" else "no field reads") in text


def test_native_messages_are_explained_too(decoder: Decoder) -> None:
    found = why(decoder, "quotawatt/d/readings", b'{"values": {"water_m3": 1}}', ARRIVED)
    assert [step["step"] for step in found] == ["taken", "device"]


def test_explaining_changes_nothing() -> None:
    decoder = decoder_of(
        "- topics: ['x/{device}']\n  announces: {each: '*', key: '{1}', name: '{1}', unit: ''}\n"
    )
    why(decoder, "x/d", b'{"a": "W"}', ARRIVED)
    assert decoder.announced.take_changes() == []


def test_paths_of_places_and_leaves() -> None:
    assert located(("a", "b[][]", "em{channel}", "*"), ("1", "2", "em0", "k")) == (
        "a",
        "b",
        "1",
        "2",
        "em0",
        "k",
    )
    assert list(leaves({"a": [1, {"b": None}], "c": {}})) == [("a", "0"), ("a", "1", "b"), ("c",)]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_explained(document: object) -> None:
    said = steps(document)
    assert said
    assert len(words(said, "zh")) == len(said)


def test_what_a_frame_and_its_parts_are_read_from_is_said() -> None:
    decoder = decoder_of("""
- topics: ["m/{device}"]
  device: "{who}"
  frame: {path: raw, encoding: hex, decoders: [modbus_rtu]}
  require: [{path: ok, in: [true]}]
  groups:
    - at: frame.modbus_rtu
      channel: "{unit}"
      fields:
        - {path: registers, quantity: voltage_v, words: {at: 0, type: u16}, scale: 0.1}
        - {path: function, quantity: switch_on, bit: 0}
""")
    payload = {"who": "d", "ok": True, "raw": "01030208FD7E05", "new": 1}
    found = why(decoder, "m/d", json.dumps(payload).encode(), ARRIVED)
    said = [step["by"] for step in found if step["step"] == "field"]
    assert said == ["u16 0 big, x * 0.1", "bit 0"]
    assert found[-1]["paths"] == ["new"]


def test_kinds_that_any_topic_may_have_are_counted_where_they_begin_otherwise() -> None:
    decoder = decoder_of("""
- {topics: ["#"], shape: [{path: a, present: true}]}
- {topics: ["#"], shape: [{path: b, present: true}, {path: c, present: true}]}
- {topics: ["x/{device}"], shape: [{path: d, present: true}]}
""")
    found = why(decoder, "x/d", b'{"b": 1}', ARRIVED)
    assert [(step["step"], step.get("rule", step.get("count"))) for step in found[:3]] == [
        ("skipped", "d present: True"),
        ("skipped", "c present: True"),
        ("shapes", 1),
    ]
    assert [line[:5] for line in words(found, "en")] == ["not m", "not m", "not: ", "refus"]
