"""Against a real HTTP server on this machine."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.http import Place, retry_after
from alerts.channels.webhook import WebhookChannel, checked_url
from quotawatt.errors import ChannelError, SettingError
from tests.alerts.channels.platform import Answer, make_authority, run_platform
from tests.alerts.receiver import run_receiver

DELIVERY = Delivery(
    key="quota-exhausted:楼 1/area/2023:2023-06-01T00:00:00+00:00:firing:webhook",
    body={"event": "firing", "zh": {"title": "告警"}, "en": {"title": "Alert"}},
    sent_at=datetime(2023, 6, 1, tzinfo=UTC),
)


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:  # bound but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_the_message_arrives_as_json_with_key_and_signature() -> None:
    with run_receiver() as receiver:
        WebhookChannel(Place(receiver.url), SecretStr("s3cret")).send(DELIVERY)
    (request,) = receiver.requests
    assert json.loads(request.body) == DELIVERY.body
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == (
        "quota-exhausted:%E6%A5%BC%201/area/2023:2023-06-01T00:00:00+00:00:firing:webhook"
    )
    assert request.headers["x-quotawatt-timestamp"] == "1685577600"
    expected = hmac.new(b"s3cret", b"1685577600." + request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-quotawatt-signature"] == f"sha256={expected}"


def test_without_a_secret_nothing_is_signed() -> None:
    with run_receiver() as receiver:
        WebhookChannel(Place(receiver.url)).send(DELIVERY)
    assert "x-quotawatt-signature" not in receiver.requests[0].headers


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        (500, True),
        (503, True),
        (408, True),
        (429, True),
        (302, True),
        (400, False),
        (404, False),
        (401, True),
        (403, True),
    ],
)
def test_what_is_refused_and_what_may_pass(status: int, retryable: bool) -> None:
    with run_receiver(status) as receiver, pytest.raises(ChannelError, match=str(status)) as caught:
        WebhookChannel(Place(receiver.url)).send(DELIVERY)
    assert caught.value.retryable is retryable
    assert len(receiver.requests) == 1


def test_a_receiver_that_is_away_may_come_back(closed_port: int) -> None:
    channel = WebhookChannel(Place(f"http://user:hidden@127.0.0.1:{closed_port}/secret-path"))
    with pytest.raises(ChannelError, match=r"127\.0\.0\.1") as caught:
        channel.send(DELIVERY)
    assert caught.value.retryable
    assert "hidden" not in str(caught.value)
    assert "secret-path" not in str(caught.value)


def test_a_receiver_that_never_answers_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = Place(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        channel = WebhookChannel(place, timeout_s=0.1)
        with pytest.raises(ChannelError, match="Timeout") as caught:
            channel.send(DELIVERY)
    assert caught.value.retryable


@pytest.mark.parametrize("url", ["", "ftp://x/y", "example.org/hook", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="QUOTAWATT_WEBHOOK_URL must be an http"):
        checked_url(url, "setting QUOTAWATT_WEBHOOK_URL")


def test_while_a_secret_is_changed_both_sign() -> None:
    with run_receiver() as receiver:
        WebhookChannel(Place(receiver.url), SecretStr("new"), SecretStr("old")).send(DELIVERY)
    (request,) = receiver.requests
    for name, secret in (("", b"new"), ("-previous", b"old")):
        expected = hmac.new(secret, b"1685577600." + request.body, hashlib.sha256).hexdigest()
        assert request.headers[f"x-quotawatt-signature{name}"] == f"sha256={expected}"


def test_a_receiver_may_say_when_to_come_back() -> None:
    slow_down = Answer(status=429, headers={"Retry-After": "120"})
    with run_platform(lambda _: slow_down) as platform, pytest.raises(ChannelError) as caught:
        WebhookChannel(Place(platform.url)).send(DELIVERY)
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
    assert caught.value.retry_after_s == 120


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        ("99999999", 86_400),
        ("Thu, 01 Jun 2023 00:01:00 GMT", 60),
        ("Wed, 31 May 2023 00:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, DELIVERY.sent_at) == seconds


def test_a_receiver_that_closes_the_connection_may_come_back() -> None:
    with (
        run_platform(lambda _: Answer(hangs_up=True)) as platform,
        pytest.raises(ChannelError, match="RemoteProtocolError") as caught,
    ):
        WebhookChannel(Place(platform.url)).send(DELIVERY)
    assert caught.value.retryable


def test_a_redirect_is_not_followed() -> None:
    elsewhere = Answer(status=307, headers={"Location": "http://127.0.0.1:9/"})
    with run_platform(lambda _: elsewhere) as platform, pytest.raises(ChannelError, match="307"):
        WebhookChannel(Place(platform.url)).send(DELIVERY)
    assert len(platform.asked) == 1


def test_no_proxy_of_the_environment_gets_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with run_receiver() as receiver:
        WebhookChannel(Place(receiver.url)).send(DELIVERY)
    assert len(receiver.requests) == 1


def test_a_receiver_is_known_by_a_ca_of_ones_own(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    with run_platform(lambda _: Answer(), authority.server) as platform:
        WebhookChannel(Place(platform.url, authority.ca_file)).send(DELIVERY)
        with pytest.raises(ChannelError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            WebhookChannel(Place(platform.url)).send(DELIVERY)
    assert caught.value.retryable
    assert len(platform.asked) == 1
