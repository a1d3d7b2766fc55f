"""Against a real HTTP server on this machine."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.webhook import WebhookChannel
from quotawatt.errors import ChannelError, SettingError
from tests.alerts.receiver import run_receiver

DELIVERY = Delivery(
    key="quota-exhausted:楼 1/area/2023:2023-06-01T00:00:00+00:00:firing:webhook",
    body={"event": "firing", "zh": {"title": "告警"}, "en": {"title": "Alert"}},
    sent_at=datetime(2023, 6, 1, tzinfo=UTC),
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:  # bound but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_the_message_arrives_as_json_with_key_and_signature() -> None:
    with run_receiver() as receiver:
        WebhookChannel(receiver.url, SecretStr("s3cret")).send(DELIVERY)
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
        WebhookChannel(receiver.url).send(DELIVERY)
    assert "x-quotawatt-signature" not in receiver.requests[0].headers


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(500, True), (503, True), (408, True), (429, True), (302, True), (400, False), (404, False)],
)
def test_what_is_refused_and_what_may_pass(status: int, retryable: bool) -> None:
    with run_receiver(status) as receiver, pytest.raises(ChannelError, match=str(status)) as caught:
        WebhookChannel(receiver.url).send(DELIVERY)
    assert caught.value.retryable is retryable
    assert len(receiver.requests) == 1


def test_a_receiver_that_is_away_may_come_back(closed_port: int) -> None:
    channel = WebhookChannel(f"http://user:hidden@127.0.0.1:{closed_port}/secret-path")
    with pytest.raises(ChannelError, match=r"127\.0\.0\.1") as caught:
        channel.send(DELIVERY)
    assert caught.value.retryable
    assert "hidden" not in str(caught.value)
    assert "secret-path" not in str(caught.value)


def test_a_receiver_that_never_answers_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = WebhookChannel(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_s=0.1)
        with pytest.raises(ChannelError, match="Timeout") as caught:
            channel.send(DELIVERY)
    assert caught.value.retryable


@pytest.mark.parametrize("url", ["", "ftp://x/y", "example.org/hook", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="QUOTAWATT_WEBHOOK_URL must be an http"):
        WebhookChannel(url)
