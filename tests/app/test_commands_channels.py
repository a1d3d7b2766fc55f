"""``alerts channels``, ``outbox`` and ``inbox`` on a home folder."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.clock import system_clock
from quotawatt.errors import InputError, SettingError
from quotawatt.storage.case_tables import inbox_messages
from quotawatt.storage.records import open_records
from tests.alerts.channels.bodies import body
from tests.alerts.channels.platform import Answer, run_platform
from tests.alerts.delivery.post import Recorder, final, put, sender


def run(home: Path, *words: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["alerts", *words, "--home", str(home)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.output


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a message that was given up and one that waits."""
    records = open_records("sqlite", tmp_path)
    now = system_clock()
    put(records, "lost", about=[7], at=now)
    sender(records, hook=Recorder([final()])).deliver(now)
    put(records, "waiting", at=now)
    with records.begin() as conn:
        row = {"key": "k", "account": "somebody", "body": body()}
        conn.execute(insert(inbox_messages).values(created_at=now, **row))
    records.dispose()
    return tmp_path


def _file(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (home / "channels.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("QUOTAWATT_CHANNELS_FILE", str(home / "channels.yaml"))


def test_what_was_given_up_is_shown_and_sent_again(home: Path) -> None:
    shown = run(home, "outbox", "list", "--state", "given_up", "--lang", "en")
    assert "given up · hook · channel:hook" in shown
    assert "cases #7" in shown
    assert "1 tries: a recipient must be known, got none" in shown
    rows = [json.loads(line) for line in run(home, "outbox", "list", "--json").splitlines()]
    assert [row["key"] for row in rows] == ["waiting", "lost"]
    number = str(rows[1]["id"])
    assert "键 lost" in run(home, "outbox", "show", number)
    assert "重新发送 1 条" in run(home, "outbox", "retry", number)
    assert "0 messages" in run(home, "outbox", "retry", "--channel", "hook", "--lang", "en")
    with pytest.raises(InputError, match="either a number or --channel"):
        run(home, "outbox", "retry")


def test_channels_are_checked_listed_and_tried(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t0ken")
    with run_platform(lambda _: Answer({"errcode": 310000, "errmsg": "no t0ken"})) as platform:
        _file(
            home,
            monkeypatch,
            f"channels:\n  ding: {{kind: dingtalk, url: '{platform.url}', token_env: TOKEN}}\n",
        )
        checked = run(home, "channels", "check", "--lang", "en")
        assert "ding · dingtalk · nobody's own" in checked
        failed = run(home, "channels", "test", "ding", status=1)
    assert "未送达。DingTalk must answer errcode 0, it says 310000 (no ***)" in failed
    listed = run(home, "channels", "list", "--lang", "en")
    assert "hook · not set up, messages wait for it" in listed
    assert "inbox · inbox · personal, by account" in listed
    assert "the test message was delivered" in run(home, "channels", "test", "log", "--lang", "en")


def test_a_file_that_is_wrong_or_missing_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="QUOTAWATT_CHANNELS_FILE must name a file"):
        run(home, "channels", "check")
    _file(home, monkeypatch, "channels:\n  ding: {kind: dingtalk, token_env: NOT_SET}\n")
    with pytest.raises(SettingError, match="yaml:2: token_env must name a variable"):
        run(home, "channels", "check")


def test_the_inbox_of_who_asks_is_empty_for_nobody(home: Path) -> None:
    assert "收件箱里没有" in run(home, "inbox", "list")
    assert "0 条标为已读" in run(home, "inbox", "read", "9", "--before")
