"""Loading of profiles: every mistake at once, with file and line."""

from pathlib import Path
from typing import get_args

import pytest

from collectors.frames import FRAME_DECODERS
from collectors.profile import load_all_profiles, load_profiles, parse_profile
from collectors.specs import DecoderName
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
        ("id: bad\nid: again\n", 2, "occur once"),
        ("id: bad\non: 1\n", 2, "text"),
        ("\t", 1, "YAML"),
        ("", 1, "valid dictionary"),
        ("- 1\n", 1, "valid dictionary"),
        (GOOD, 1, "file's name"),
        (ZONED, 6, "zone"),
    ],
)  # fmt: skip
def test_single_mistakes(text: str, line: int, word: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(f"bad.yaml:{line} ")
    assert word in problem


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


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must hold"):
        load_profiles(tmp_path)


def test_profiles_may_name_every_frame_decoder_and_no_other() -> None:
    assert set(get_args(DecoderName)) == set(FRAME_DECODERS)
