"""Loading of profiles: every mistake at once, with file and line."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from collectors.frames import FRAME_DECODERS
from collectors.profile import PROFILES, load_all_profiles, load_profiles, parse_profile
from collectors.profileschema import profile_schema
from collectors.specs import DecoderName
from collectors.units import unit
from quotawatt.errors import InputError

GOOD = """\
id: good
title_zh: 好
title_en: Good
messages:
  - topics: ["x/{device}"]
    groups:
      - fields:
          - {path: p, quantity: electricity_power_kw}
"""
ZONE = "time: {format: local, zone: Mars/X}"
ZONED = GOOD.replace("good", "bad").replace("groups", f"{ZONE}\n    groups")


def problems(text: str, file: str = "bad.yaml") -> list[str]:
    with pytest.raises(InputError) as error:
        parse_profile(text, file)
    return str(error.value).splitlines()


def test_the_shipped_profiles_load() -> None:
    ids = [profile.id for profile in load_profiles()]
    assert ids == sorted(set(ids))
    assert {"native", "shelly_gen2", "tasmota", "sparkplug_b", "gbt32960"} <= set(ids)


def test_a_good_profile() -> None:
    profile = parse_profile(GOOD, "good.yaml")
    field = profile.messages[0].groups[0].fields[0]
    assert (field.path, field.quantity) == (("p",), "electricity_power_kw")


def test_all_mistakes_at_once_with_their_lines() -> None:
    found = problems("""\
id: bad
title_zh: 坏
messages:
  - topics: ["a/{room}"]
    time: {format: sundial}
    groups:
      - fields:
          - {path: p, quantity: volts}
          - {path: p, quantity: voltage_v, scale: 0}
          - {path: p, quantity: voltage_v, unit: florps}
          - {path: a..b, quantity: voltage_v, unity: V}
""")
    places = [problem.split(":")[1].split()[0] for problem in found]
    assert places == ["1", "4", "5", "8", "9", "10", "11", "11"]
    assert "title_en" in found[0]
    assert found[3].endswith("got 'volts'")
    assert "scale" in found[4]
    assert found[5].endswith("a unit must be one of collectors/units.py, got 'florps'")


def message(text: str) -> str:
    """A profile with these lines in its message; they begin in line 6."""
    head = GOOD.replace("good", "bad").partition("    groups")[0]
    return head + "".join(f"    {line}\n" for line in text.splitlines())


GROUPS = "groups:\n  - fields:\n      - {path: p, quantity: voltage_v}"


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("csv: {separator: ;}\n" + GROUPS, 5, "csv must stand with format: csv, not json"),
        ("format: binary\n" + GROUPS, 5, "format: binary must stand with a frame"),
        ("format: csv\nframe: {decoders: [jt808]}\n" + GROUPS, 5, "a frame must stand with"),
        (
            "format: plain\nframe: {path: d, decoders: [jt808]}\n" + GROUPS,
            5,
            "a frame has a path in JSON",
        ),
        ("frame: {decoders: [jt809]}\n" + GROUPS, 6, "got 'jt809'"),
        ("format: any\n" + GROUPS, 5, "a message of format any must have no groups"),
        ("otherwise: refuse", 5, "otherwise: refuse must stand with groups"),
        ("shape: [{path: a}]", 6, "a condition must have exactly one of"),
        ("shape: [{path: a, in: [x], present: true}]", 6, "a condition must have exactly one of"),
        ("shape: [{path: a, at_least: 1, is: 1}]", 6, "is must stand with bit"),
        ("shape: [{starts: 2x}]", 6, "in hex"),
        ("shape: [{path: a, starts: '2323'}]", 6, "must have no path"),
        ("shape: [{path: 'a[]', present: true}]", 6, "path must have plain keys"),
        ("format: plain\nshape: [{path: a, present: true}]", 5, "must stand with format: json"),
        ("device: '{a'", 6, "a template must have a path in each pair of braces"),
        ("time: {path: t}", 6, "a time with a path must have a format"),
        ("time: {path: t, format: pattern}", 6, "format: pattern must stand with a pattern"),
        ("time: {path: t, format: pattern, pattern: '%H:%M'}", 6, "holds a whole date"),
        ("time: {path: t, format: iso, zone: Asia/Shanghai}", 6, "a zone must stand with"),
        (
            "groups:\n  - at: 'x{channel}{channel}'\n    fields: [{path: p}]",
            7,
            "at most one {channel}",
        ),
        ("groups:\n  - when: [{starts: '23'}]\n    fields: [{path: p}]", 7, "must have a path"),
        (
            "groups:\n  - fields:\n      - {path: p, quantity: voltage_v, unit: A}",
            8,
            "what voltage_v measures",
        ),
        (
            "groups:\n  - fields:\n      - {path: p, quantity: voltage_v, unit_given: true}",
            7,
            "must stand with",
        ),
        ("announces: {each: '*.a[]', key: '{2}', name: '{3}'}", 6, "each has 2 wildcards"),
        ("time: {format: iso}", 6, "a time with a format must have a path"),
        ("groups:\n  - fields: [{path: p, offset: 3}]", 7, "must have a path, and nothing else"),
        ("groups:\n  - fields: [{}]", 7, "must have a path, and nothing else"),
        (
            "groups:\n  - fields: [{path: p, quantity: voltage_v, valid: {min: 5, max: 1}}]",
            7,
            "min must be at most max, not 5 above 1",
        ),
        (
            "groups:\n  - fields: [{path: p, quantity: voltage_v, valid: {}}]",
            7,
            "valid must have a min or a max",
        ),
        (
            "groups:\n  - named: {name: n, value: v, alias: a}\n    fields: [{path: p}]",
            7,
            "named.alias must",
        ),
        (
            "groups:\n  - named: {name: n, value: v}\n    fields: [{quantity: voltage_v}]",
            7,
            "must have a path",
        ),
    ],
)
def test_parts_that_do_not_go_together(text: str, line: int, rule: str) -> None:
    (problem,) = problems(message(text))
    assert problem.startswith(f"bad.yaml:{line} messages.0")
    assert rule in problem


def test_the_topic_of_all_needs_a_shape() -> None:
    (problem,) = problems(message(GROUPS).replace("x/{device}", "#"))
    assert "the topic # must stand with a shape" in problem


def test_a_mistake_under_an_anchor_is_said_once() -> None:
    twice = "groups: &g\n  - fields: [{path: p, quantity: volts}]\n"
    text = message(twice) + '  - topics: ["y/{device}"]\n    groups: *g\n'
    assert [problem.split()[0] for problem in problems(text)] == ["bad.yaml:7"]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("id: }", 1, "YAML"),
        ("\t", 1, "YAML"),
        ("", 1, "must be an object"),
        ("- 1\n", 1, "must be an object"),
        (GOOD, 1, "file's name"),
        (ZONED, 6, "zone"),
    ],
)  # fmt: skip
def test_single_mistakes(text: str, line: int, word: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(f"bad.yaml:{line} ")
    assert word in problem


def test_a_key_occurs_once() -> None:
    text = GOOD.replace("good", "bad").replace("title_zh: 好", "title_en: Again")
    assert problems(text) == [
        "bad.yaml:1 title_zh: must be given",
        "bad.yaml:3 a key must occur once, got 'title_en' again",
    ]


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        (
            "map: {ON: 1, 'x': 2}",
            "the key ON must stand in quotation marks, for YAML reads it as True",
        ),
        ("map: {1: 0, 'x': 2}", "the key 1 must stand in quotation marks, for YAML reads it as 1"),
        ("invalid: [Off]", "Off must stand in quotation marks, for YAML reads it as False"),
        ("map: {[a]: 0, 'x': 2}", "a key must be a text, got a list or an object"),
    ],
)
def test_what_yaml_reads_as_something_else_must_be_quoted(field: str, rule: str) -> None:
    text = GOOD.replace("good", "bad").replace("electricity_power_kw", f"switch_on, {field}")
    assert problems(text) == [f"bad.yaml:8 {rule}"]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in pairwise("abcdef")),
        "id: &a [*a]\n",
        "id: " + "[" * 60 + "]" * 60 + "\n",
    ],
)  # fmt: skip
def test_anchors_that_stand_for_too_much_are_refused(text: str) -> None:
    (problem,) = problems(text)
    assert "must be YAML: at most 100000 values" in problem


def test_a_time_that_there_is_none_of() -> None:
    (problem,) = problems("title_en: x\nid: 2023-02-30\n")
    assert problem == "bad.yaml:2 a profile must be YAML: day is out of range for month"


def test_a_profile_is_a_file_with_the_ending_yaml(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "more.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match=r"^more\.yml:1 a profile must be in a file \*\.yaml"):
        load_profiles(tmp_path)


def test_a_message_that_is_never_reached_is_a_mistake() -> None:
    text = message(GROUPS) + '  - topics: ["x/{device}"]\n'
    assert problems(text) == [
        "bad.yaml:9 messages.1: a message must come before one that takes all of its topics"
    ]


def test_a_folder_reports_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "one.yaml").write_text("id: one\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_bytes(b"\xff")
    with pytest.raises(InputError) as error:
        load_profiles(tmp_path)
    assert "one.yaml:1" in str(error.value)
    assert "two.yaml:1" in str(error.value)


def test_profiles_of_ones_own_go_before_the_others_and_replace_them(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "tasmota.yaml").write_text(GOOD.replace("good", "tasmota"), encoding="utf-8")
    found = load_all_profiles([tmp_path])
    assert [profile.id for profile in found[:2]] == ["good", "tasmota"]
    assert found[1].title_en == "Good"
    assert {p.id for p in found} == {"good"} | {p.id for p in load_profiles()}


def test_mistakes_of_all_folders_are_reported(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.yaml").write_text("id: x\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_all_profiles([tmp_path / "one", tmp_path / "two"])
    assert "one.yaml:1" in str(error.value)
    assert "two.yaml:1" in str(error.value)


def test_a_key_captures_one_channel_only() -> None:
    (problem,) = problems(message("groups: [{at: '{channel}-{channel}', fields: [{path: p}]}]"))
    assert "at must have at most one {channel} in a key" in problem


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must hold"):
        load_profiles(tmp_path)


def test_profiles_may_name_every_frame_decoder_and_no_other() -> None:
    assert set(get_args(DecoderName)) == set(FRAME_DECODERS)


def test_the_readme_names_every_option_and_decoder() -> None:
    readme = (PROFILES / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```.+?```", readme, re.DOTALL)
    code += re.findall(r"`[^`]+`", re.sub(r"```.+?```", "", readme, flags=re.DOTALL))
    named = set(re.findall(r"\w+", " ".join(code)))
    schema = json.loads(profile_schema())
    parts = {name: part["properties"] for name, part in schema["$defs"].items()}
    missing = {(name, option) for name, options in parts.items() for option in options}
    missing = {(name, option) for name, option in missing if option not in named}
    assert missing == set()
    assert set(FRAME_DECODERS) <= named


def test_the_readme_names_units_that_there_are() -> None:
    readme = (PROFILES / "README.md").read_text(encoding="utf-8")
    line = readme.partition("Units · 单位: ")[2].partition("; all of them")[0]
    names = re.findall(r"`([^`]+)`", line)
    assert len(names) > 50
    assert [name for name in names if unit(name) is None] == []
