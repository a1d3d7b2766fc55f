"""Loading of profiles: every mistake at once, with file and line."""

from pathlib import Path

import pytest

from collectors.profile import load_profiles, parse_profile
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
    assert [p.id for p in load_profiles()] == ["native", "shelly_gen2", "tasmota"]


def test_a_good_profile() -> None:
    profile = parse_profile(GOOD, "good.yaml")
    assert profile.messages[0].groups[0].fields[0].scale == 1


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
          - {path: p, quantity: voltage_v, unit: mV}
""")
    places = [problem.split(":")[1].split()[0] for problem in found]
    assert places == ["1", "4", "5", "8", "9", "10"]
    assert "title_en" in found[0]
    assert found[3].endswith("got 'volts'")
    assert "scale" in found[4]
    assert "unit" in found[5]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("id: [", 1, "YAML"),
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


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must hold"):
        load_profiles(tmp_path)
