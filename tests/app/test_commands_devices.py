"""``devices`` and ``deadletters`` over a home folder, without and with a system served on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.ports import free_port
from collectors.decoded import Message
from collectors.making import make_pipeline
from quotawatt.app.main import app
from quotawatt.app.server import ApiServer
from quotawatt.app.system import System, open_system
from quotawatt.app.token import with_token
from quotawatt.clock import system_clock
from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.readings import SeriesKey
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from tests.collectors.scenery import bound, register

NOW = datetime(2023, 7, 1, 12, tzinfo=UTC)
SPAN = Span(NOW - timedelta(days=1), NOW + timedelta(days=1))


@contextmanager
def opened(home: Path) -> Iterator[System]:
    system = open_system(Settings(home=home), system_clock)
    yield system
    system.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a stranger who sent three readings, and one message that nobody understands."""
    home = tmp_path / "home"
    with opened(home) as system:
        save_register(system.records, register(), "test", NOW)
        settings, stores = system.settings, (system.series, system.records)
        pipeline = make_pipeline(settings, *stores, system.register)
        pipeline.process([*(sent(minute) for minute in range(3)), poison()])
    return home


def sent(minute: int, channel: str = "") -> Message:
    at = NOW + timedelta(minutes=minute)
    body = {"time": at.isoformat(), "channel": channel, "values": {"water_m3": minute}}
    return Message("quotawatt/stranger/readings", json.dumps(body).encode(), at)


def poison() -> Message:
    return Message("quotawatt/stranger/readings", b"not json", NOW)


def run(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    assert result.exception is None, result.output
    return result.output


def rows(home: Path, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(home, *arguments, "--json").splitlines()]


def failure(home: Path, *arguments: str) -> BaseException | None:
    return CliRunner().invoke(app, [*arguments, "--home", str(home)]).exception


def stored(home: Path) -> list[float]:
    with opened(home) as system:
        table = system.series.read_readings([SeriesKey("stranger", "", "water_m3")], SPAN)
    values: list[float] = table["value"].to_pylist()
    return values


def test_strangers_are_listed_and_shown_in_both_languages(home: Path) -> None:
    (row,) = rows(home, "devices", "list")
    assert (row["device"], row["messages"], row["kept"]) == ("stranger", 3, 3)
    assert "未登记设备与通道 1 个" in run(home, "devices", "list", "--lang", "zh")
    shown = run(home, "devices", "show", "stranger", "--lang", "en")
    for words in ("stranger (native)", "3 messages", "water_m3", "quotawatt/stranger/readings"):
        assert words in shown
    assert rows(home, "devices", "show", "stranger") == [row]


def test_adopting_takes_in_what_was_kept_where_nothing_is_served(home: Path) -> None:
    out = run(home, "devices", "adopt", "stranger", "--asset", "MTR-1", "--lang", "en")
    assert "is bound to MTR-1 from 2023-07-01 20:00 (Asia/Shanghai)" in out
    assert "3 kept messages taken in: 3 readings, 0 refused." in out
    assert "stranger,MTR-1,2023-07-01T12:00:00+00:00," in out
    assert stored(home) == [0, 1, 2]
    assert rows(home, "devices", "list") == []


def test_mistakes_are_named(home: Path) -> None:
    adopt = "devices", "adopt", "stranger", "--asset"
    assert "must be a code of" in str(failure(home, *adopt, "NOBODY"))
    assert "must be above 0" in str(failure(home, *adopt, "MTR-1", "--multiplier", "-1"))
    assert "time zone" in str(failure(home, *adopt, "MTR-1", "--from", "2023-01-01T00:00:00"))
    for number in ("nan", "inf"):
        error = failure(home, *adopt, "MTR-1", "--multiplier", number)
        assert isinstance(error, InputError)
        assert "a number must be finite" in str(error)
    for command in ("show", "forget"):
        assert isinstance(failure(home, "devices", command, "nobody"), NotFoundError)
    assert stored(home) == []


def test_of_several_channels_one_must_be_named(home: Path) -> None:
    with opened(home) as system:
        pipeline = make_pipeline(system.settings, system.series, system.records, system.register)
        run(home, "devices", "forget", "stranger")
        pipeline.process([sent(0, "L1"), sent(1, "L2")])
    error = failure(home, "devices", "adopt", "stranger", "--asset", "MTR-1")
    assert isinstance(error, InputError)
    assert not isinstance(error, RegisterError)
    assert str(error) == "--channel must be one of L1, L2, got none"
    (done,) = rows(home, "devices", "adopt", "stranger", "--asset", "MTR-1", "--channel", "L2")
    assert done["replay"] == {"replayed": 2, "readings": 2, "refused": 0}
    (left,) = rows(home, "devices", "list")
    assert [offer["channel"] for offer in left["offers"]] == ["L1"]


def test_a_meter_is_not_fed_twice_unasked(home: Path) -> None:
    with opened(home) as system:
        save_register(system.records, register(bound("old")), "test", NOW)
    adopt = "devices", "adopt", "stranger", "--asset", "MTR-1", "--lang", "en"
    error = failure(home, *adopt)
    assert isinstance(error, StateError)
    assert "MTR-1 is fed by old since 2020-01-01 08:00 (Asia/Shanghai)" in str(error)
    assert "at most, got both" in str(failure(home, *adopt, "--replace", "--also"))
    out = run(home, *adopt, "--replace")
    assert "old feeds MTR-1 no more from 2023-07-01 20:00 (Asia/Shanghai)." in out
    (row,) = (line for line in out.splitlines() if line.startswith("old,"))
    assert "2023-07-01T12:00:00+00:00" in row


def test_an_import_names_what_it_keeps_and_what_it_removes(home: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "folder")
    run(home, "register", "export", folder)
    run(home, "devices", "adopt", "stranger", "--asset", "MTR-1")
    again = "register", "import", folder
    named = "stranger -> MTR-1 (2023-07-01 20:00 – Asia/Shanghai)"
    out = run(home, *again, "--lang", "en")
    assert f"kept: adopted {named}; export the register or pass --prune" in out
    assert f"已保留：接入的绑定 {named}" in run(home, *again, "--lang", "zh")
    assert f"removed {named}" in run(home, *again, "--prune", "--lang", "en")
    assert "没有差异" in run(home, *again, "--prune")


def test_after_another_adoption_the_history_is_seen_again(home: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "folder")
    run(home, "register", "export", folder)
    run(home, "devices", "adopt", "stranger", "--asset", "MTR-1")
    run(home, "register", "import", folder, "--prune")
    with opened(home) as system:
        pipeline = make_pipeline(system.settings, system.series, system.records, system.register)
        pipeline.process([sent(60)])
    (done,) = rows(home, "devices", "adopt", "stranger", "--asset", "MTR-2")
    assert done["bindings"][0]["valid_from"] == "2023-07-01T12:00:00Z"


def test_messages_of_no_known_family_are_said(home: Path) -> None:
    assert "no known family" not in run(home, "devices", "list", "--lang", "en")
    with opened(home) as system:
        pipeline = make_pipeline(system.settings, system.series, system.records, system.register)
        pipeline.process([Message("plant/boiler", b'{"heat": 1}', NOW)])
    out = run(home, "devices", "list", "--lang", "en")
    assert "1 messages of no known family, e.g. topic plant/boiler: quotawatt deadletters" in out
    assert "例如主题 plant/boiler" in run(home, "devices", "list", "--lang", "zh")


def test_dead_letters_are_shown_and_tried_again(home: Path) -> None:
    (row,) = rows(home, "deadletters", "list")
    (letter,) = [json.loads(run(home, "deadletters", "show", str(row["id"])))]
    assert (letter["payload"], letter["reason"], letter["cut"]) == ("not json", "not_json", False)
    assert rows(home, "deadletters", "list", "--reason", "too_large") == []
    said = run(home, "deadletters", "retry", "--reason", "not_json", "--lang", "en")
    assert said.startswith("1 dead letters tried, 0 recovered")
    assert "已重试死信 0 条" in run(home, "deadletters", "retry", "--profile", "x", "--lang", "zh")


def test_while_served_the_collector_does_it(home: Path) -> None:
    settings = with_token(
        Settings(home=home, api_port=free_port(), mqtt_port=free_port(), batch_age_s=0.05)
    )
    system = open_system(settings, system_clock)
    collector = system.collector()  # its broker is away, which is no matter here
    server = ApiServer(system.app(lambda: {}), settings)
    server.start()
    collector.start()
    try:
        out = run(home, "devices", "adopt", "stranger", "--asset", "MTR-1", "--lang", "en")
        assert "3 kept messages taken in" in out
        assert run(home, "deadletters", "retry", "--lang", "en").startswith("1 dead letters tried")
        table = system.series.read_readings([SeriesKey("stranger", "", "water_m3")], SPAN)
        assert table["value"].to_pylist() == [0, 1, 2]
    finally:
        collector.stop()
        server.stop()
        system.close()


def test_all_that_are_seen_are_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(home) as system:
        pipeline = make_pipeline(system.settings, system.series, system.records, system.register)
        other = [sent(n)._replace(topic=f"quotawatt/other-{n}/readings") for n in range(4)]
        pipeline.process(other)
    monkeypatch.setattr("quotawatt.app.commands_devices._PAGE", 2)
    assert len({row["device"] for row in rows(home, "devices", "list")}) == 5


def test_a_job_that_no_collector_takes_up_is_not_waited_for_for_ever(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotawatt.app.joblink.TAKEN_UP_WITHIN_S", 0.0)
    settings = with_token(Settings(home=home, api_port=free_port()))
    system = open_system(settings, system_clock)
    server = ApiServer(system.app(lambda: {}), settings)
    server.start()
    try:
        error = failure(home, "deadletters", "retry")
        assert isinstance(error, StateError)
        assert "a collector must take up a job" in str(error)
    finally:
        server.stop()
        system.close()
