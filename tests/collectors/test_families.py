"""Families of registered devices: all that each was heard by, each written once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.decode import Decoder
from collectors.decoded import Message
from collectors.families import DeviceFamilies, load_families
from collectors.replay import replay_kept
from tests.collectors.scenery import NOW, Stage, bound, reading, register, stage


@pytest.fixture
def here(records_url: str, tmp_path: Path, decoder: Decoder) -> Iterator[Stage]:
    with stage(tmp_path, decoder, records_url) as made:
        yield made


def test_an_adopted_device_is_known_by_all_families_that_were_kept_of_it(here: Stage) -> None:
    tasmota = Message("tele/new/SENSOR", b'{"ENERGY": {"Total": 4.5}}', NOW)
    for _ in range(2):
        here.pipeline.process([tasmota, reading("new", 0)])
    assert load_families(here.records) == {}
    list(replay_kept(here.records, here.pipeline, register(bound("new"))))
    assert load_families(here.records) == {"new": {"native", "tasmota"}}


def test_only_what_is_not_noted_is_news() -> None:
    families = DeviceFamilies()
    families.written({("m", "native")})
    assert families.news({("m", "native"), ("m", "tasmota")}) == {("m", "tasmota")}
