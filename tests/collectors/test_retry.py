"""Another try for dead letters."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from collectors import retry
from collectors.deadletters import Refused, add_letters, list_letters
from collectors.decode import Decoder
from collectors.decoded import Message, Problem
from collectors.profile import parse_profile
from collectors.retry import retry_letters
from quotawatt.readings import SeriesKey
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.storage.tables import kept_messages
from tests.collectors.scenery import ALWAYS, NOW, Stage, bound, register, stage

MENDED = """\
id: mended
title_zh: 修好的
title_en: Mended
messages:
  - topics: ["gas/{device}"]
    groups:
      - fields:
          - {path: m3, quantity: gas_m3}
"""
KNOWN = ["g0", "g1", "g2", "bad"]


@pytest.fixture
def here(records_url: str, tmp_path: Path) -> Iterator[Stage]:
    decoder = Decoder([parse_profile(MENDED, "mended.yaml")], ZoneInfo("UTC"))
    with stage(tmp_path, decoder, records_url) as made:
        save_register(made.records, register(*map(bound, KNOWN)), "test", NOW)
        yield made


def add(here: Stage, topic: str, payload: bytes, reason: str, payload_bytes: int = 0) -> None:
    message = Message(topic, payload, NOW)
    letter = Refused(message, Problem(reason, reason), payload_bytes or len(payload))
    with here.records.begin() as conn:
        add_letters(conn, [letter], Settings())


def left(here: Stage) -> list[tuple[str, str]]:
    with here.records.connect() as conn:
        return [(letter.topic, letter.reason) for letter in list_letters(conn)]


def run(here: Stage, **chosen: str) -> dict[str, int]:
    steps = list(retry_letters(here.records, here.pipeline, **chosen))
    return steps[-1] if steps else {}


def test_what_a_mended_profile_reads_is_written_and_the_rest_stays(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "PAGE", 2)
    add(here, "gas/g0", b'{"m3": 7.5}', "no_profile")
    add(here, "gas/bad", b"{", "no_profile")
    add(here, "gas/g1", b'{"m3": 7.5}', "no_profile")
    add(here, "gas/g2", b'{"m3": 7.5}', "no_profile")
    assert run(here) == {"tried": 4, "recovered": 3, "cut": 0}
    keys = [SeriesKey(f"g{i}", "", "gas_m3") for i in range(3)]
    table = here.series.read_readings(keys, ALWAYS)
    assert table["value"].to_pylist() == [7.5, 7.5, 7.5]
    assert set(table["arrived"].to_pylist()) == {NOW}
    assert left(here) == [("gas/bad", "not_json")]
    assert here.total("messages_retried") == 4


def test_only_those_of_a_reason(here: Stage) -> None:
    add(here, "gas/g0", b'{"m3": 1}', "no_profile")
    add(here, "gas/g1", b'{"m3": 1}', "bad_time")
    assert run(here, reason="bad_time")["recovered"] == 1
    assert left(here) == [("gas/g0", "no_profile")]


def test_only_those_of_a_profile(here: Stage) -> None:
    add(here, "gas/g0", b'{"m3": 1}', "no_profile")
    add(here, "water/w0", b'{"m3": 1}', "not_json")
    assert run(here, profile="mended") == {"tried": 1, "recovered": 1, "cut": 0}
    assert left(here) == [("water/w0", "not_json")]


def test_one_that_was_cut_is_not_tried(here: Stage) -> None:
    add(here, "gas/g0", b'{"m3": 1}', "too_large", payload_bytes=1_000_000)
    assert run(here) == {"tried": 0, "recovered": 0, "cut": 1}
    assert left(here) == [("gas/g0", "too_large")]


def test_one_of_an_unknown_device_is_kept_for_its_adoption(here: Stage) -> None:
    add(here, "gas/stranger", b'{"m3": 1}', "no_profile")
    assert run(here)["recovered"] == 1
    assert left(here) == []
    assert [row["device"] for row in here.rows(kept_messages)] == ["stranger"]


def test_no_letters_no_steps(here: Stage) -> None:
    assert run(here) == {}
