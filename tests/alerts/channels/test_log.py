import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.channels.base import Delivery
from alerts.channels.log import LogChannel
from quotawatt.errors import ChannelError
from quotawatt.settings import Language

DELIVERY = Delivery(
    key="k1",
    body={
        "event": "firing",
        "zh": {"title": "告警：甲楼", "text": "超"},
        "en": {"title": "Alert: A", "text": "over"},
    },
    sent_at=datetime(2023, 6, 1, tzinfo=UTC),
)


def test_each_message_is_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    channel = LogChannel(tmp_path / "alerts.log")
    with caplog.at_level(logging.INFO, logger="alerts.channels.log"):
        channel.send(DELIVERY)
        channel.send(DELIVERY)
    lines = (tmp_path / "alerts.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1]) == {
        "key": "k1",
        "sent_at": "2023-06-01T00:00:00+00:00",
        **DELIVERY.body,
    }
    assert "甲楼" in lines[0]
    assert caplog.messages == ["告警：甲楼"] * 2


def test_a_file_that_cannot_be_written_may_be_later(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="alert log must be writable") as caught:
        LogChannel(tmp_path).send(DELIVERY)
    assert caught.value.retryable


@pytest.mark.parametrize(("language", "title"), [("zh", "告警：甲楼"), ("en", "Alert: A")])
def test_a_message_in_both_languages_is_logged_in_that_of_the_settings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, language: Language, title: str
) -> None:
    with caplog.at_level(logging.INFO, logger="alerts.channels.log"):
        LogChannel(tmp_path / "alerts.log", language).send(DELIVERY)
    assert caplog.messages == [title]
