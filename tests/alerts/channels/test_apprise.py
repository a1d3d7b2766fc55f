"""Against a receiver of Apprise's own plain JSON service."""

import logging

import pytest
from pydantic import SecretStr

from alerts.channels.apprise import AppriseChannel
from quotawatt.errors import ChannelError, SettingError
from tests.alerts.channels.bodies import delivery
from tests.alerts.channels.platform import Answer, run_platform

pytestmark = pytest.mark.filterwarnings(
    "ignore:'imghdr' is deprecated"
)  # by Apprise on 3.11 and 3.12


def _url(url: str) -> SecretStr:
    return SecretStr(url.replace("http://", "json://u:s3cret@"))


def test_a_service_of_apprise_gets_title_and_text() -> None:
    with run_platform(lambda _: Answer()) as platform:
        AppriseChannel(_url(platform.url)).send(delivery())
    (asked,) = platform.asked
    assert asked.json["title"] == "［告警］主楼用电超定额"
    assert "用量：104 kgce" in asked.json["message"]
    assert "https://quotawatt.example.org/cases/7" in asked.json["message"]


def test_a_service_that_refuses_may_be_tried_again_and_no_secret_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        run_platform(lambda _: Answer(status=500)) as platform,
        pytest.raises(ChannelError, match="a service of apprise must take") as caught,
    ):
        AppriseChannel(_url(platform.url)).send(delivery())
    assert caught.value.retryable
    assert "s3cret" not in caplog.text + str(caught.value)


def test_an_address_that_apprise_does_not_know_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingError, match="got scheme 'bogus'") as caught:
        AppriseChannel(SecretStr("bogus://s3cret@host"))
    assert "s3cret" not in str(caught.value)
